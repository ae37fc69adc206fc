import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// onnx fully checks our files, and onnxruntime computes the same as we do.
@Suite(.conformance)
struct ONNXExportTests {
  /// The output of `onnx_run.py` for a model.
  private struct Found: Decodable {
    let name: String
    let opset: Int
    let ir: Int
    let input: String
    let metadata: [String: String]
    /// The largest difference from our logits, relative to the largest of them, for all images at once and one by one.
    let difference: Float
  }

  /// Writes a network in both operator sets, its inputs and its outputs.
  private static func write(_ sample: RandomNetwork, _ name: String, to folder: TemporaryFolder) throws {
    let shape = sample.network.model.inputShape
    let inputs = RandomImages.channelsFirst(sample.inputs.values, shape: shape, count: sample.inputs.count)
    for set in ONNXExport.OperatorSet.allCases {
      let bytes = try ONNXExport(operatorSet: set, metadata: ["note": "größe"]).serialized(
        sample.network, producerVersion: "1.2.3")
      try Data(bytes).write(to: URL(fileURLWithPath: folder("\(name)-\(set.rawValue).onnx")))
      try NumPyArray(shape: inputs.shape, floats: inputs.values).write(to: folder("\(name)-\(set.rawValue).in.npy"))
      try logits(sample.logits, sample).write(to: folder("\(name)-\(set.rawValue).out.npy"))
    }
    // Pixels as bytes for the graph; for our network, the same after preprocessing.
    let (channels, count) = (shape.channels, sample.inputs.count)
    let pixels = (0..<count * shape.count).map { UInt8($0 * 37 % 256) }
    let preprocessing = sample.network.model.preprocessing
    let (means, deviations) = (preprocessing.means(channels: channels), preprocessing.deviations(channels: channels))
    let normalized = pixels.enumerated().map { index, pixel in
      (Float(pixel) * Float(preprocessing.scale) - means[index % channels]) / deviations[index % channels]
    }
    let bytes = try ONNXExport(input: .pixels).serialized(sample.network, producerVersion: "1.2.3")
    try Data(bytes).write(to: URL(fileURLWithPath: folder("\(name)-pixels.onnx")))
    let ordered = RandomImages.channelsFirst(pixels, shape: shape, count: count)
    try NumPyArray(shape: ordered.shape, bytes: ordered.values).write(to: folder("\(name)-pixels.in.npy"))
    let ours = sample.logits(of: RandomImages(shape: shape, count: count, values: normalized))
    try logits(ours, sample).write(to: folder("\(name)-pixels.out.npy"))
  }

  private static func logits(_ values: [Float], _ sample: RandomNetwork) -> NumPyArray {
    let classes = sample.network.model.classNames.count
    return NumPyArray(shape: [values.count / classes, classes], floats: values)
  }

  @Test func everyLayerIsCovered() {
    let covered = ConformanceCase.all(seed: 1).reduce(into: Set<String>()) { $0.formUnion($1.layerTypes) }
    #expect(covered == Set(LayerRegistry.layers.map { $0.type }))
  }

  @Test func everyLayerComputesTheSame() throws {
    let folder = try TemporaryFolder()
    var names: Set<String> = []
    for seed: UInt64 in 1...3 {
      for sample in ConformanceCase.all(seed: seed) {
        let name = "\(sample.name) \(seed)"
        try Self.write(
          RandomNetwork(sample.layers, shape: sample.shape, images: 3, seed: seed), name, to: folder)
        names.formUnion(["\(name)-13", "\(name)-17", "\(name)-pixels"])
      }
    }
    let found = try Python.json("onnx_run.py", folder.path, as: [Found].self)
    #expect(Set(found.map(\.name)) == names)
    for model in found {
      #expect(model.difference < 1e-5, "\(model.name)")
      let isLater = model.name.hasSuffix("17")
      #expect((model.opset, model.ir) == (isLater ? (17, 8) : (13, 7)), "\(model.name)")
      #expect(model.input == (model.name.hasSuffix("pixels") ? "pixels" : "input"))
      #expect(model.metadata["class_names"] == #"["class 0","class 1","class 2","class 3","class 4"]"#)
      #expect(model.metadata["note"] == (model.input == "pixels" ? nil : "größe"))
    }
  }

  @Test func namedModelsComputeTheSame() throws {
    let folder = try TemporaryFolder()
    for name in Model.names {
      try Self.write(RandomNetwork(Model.named(name), images: 4, seed: 7), name, to: folder)
    }
    let found = try Python.json("onnx_run.py", folder.path, as: [Found].self)
    #expect(found.count == 3 * Model.names.count)
    for model in found { #expect(model.difference < 1e-5, "\(model.name)") }
  }
}
