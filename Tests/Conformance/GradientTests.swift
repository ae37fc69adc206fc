import Foundation
import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// Gradients of logits and the maps made of them, against PyTorch's.
@Suite(.conformance)
struct GradientTests {
  private struct Case {
    let name: String
    let sample: RandomNetwork
    let layer: String
    let choice: Int
  }

  private static func cases() throws -> [Case] {
    var cases: [Case] = []
    for seed: UInt64 in 1...2 {
      for item in ConformanceCase.all(seed: seed) where item.shape.isImage {
        let sample = try RandomNetwork(item.layers, shape: item.shape, images: 1, seed: seed)
        // The last image that the layers give; a case that begins with a vector has none.
        let shapes = try sample.network.model.layerShapes()
        let own = Set(sample.network.layerNames)
        guard let layer = shapes.last(where: { $0.shape.isImage && own.contains($0.name) })?.name else { continue }
        cases.append(Case(name: "\(item.name) \(seed)", sample: sample, layer: layer, choice: Int(seed) + 1))
      }
    }
    for name in ["lenet", "cnn", "vgg", "mobilenet", "air-tiny"] {
      let sample = try RandomNetwork(Model.named(name), images: 1, seed: 5)
      // Before its global max pool, channels of equal numbers have ties, whose gradient PyTorch divides.
      let layer = name == "air-tiny" ? "bn6" : try #require(try sample.network.model.lastSpatialLayer())
      cases.append(Case(name: name, sample: sample, layer: layer, choice: 3))
    }
    // Inside a block, and after several paths.
    for layer in ["layer2.0.conv1", "layer3.1.bn2", "conv1"] {
      cases.append(
        Case(
          name: "resnet18 \(layer)",
          sample: try RandomNetwork(NamedModel("resnet18:32x32x3:10").model(), images: 1, seed: 5),
          layer: layer, choice: 7))
    }
    return cases
  }

  private static func write(_ item: Case, to folder: TemporaryFolder) throws {
    let network = item.sample.network
    let model = network.model
    let file = SafetensorsFile(
      metadata: ["jacquard.model": try model.json()],
      tensors: network.tensors.map {
        NamedTensor(name: $0.name, shape: $0.specification.order.fileShape, values: network.exportTensor($0))
      })
    try file.write(to: folder("\(item.name).safetensors"))
    let occlusion = Occlusion(patch: 3, step: 2)
    try folder.write(
      #"{"layer": "\#(item.layer)", "class": \#(item.choice), "patch": 3, "step": 2}"#, to: "\(item.name).json")
    func write(_ values: [Float], _ shape: Shape, _ kind: String) throws {
      let ordered = RandomImages.channelsFirst(values, shape: shape, count: 1)
      try NumPyArray(shape: ordered.shape, floats: ordered.values).write(to: folder("\(item.name).\(kind).npy"))
    }
    let inputs = item.sample.inputs
    try write(inputs.values, model.inputShape, "in")
    let team = WorkerTeam(threads: 1)
    let found = try GradientProbe(network, layer: item.layer, team: team).gradients(of: inputs, classes: [item.choice])
    try write(found.inputGradients, found.inputShape, "input")
    try write(found.layerGradients, found.layerShape, "layer")
    try write(found.activations, found.layerShape, "activations")
    let covered = occlusion.map(of: 0, in: inputs, class: item.choice, with: Predictor(network, team: team))
    for (kind, map) in [("map", found.gradCAM(0)), ("occlusion", covered)] {
      try NumPyArray(shape: [map.height, map.width], floats: map.values).write(to: folder("\(item.name).\(kind).npy"))
    }
  }

  @Test func bothHaveTheSameGradients() throws {
    let folder = try TemporaryFolder()
    let cases = try Self.cases()
    for item in cases { try Self.write(item, to: folder) }
    let differences = try Python.json("torch_gradients.py", folder.path, as: [String: [String: Float]].self)
    #expect(Set(differences.keys) == Set(cases.map(\.name)) && cases.count > 60)
    for (name, kinds) in differences {
      #expect(kinds.count == 5)
      for (kind, difference) in kinds {
        #expect(difference < 2e-5, "\(name), \(kind)")
      }
    }
  }
}
