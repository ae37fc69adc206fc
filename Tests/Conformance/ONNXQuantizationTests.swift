import Datasets
import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// onnxruntime computes quantized networks as we do, with its kernels for bytes and as the graph is written.
@Suite(.conformance)
struct ONNXQuantizationTests {
  /// The output of `onnx_quantized.py` for a model.
  private struct Found: Decodable {
    struct Run: Decodable {
      /// The largest difference from our logits, relative to the largest of them.
      let difference: Float
      /// The share of images with our answer.
      let agreement: Float
      /// The share of logits with our bits.
      let identical: Float
    }

    let name: String
    let bytes: Run
    let written: Run
    /// The types of the nodes that onnxruntime runs.
    let operators: [String]
  }

  /// Quantizes a network on its inputs and writes it, its inputs and its outputs.
  private static func write(_ sample: RandomNetwork, _ name: String, to folder: TemporaryFolder) throws {
    let model = sample.network.model
    let (shape, count) = (model.inputShape, sample.inputs.count)
    let team = WorkerTeam(threads: 2)
    let quantized = try sample.network.quantized(on: sample.inputs, team: team)
    let logits = try #require(Predictor(quantized, team: team).logits(of: sample.inputs)).logits
    let inputs = RandomImages.channelsFirst(sample.inputs.values, shape: shape, count: count)
    let bytes = try ONNXExport().serialized(quantized, producerVersion: "1.2.3")
    try Data(bytes).write(to: URL(fileURLWithPath: folder("\(name).onnx")))
    try NumPyArray(shape: inputs.shape, floats: inputs.values).write(to: folder("\(name).in.npy"))
    try NumPyArray(shape: [count, model.classNames.count], floats: logits).write(to: folder("\(name).out.npy"))
  }

  private static let depthwise = Model(
    name: "depthwise", inputShape: .image(height: 24, width: 24, channels: 3), classNames: (0..<5).map(String.init)
  ) {
    Conv2D(outputChannels: 16, kernelSize: 3, stride: 2, padding: .same(3), usesBias: false)
    BatchNorm2D()
    Activation(.relu6)
    Conv2D(outputChannels: 16, kernelSize: 3, padding: .same(3), groups: 16, usesBias: false)
    BatchNorm2D()
    Activation(.relu6)
    Conv2D(outputChannels: 24, kernelSize: 1, usesBias: false)
    BatchNorm2D()
    Residual {
      Conv2D(outputChannels: 24, kernelSize: 3, padding: .same(3), groups: 24, usesBias: false)
      BatchNorm2D()
      Activation(.relu6)
      Conv2D(outputChannels: 24, kernelSize: 1, usesBias: false)
      BatchNorm2D()
    }
    GlobalAveragePool()
    Dense(5)
  }

  @Test func everyLayerComputesTheSame() throws {
    let folder = try TemporaryFolder()
    var names: Set<String> = []
    for sample in ConformanceCase.all(seed: 4) {
      try Self.write(
        RandomNetwork(sample.layers, shape: sample.shape, images: 20, seed: 4), sample.name, to: folder)
      names.insert(sample.name)
    }
    let found = try Python.json("onnx_quantized.py", folder.path, as: [Found].self)
    #expect(Set(found.map(\.name)) == names)
    for model in found {
      // A sum may be rounded to the neighboring step: onnxruntime adds and multiplies some layers in another order.
      #expect(model.bytes.difference < 0.03, "\(model.name): \(model.bytes)")
      #expect(model.written.difference < 0.03, "\(model.name): \(model.written)")
    }
  }

  @Test func networksGiveTheSameAnswers() throws {
    let folder = try TemporaryFolder()
    let models = try ["cnn", "vgg", "resnet18", "mobilenet"].map { try Model.named($0) } + [Self.depthwise]
    for model in models { try Self.write(RandomNetwork(model, images: 200, seed: 7), model.name, to: folder) }
    let found = try Python.json("onnx_quantized.py", folder.path, as: [Found].self)
    #expect(found.count == models.count)
    for model in found {
      #expect(model.bytes.agreement >= 0.99, "\(model.name): \(model.bytes)")
      #expect(model.bytes.difference < 0.03, "\(model.name): \(model.bytes)")
      #expect(model.written.difference < 0.03, "\(model.name): \(model.written)")
      // Its kernels for bytes run.
      #expect(model.operators.contains("QLinearConv"), "\(model.operators)")
    }
  }

  /// The network of the preset `fast`, on pictures that it was not quantized on.
  @Test func theShippedNetworkGivesTheSameAnswers() throws {
    let folder = try TemporaryFolder()
    let root = Python.folder.deletingLastPathComponent().deletingLastPathComponent()
    let network = try Network(contentsOf: root.appendingPathComponent("Weights/fast").path)
    let (training, test) = try DataSource(path: "/usr/share/datasets/fashion-mnist").loadBoth()
    let pictures = try #require(test)
    let normalization = network.model.preprocessing
    let team = WorkerTeam(threads: 2)
    let calibration = try SampleSource(
      training, indices: (0..<500).map { Int32($0 * 120) }, normalization: normalization, seed: 0)
    let quantized = try network.quantized(on: calibration, team: team)
    let samples = try SampleSource(
      pictures, indices: (0..<1000).map { Int32($0 * 10) }, normalization: normalization, seed: 0)
    let logits = try #require(Predictor(quantized, team: team).logits(of: samples)).logits
    let numbers = (0..<samples.count).flatMap { index -> [Float] in
      pictures.pixels(at: Int(samples.indices[index])).map {
        (Float($0) * Float(normalization.scale) - Float(normalization.mean[0])) / Float(normalization.deviation[0])
      }
    }
    let inputs = RandomImages.channelsFirst(numbers, shape: pictures.shape, count: samples.count)
    let bytes = try ONNXExport().serialized(quantized, producerVersion: "1.2.3")
    try Data(bytes).write(to: URL(fileURLWithPath: folder("fast.onnx")))
    try NumPyArray(shape: inputs.shape, floats: inputs.values).write(to: folder("fast.in.npy"))
    try NumPyArray(shape: [samples.count, 10], floats: logits).write(to: folder("fast.out.npy"))
    let found = try #require(try Python.json("onnx_quantized.py", folder.path, as: [Found].self).first)
    #expect(found.bytes.agreement >= 0.999, "\(found)")
    #expect(found.written.agreement >= 0.999, "\(found)")
    #expect(found.bytes.difference < 0.03, "\(found)")
  }
}
