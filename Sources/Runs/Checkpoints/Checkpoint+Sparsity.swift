package import Interchange
package import JacquardEngine
package import Support

extension Checkpoint {
  /// The zeros among the weights of convolutions and dense layers.
  package func sparsity() throws(Failure) -> Sparsity { try Self.sparsity(of: file, model: model) }

  /// The zeros among the weights in a file; nil if it does not say its model.
  package static func sparsity(of file: SafetensorsFile) throws(Failure) -> Sparsity? {
    guard let json = file.metadata[MetadataKey.model], let model = try? Model(json: json) else { return nil }
    return try sparsity(of: file, model: model)
  }

  private static func sparsity(of file: SafetensorsFile, model: Model) throws(Failure) -> Sparsity {
    let tensors: [NetworkTensor]
    do throws(ModelError) { tensors = try model.tensors() } catch { throw Failure(error) }
    let names = Set(tensors.filter { $0.specification.role == .weight }.map(\.name))
    return Sparsity(of: file.tensors.filter { names.contains($0.name) }.map(\.values))
  }
}

extension Sparsity {
  /// For programs: the numbers and the share.
  package var json: JSONValue {
    ["zeros": .integer(zeros), "weights": .integer(weights), "share": .rounded(share, decimals: 6)]
  }

  /// In words, such as `80.0 % of 93,000`.
  package var text: String { "\(NumberText.percent(share)) of \(NumberText.grouped(weights))" }
}
