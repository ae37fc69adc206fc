import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// Graphs written by other programs give the same results here as there.
struct ONNXImportTests {
  /// The largest difference between two results, relative to the largest number in the second; infinite if counts differ.
  static func difference(_ ours: [Float], _ expected: [Float]) -> Float {
    guard ours.count == expected.count, !ours.isEmpty else { return .infinity }
    let scale = expected.reduce(1) { max($0, $1.magnitude) }
    return zip(ours, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / scale
  }

  static func graph(_ path: String) throws -> ONNXNetworkGraph {
    try ONNXNetworkGraph(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// Files written by both of PyTorch's exporters and by Keras through tf2onnx; see `python/make_onnx_fixtures.py` and `python/torch_networks.py`.
  @Test func exportersOfOthersAreRead() throws {
    let folder = Python.folder.appendingPathComponent("Fixtures/onnx")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".onnx") }
    #expect(names.count == 35)
    for name in names.sorted() {
      let path = folder.appendingPathComponent(String(name.dropLast(5))).path
      do {
        let graph = try Self.graph(path + ".onnx")
        let input = try NumPyArray(contentsOf: path + ".in.npy")
        let expected = try NumPyArray(contentsOf: path + ".out.npy").floats
        let difference = Self.difference(try GraphRun(graph).outputs(for: input), expected)
        #expect(difference < 1e-5, "\(name)")
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  /// Our files come back as the same model with the same bits.
  @Test func exportsComeBack() throws {
    var samples = try (1...3).flatMap { seed in
      try ConformanceCase.all(seed: seed).map {
        try RandomNetwork($0.layers, shape: $0.shape, images: 2, seed: seed)
      }
    }
    for name in Model.names { samples.append(try RandomNetwork(Model.named(name), images: 2, seed: 9)) }
    for sample in samples {
      for set in ONNXExport.OperatorSet.allCases {
        for input in ONNXExport.Input.allCases {
          let bytes = try ONNXExport(operatorSet: set, input: input).serialized(sample.network, producerVersion: "1")
          let model = sample.network.model
          let imported = try ONNXImport(file: bytes, path: "again.onnx", name: model.name)
          let label: Comment = "\(model.layers) \(set) \(input)"
          #expect(imported.model.computesTheSame(as: model), label)
          #expect(imported.model.classNames == model.classNames)
          #expect(imported.preprocessingOrigin == (input == .pixels ? .graph : .assumed))
          if input == .pixels {
            let channels = model.inputShape.channels
            let (found, stated) = (imported.model.preprocessing, model.preprocessing)
            #expect(Float(found.scale) == Float(stated.scale))
            #expect(found.means(channels: channels) == stated.means(channels: channels))
            #expect(found.deviations(channels: channels) == stated.deviations(channels: channels))
          }
          let network = try Network(awaitingWeights: imported.model)
          // The import names layers by where they stand.
          let own = Dictionary(
            uniqueKeysWithValues: zip(try model.unnamed.tensors().map(\.name), sample.network.tensors))
          #expect(imported.tensors.map(\.name).sorted() == own.keys.sorted(), label)
          for tensor in network.tensors {
            let values = try #require(imported.tensors.first { $0.name == tensor.name }).values
            network.importTensor(tensor, values)
            let original = try #require(own[tensor.name])
            #expect(values.map(\.bitPattern) == sample.network.exportTensor(original).map(\.bitPattern), label)
          }
          let logits = Predictor(network, team: WorkerTeam(threads: 1)).logits(of: sample.inputs)?.logits
          #expect(logits?.map(\.bitPattern) == sample.logits.map(\.bitPattern), label)
        }
      }
    }
  }

  /// Our models, rewritten by onnxruntime.
  @Test(.conformance) func optimizedGraphsAreRead() throws {
    let folder = try TemporaryFolder()
    var samples: [String: RandomNetwork] = [:]
    // Behind a wide padding onnxruntime makes a pool that it refuses itself.
    for sample in ConformanceCase.all(seed: 5) where sample.name != "padding" {
      samples[sample.name] = try RandomNetwork(sample.layers, shape: sample.shape, images: 3, seed: 5)
    }
    for name in Model.names { samples[name] = try RandomNetwork(Model.named(name), images: 3, seed: 6) }
    for (name, sample) in samples {
      for input in ONNXExport.Input.allCases {
        let bytes = try ONNXExport(operatorSet: .version17, input: input).serialized(
          sample.network, producerVersion: "1")
        try Data(bytes).write(to: URL(fileURLWithPath: folder("\(name) \(input).onnx")))
      }
    }
    let operators = try Python.json("onnx_optimize.py", folder.path, as: [String: [String]].self)
    #expect(operators.count == 4 * samples.count)
    let all = Set(operators.values.flatMap { $0 })
    #expect(all.isSuperset(of: ["FusedConv", "Conv", "Gemm"]), "onnxruntime no longer fuses: \(all.sorted())")
    for name in operators.keys.sorted() {
      let sample = try #require(samples[String(name.split(separator: " ").dropLast().joined(separator: " "))])
      do {
        let graph = try Self.graph(folder(name + ".onnx"))
        let shape = sample.network.model.inputShape
        let images = RandomImages.channelsFirst(sample.inputs.values, shape: shape, count: sample.inputs.count)
        let input = NumPyArray(shape: images.shape, floats: images.values)
        // If the graph preprocesses pixels, we do so for the network too.
        let expected =
          graph.preprocessing == nil
          ? sample.logits
          : sample.logits(of: Self.prepared(sample.inputs, sample.network.model.preprocessing))
        #expect(graph.takesBytes == name.contains("pixels"))
        let difference = Self.difference(try GraphRun(graph).outputs(for: input), expected)
        #expect(difference < 1e-5, "\(name) \(operators[name] ?? [])")
      } catch {
        Issue.record("\(name) \(operators[name] ?? []): \(error)")
      }
    }
  }

  private static func prepared(_ images: RandomImages, _ preprocessing: Normalization) -> RandomImages {
    let channels = images.shape.channels
    let means = preprocessing.means(channels: channels)
    let deviations = preprocessing.deviations(channels: channels)
    return RandomImages(
      shape: images.shape, count: images.count,
      values: images.values.enumerated().map {
        ($1 * Float(preprocessing.scale) - means[$0 % channels]) / deviations[$0 % channels]
      })
  }
}
