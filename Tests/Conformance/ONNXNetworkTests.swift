import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// Small networks as practitioners write them, exported by PyTorch and run by onnxruntime; see `python/torch_networks.py`.
@Suite(.conformance)
struct ONNXNetworkTests {
  /// Reads a graph that a script has written, and compares its outputs with those beside it.
  static func difference(
    of name: String, in folder: TemporaryFolder
  ) throws -> (graph: ONNXNetworkGraph, difference: Float) {
    let graph = try ONNXImportTests.graph(folder(name + ".onnx"))
    let input = try NumPyArray(contentsOf: folder(name + ".in.npy"))
    let expected = try NumPyArray(contentsOf: folder(name + ".out.npy")).floats
    return (graph, ONNXImportTests.difference(try GraphRun(graph).outputs(for: input), expected))
  }

  @Test func networksComputeTheSame() throws {
    let folder = try TemporaryFolder()
    let names = try Python.json("torch_networks.py", folder.path, as: [String].self)
    #expect(names.count == 35)
    for name in names {
      do {
        let (graph, difference) = try Self.difference(of: name, in: folder)
        // Results may differ by the rounding to 256 steps, or to half precision, that our model leaves out.
        let (isQuantized, isHalf) = (name.contains("quantized"), name.contains("half"))
        #expect(difference < (isQuantized ? 0.08 : isHalf ? 0.01 : 1e-5), "\(name)")
        #expect(graph.notes.count == (isQuantized || isHalf ? 1 : 0), "\(name): \(graph.notes)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }
}
