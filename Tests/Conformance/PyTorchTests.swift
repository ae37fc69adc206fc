import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// Weights to PyTorch and back: both compute the same with them, layer by layer.
@Suite(.conformance)
struct PyTorchTests {
  /// Writes a network's weights, with the model's JSON, its inputs and its outputs.
  private static func write(_ sample: RandomNetwork, _ name: String, to folder: TemporaryFolder) throws {
    let network = sample.network
    let file = SafetensorsFile(
      metadata: ["jacquard.model": try network.model.json()],
      tensors: network.tensors.map {
        NamedTensor(name: $0.name, shape: $0.specification.order.fileShape, values: network.exportTensor($0))
      })
    try file.write(to: folder("\(name).safetensors"))
    let inputs = RandomImages.channelsFirst(
      sample.inputs.values, shape: network.model.inputShape, count: sample.inputs.count)
    try NumPyArray(shape: inputs.shape, floats: inputs.values).write(to: folder("\(name).in.npy"))
    let classes = network.model.classNames.count
    try NumPyArray(shape: [sample.inputs.count, classes], floats: sample.logits).write(to: folder("\(name).out.npy"))
  }

  @Test func bothComputeTheSame() throws {
    let folder = try TemporaryFolder()
    var samples: [String: RandomNetwork] = [:]
    for seed: UInt64 in 1...5 {
      for sample in ConformanceCase.all(seed: seed) {
        samples["\(sample.name) \(seed)"] = try RandomNetwork(
          sample.layers, shape: sample.shape, images: 3, seed: seed)
      }
    }
    for name in Model.names { samples[name] = try RandomNetwork(Model.named(name), images: 3, seed: 5) }
    for text in ["resnet18:32x32x3:10", "resnet18:224x224x3:1000", "resnet18:65x80x3:4", "mobilenet:96x96x3:10"] {
      samples[text] = try RandomNetwork(NamedModel(text).model(), images: 2, seed: 5)
    }
    for (name, sample) in samples { try Self.write(sample, name, to: folder) }
    let differences = try Python.json("torch_exchange.py", folder.path, as: [String: Float].self)
    #expect(Set(differences.keys) == Set(samples.keys))
    for (name, difference) in differences { #expect(difference < 1e-5, "\(name), ours in PyTorch") }
    for (name, sample) in samples {
      let file = try SafetensorsFile(contentsOf: folder("\(name).torch.safetensors"))
      // The only tensors that are not floating point are the batch counts of norms.
      #expect(file.skipped.allSatisfy { $0.name.hasSuffix(".num_batches_tracked") })
      #expect(Set(file.tensors.map(\.name)) == Set(sample.network.tensors.map(\.name)))
      for tensor in sample.network.tensors {
        let found = try #require(file[tensor.name])
        #expect(found.shape == tensor.specification.order.fileShape)
        sample.network.importTensor(tensor, found.values)
      }
      let expected = try NumPyArray(contentsOf: folder("\(name).torch.npy")).floats
      let scale = expected.reduce(1) { max($0, $1.magnitude) }
      let ours = sample.logits
      try #require(ours.count == expected.count)
      let difference = zip(ours, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
      #expect(difference < 1e-5, "\(name), PyTorch's here")
    }
  }

  /// A state saved by PyTorch, with nothing beside the tensors, is a checkpoint of the model that `--model` names.
  @Test func savedStatesAreCheckpoints() throws {
    let folder = try TemporaryFolder()
    for name in Model.names {
      try folder.write(Model.named(name).json(), to: "\(name).json")
    }
    _ = try Python.run("torch_checkpoint.py", folder.path)
    for name in Model.names {
      let arguments = ["predict", "\(name).safetensors", "images.idx"]
      _ = try Program.output(
        of: Program.jacquard, arguments + ["--model", name, "--output", "\(name).ours.npy"], in: folder)
      let ours = try NumPyArray(contentsOf: folder("\(name).ours.npy"))
      let expected = try NumPyArray(contentsOf: folder("\(name).npy"))
      #expect(ours.shape == [10, 10] && expected.shape == [10, 10])
      // The ten answers differ.
      #expect(Set(expected.floats).count > 50)
      for (one, other) in zip(ours.floats, expected.floats) { #expect((one - other).magnitude < 1e-5, "\(name)") }
      // The file alone does not name its model.
      _ = try Program.output(of: Program.jacquard, arguments, in: folder, exitCodes: [64])
      // The same in PyTorch's own format, and within a checkpoint.
      _ = try Program.output(
        of: Program.jacquard, ["import", "\(name).pth", "--model", name, "--output", "\(name).imported.safetensors"],
        in: folder)
      for checkpoint in ["\(name).pth", "\(name).imported.safetensors"] {
        _ = try Program.output(
          of: Program.jacquard,
          ["predict", checkpoint, "images.idx", "--model", name, "--output", "\(name).again.npy"], in: folder)
        #expect(try NumPyArray(contentsOf: folder("\(name).again.npy")).floats == ours.floats, "\(checkpoint)")
      }
    }
  }
}
