import Foundation
import Interchange
import TestSupport
import Testing

/// Files written by `torch.save`, in every protocol: read with PyTorch's values, or rejected with a message.
@Suite(.conformance)
struct TorchSaveTests {
  /// The output of `torch_write.py`.
  private struct Written: Decodable {
    struct Tensor: Decodable {
      let shape: [Int]
      let values: [Float]
    }

    let expected: [String: [String: Tensor]]
    let refused: [String: String]
  }

  @Test func filesOfPyTorchAreReadOrRefused() throws {
    let folder = try TemporaryFolder()
    let written = try Python.json("torch_write.py", folder.path, as: Written.self)
    #expect(written.expected.count == 14 * 4)
    for (name, tensors) in written.expected {
      let file = try PyTorchFile(contentsOf: folder("\(name).pth"))
      #expect(Set(file.content.tensors.map(\.name)) == Set(tensors.keys), "\(name)")
      #expect(file.content.skipped.allSatisfy { $0.name.hasSuffix(".num_batches_tracked") })
      for tensor in file.content.tensors {
        #expect(tensor.shape == tensors[tensor.name]?.shape, "\(name): \(tensor.name)")
        #expect(tensor.values == tensors[tensor.name]?.values, "\(name): \(tensor.name)")
      }
      let isCheckpoint = name.hasPrefix("checkpoint")
      #expect(file.keys == (isCheckpoint ? ["state_dict"] : name.hasPrefix("deep") ? ["checkpoint", "model"] : []))
      #expect(file.leftOut.contains("optimizer") == isCheckpoint)
    }
    #expect(written.refused.count == 11)
    for (name, words) in written.refused {
      let error = try #require(throws: InterchangeError.self) { try PyTorchFile(contentsOf: folder("\(name).pth")) }
      #expect(error.description.contains(words), "\(name): \(error)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder("owned")), "code of a file ran")
  }
}
