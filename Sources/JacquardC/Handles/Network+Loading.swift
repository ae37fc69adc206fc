internal import LinearAlgebra
internal import CJacquard
internal import Interchange
internal import JacquardEngine

extension WeightsFile {
  /// Reads a weights file, or the last weights of a run folder.
  static func reading(_ path: String) throws(Refusal) -> WeightsFile {
    do throws(InterchangeError) {
      return try WeightsFile(ofRunOrFile: path)
    } catch {
      throw Refusal(error)
    }
  }

  /// Copies the file's tensors into a network, all or none.
  func put(into network: Network) throws(Refusal) {
    try refusing { () throws(WeightsError) in try load(into: network) }
  }

  /// Runs `body`; its errors mean that the file belongs to another model.
  func refusing(_ body: () throws(WeightsError) -> Void) throws(Refusal) {
    do throws(WeightsError) {
      try body()
    } catch {
      throw Refusal(JACQUARD_BAD_FILE, error.description)
    }
  }
}

extension Network {
  /// A model's network with zero weights.
  static func compiled(_ model: () throws(ModelError) -> Model) throws(Refusal) -> Network {
    let compiled: (model: Model, tensors: [NetworkTensor])
    do throws(ModelError) {
      let model = try model()
      compiled = (model, try model.tensors())
    } catch {
      throw Refusal(error)
    }
    do throws(BLASError) {
      try BLASLibrary.check()
    } catch {
      throw Refusal(JACQUARD_BAD_BLAS, error.description)
    }
    try MemoryCheck.check(compiled.model, tensors: compiled.tensors)
    do throws(ModelError) {
      return try Network(awaitingWeights: compiled.model)
    } catch {
      throw Refusal(error)
    }
  }

  /// The network in a weights file.
  static func loading(_ file: WeightsFile) throws(Refusal) -> Network {
    let model: Model?
    var tensors: [NetworkTensor] = []
    do throws(ModelError) {
      model = try file.model()
      if let model { tensors = try model.tensors() }
    } catch {
      throw Refusal(JACQUARD_BAD_FILE, "\(file.path): the model in its metadata cannot be used: \(error)")
    }
    guard let model else {
      throw Refusal(
        JACQUARD_BAD_FILE,
        "\(file.path): the file does not say which model it is for; make it with jacquard_model_create, then call jacquard_model_load_weights"
      )
    }
    // A file can claim any size, so it is compared with the available memory before allocating.
    try file.refusing { () throws(WeightsError) in try file.check(holds: tensors, of: model) }
    let network = try compiled { model }
    try file.put(into: network)
    return network
  }
}
