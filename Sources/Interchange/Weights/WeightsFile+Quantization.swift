internal import Support
internal import JacquardEngine

/// Quantized networks in weights files: weights as I8, a tensor of scales beside each, and the ranges of activations in the metadata.
extension WeightsFile {
  /// The end of the name of a tensor of scales, after that of its weights.
  fileprivate static let scaleSuffix = "_scale"

  /// The tensors as numbers, without the scales of those in bytes, and the quantization; nil for a file in floating point.
  func decoded() throws(WeightsError) -> (tensors: [NamedTensor], quantization: Quantization?) {
    guard let text = content.metadata[MetadataKey.quantization] else { return (content.tensors, nil) }
    let ranges: (input: QuantizedRange, activations: [String: QuantizedRange])
    do throws(QuantizationText.Problem) {
      ranges = try QuantizationText.ranges(text)
    } catch {
      throw refusal("the string \"\(MetadataKey.quantization)\" of the metadata \(error.description)")
    }
    let found = Dictionary(content.tensors.map { ($0.name, $0) }) { first, _ in first }
    var tensors: [NamedTensor] = []
    var weights: [String: [Float]] = [:]
    for tensor in content.tensors {
      if tensor.name.endsWith(bytesOf: Self.scaleSuffix),
        found[String(tensor.name.dropLast(Self.scaleSuffix.count))]?.elementType == .int8
      {
        continue
      }
      guard tensor.elementType == .int8 else {
        tensors.append(tensor)
        continue
      }
      let scaleName = tensor.name + Self.scaleSuffix
      guard let scales = found[scaleName], scales.elementType == .float32,
        scales.shape == Array(tensor.shape.prefix(1)),
        !scales.values.isEmpty
      else {
        throw refusal(
          "the tensor \"\(tensor.name)\" holds bytes, but there is no tensor \"\(scaleName)\" with a scale for each of its rows"
        )
      }
      if let value = tensor.values.first(where: { $0 < -127 }) {
        throw refusal("the tensor \"\(tensor.name)\" holds \(Int(value)), expected -127 to 127")
      }
      if let value = scales.values.first(where: { !($0.isFinite && $0 > 0) }) {
        throw refusal("the tensor \"\(scaleName)\" holds \(value), expected positive numbers")
      }
      weights[tensor.name] = scales.values
      let perScale = max(1, tensor.values.count / scales.values.count)
      let numbers = tensor.values.indices.map { tensor.values[$0] * scales.values[$0 / perScale] }
      tensors.append(NamedTensor(name: tensor.name, shape: tensor.shape, values: numbers))
    }
    return (tensors, Quantization(input: ranges.input, activations: ranges.activations, weights: weights))
  }

  private func refusal(_ finding: String) -> WeightsError { Self.broken(finding, path: path, model: "") }

  static func broken(_ finding: String, path: String, model: String) -> WeightsError {
    WeightsError(path: path, model: model, finding: finding, advice: "quantize the network again.")
  }
}

extension NamedTensor {
  /// The tensor in bytes and its scales; itself if it has none.
  func quantized(_ scales: [Float]?) -> [NamedTensor] {
    guard let scales else { return [self] }
    let perScale = max(1, values.count / scales.count)
    let steps = values.indices.map { (values[$0] / scales[$0 / perScale]).rounded(.toNearestOrEven) }
    return [
      NamedTensor(name: name, shape: shape, values: steps, elementType: .int8),
      NamedTensor(name: name + WeightsFile.scaleSuffix, shape: [scales.count], values: scales),
    ]
  }
}

extension Quantization {
  /// The ranges of the activations, in the order of `layers`.
  func json(layers: [String]) -> JSONValue {
    func range(_ range: QuantizedRange, _ name: String?) -> JSONValue {
      var members: [JSONValue.Member] = name.map { [.init(name: "name", value: .string($0))] } ?? []
      members.append(.init(name: "scale", value: .number(Double(range.scale))))
      members.append(.init(name: "zero_point", value: .integer(range.zeroPoint)))
      return .object(members)
    }
    return [
      "schema": 1, "input": range(input, nil),
      "activations": .array(layers.compactMap { name in activations[name].map { range($0, name) } }),
    ]
  }
}

/// The text of the ranges in a file's metadata.
enum QuantizationText {
  /// What is wrong with it, as the end of a sentence.
  struct Problem: Error {
    let description: String
  }

  static func ranges(
    _ text: String
  ) throws(Problem) -> (input: QuantizedRange, activations: [String: QuantizedRange]) {
    guard let value = try? JSONReader.value(of: Array(text.utf8)) else {
      throw Problem(description: "is not JSON")
    }
    guard value["schema"]?.integer == 1 else {
      throw Problem(description: "is not of schema 1, the only one that this version reads")
    }
    guard let input = value["input"].flatMap(range) else {
      throw Problem(description: "has no \"input\" with a positive \"scale\" and a \"zero_point\" from 0 to 255")
    }
    guard case .array(let list)? = value["activations"] else {
      throw Problem(description: "has no list \"activations\"")
    }
    var activations: [String: QuantizedRange] = [:]
    for (place, entry) in list.enumerated() {
      guard let name = entry["name"]?.string, let range = range(entry) else {
        throw Problem(
          description:
            "has no \"name\", positive \"scale\" and \"zero_point\" from 0 to 255 in entry \(place + 1) of \"activations\""
        )
      }
      guard activations.updateValue(range, forKey: name) == nil else {
        throw Problem(description: "names the activations \"\(name)\" twice")
      }
    }
    return (input, activations)
  }

  private static func range(_ value: JSONValue) -> QuantizedRange? {
    guard let scale = value["scale"]?.number, let zero = value["zero_point"]?.integer else { return nil }
    return QuantizedRange(scale: Float(scale), zeroPoint: zero)
  }
}
