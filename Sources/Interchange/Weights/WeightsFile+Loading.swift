package import Support
public import JacquardEngine

extension WeightsFile {
  /// Copies the file's tensors and its temperature into a network, regardless of the model in the file's metadata.
  ///
  /// All tensors are checked first: a file that does not match, or contains NaN, infinities or negative variances, changes nothing.
  public func load(into network: Network) throws(WeightsError) {
    let (tensors, quantization) = try decoded()
    try check(tensors, hold: network.tensors, of: network.model)
    let temperature = try temperature()
    if let quantization, let problem = network.problem(of: quantization) {
      throw Self.broken(problem, path: path, model: network.model.name)
    }
    let found = Dictionary(tensors.map { ($0.name, $0.values) }) { first, _ in first }
    for tensor in network.tensors {
      if let values = found[tensor.name], let number = UnsoundNumber(in: values, of: tensor) {
        throw WeightsError(path: path, model: network.model.name, finding: number.finding, advice: number.advice + ".")
      }
    }
    for tensor in network.tensors {
      if let values = found[tensor.name] { network.importTensor(tensor, values) }
    }
    network.temperature = temperature
    if let quantization { network.quantize(quantization) } else { network.removeQuantization() }
  }

  /// Rejects a file that does not contain exactly a model's tensors, each with its shape.
  ///
  /// A model in a file can claim any size, so check it before allocating memory.
  public func check(holds tensors: [NetworkTensor], of model: Model) throws(WeightsError) {
    try check(try decoded().tensors, hold: tensors, of: model)
  }

  private func check(
    _ found: [NamedTensor], hold tensors: [NetworkTensor], of model: Model
  ) throws(WeightsError) {
    func refusal(_ finding: String) -> WeightsError {
      WeightsError(
        path: path, model: model.name, finding: finding,
        advice: "the weights do not belong to the model \"\(model.name)\".")
    }
    let names = Set(tensors.map(\.name))
    if let extra = found.first(where: { !names.contains($0.name) }) {
      throw refusal("the tensor \"\(extra.name)\" \(extra.shape) is in the file, but not in the model")
    }
    let shapes = Dictionary(found.map { ($0.name, $0.shape) }) { first, _ in first }
    for tensor in tensors {
      let expected = tensor.specification.order.fileShape
      guard let shape = shapes[tensor.name] else {
        if let other = content.skipped.first(where: { $0.name == tensor.name }) {
          throw refusal("the tensor \"\(tensor.name)\" holds \(other.elementType.rawValue), not floating point numbers")
        }
        throw refusal("the tensor \"\(tensor.name)\" \(expected) is missing in the file")
      }
      guard shape == expected else {
        throw refusal("the tensor \"\(tensor.name)\" should have the shape \(expected), but has \(shape)")
      }
    }
  }
}

/// Why the tensors of a file do not match those of a network.
public struct WeightsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The name of the network's model.
  public let model: String
  /// The first difference, or the first number that cannot be a weight.
  public let finding: String
  /// The conclusion or advice.
  public let advice: String

  /// One line: the file and the difference.
  public var description: String { diagnostic.description }

  /// The file and the difference.
  package var diagnostic: Diagnostic {
    Diagnostic(place: path, problem: finding, advice: advice)
  }
}
