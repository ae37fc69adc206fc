package import Interchange
package import JacquardEngine
package import Support

/// `state/last.safetensors`: a run's state, with its tensors. This file commits a save: everything else in the run folder follows
/// from it, or is cut back to it.
package struct StateFile {
  private enum MetadataKey {
    static let state = "jacquard.state"
    static let digest = "jacquard.tensors_sha256"
  }

  /// Prefixes of the tensors of the best epoch, and of the beginning of the epoch.
  private static let bestPrefix = "best/"
  private static let epochStartPrefix = "epoch_start/"
  /// The errors of all samples, if the run trains on the hardest ones: now, and when the epoch began.
  private static let latestErrors = "sample_errors"
  private static let epochErrors = "epoch_sample_errors"

  /// The file.
  package let path: String
  /// Its content besides tensors.
  package let state: RunState
  /// The run's model.
  package let model: Model
  private let tensors: [String: NamedTensor]

  /// Reads a state file.
  ///
  /// - Throws: a `Failure` that names the file and the problem.
  package init(path: String) throws(Failure) {
    try self.init(try Checkpoint.read(path), path: path)
  }

  /// Takes the content of a state file; errors use `path` as its name.
  package init(_ file: SafetensorsFile, path: String) throws(Failure) {
    self.path = path
    guard let text = file.metadata[MetadataKey.state], let modelText = file.metadata[Checkpoint.MetadataKey.model]
    else {
      throw Failure(.badData, "\(path): this file does not contain the state of a run; name a run folder.")
    }
    let content: JSONValue
    do throws(JSONSyntaxError) {
      content = try JSONReader.value(of: Array(text.utf8))
    } catch {
      throw Failure(.badData, "\(path): the state in the metadata is not JSON: \(error); the file is damaged.")
    }
    state = try RunState(content, path: path)
    do throws(ModelError) {
      model = try Model(json: modelText)
    } catch {
      throw Failure(.badData, "\(path): the model in its metadata cannot be used: \(error)")
    }
    if let digest = file.metadata[MetadataKey.digest], digest != TensorDigest.hexadecimal(of: file.tensors) {
      throw Failure(
        .badData,
        "\(path): the SHA-256 of the tensors differs from the one in the metadata; the file is damaged.")
    }
    tensors = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The content of a state file besides tensors, from its header alone; nil if the file is missing or has no state.
  package static func state(ofFileAt path: String) -> RunState? {
    guard let text = (try? SafetensorsFile.metadata(ofFileAt: path))?[MetadataKey.state],
      let content = try? JSONReader.value(of: Array(text.utf8))
    else { return nil }
    return try? RunState(content, path: path)
  }

  /// The tensors at the time of the save: parameters, statistics and the optimizer's moments.
  package var currentTensors: [NamedTensor] {
    tensors.values.filter { tensor in
      ![Self.bestPrefix, Self.epochStartPrefix].contains(where: tensor.name.hasPrefix)
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// A note if the bits from here on may differ from those of a run that stayed on its machine; nil if they cannot.
  package var machineDifference: String? {
    let (library, processor) = (RunState.thisLibrary, RunState.thisProcessor)
    let isOther = state.processor.map { $0 != processor } ?? false
    guard state.library != library || isOther else { return nil }
    let (before, now) = state.library != library ? (state.library, library) : (state.processor ?? "", processor)
    return
      "the state was computed with \(before), but this is \(now); the last bits of the results may differ from those "
      + "of an uninterrupted run"
  }

  /// The trainer at the time of the save.
  package func current(of trainer: Trainer) throws(Failure) -> TrainerSnapshot {
    try snapshot(of: trainer, progress: state.progress, prefix: "")
  }

  /// The beginning of the epoch; nil if the state does not contain it.
  func epochStart(of trainer: Trainer) throws(Failure) -> TrainerSnapshot? {
    guard let progress = state.epochStart else { return nil }
    return try snapshot(of: trainer, progress: progress, prefix: Self.epochStartPrefix)
  }

  /// The network after the best epoch; nil if the state does not contain it.
  package func best(of network: Network) throws(Failure) -> NetworkSnapshot? {
    state.best.score == nil ? nil : try numbers(of: network, prefix: Self.bestPrefix)
  }

  private func snapshot(
    of trainer: Trainer, progress: TrainingProgress, prefix: String
  ) throws(Failure) -> TrainerSnapshot {
    try TrainerSnapshot(
      progress: progress, of: trainer.network, numbers: try numbers(of: trainer.network, prefix: prefix),
      momentNames: trainer.momentNames, errors: try errors(of: trainer, prefix: prefix)
    ) { (name, tensor) throws(Failure) in
      try values(of: tensor, prefix: Self.prefix(ofMoment: name, among: trainer.momentNames, prefix))
    }
  }

  /// What the trainer knows about its samples; nil if it does not choose among them.
  private func errors(of trainer: Trainer, prefix: String) throws(Failure) -> SampleErrors? {
    guard trainer.recipe.hardest < 1 else { return nil }
    func list(_ name: String) throws(Failure) -> [Float] {
      let values = try values(prefix + name, shape: [trainer.epochLengths.count])
      guard values.allSatisfy({ $0 >= 0 }) else {
        throw Failure(
          .badData, "\(path): the tensor \"\(prefix + name)\" must not hold numbers below 0; the file is damaged.")
      }
      return values
    }
    return SampleErrors(latest: try list(Self.latestErrors), atEpochStart: try list(Self.epochErrors))
  }

  private func numbers(of network: Network, prefix: String) throws(Failure) -> NetworkSnapshot {
    try NetworkSnapshot(of: network) { (tensor) throws(Failure) in try values(of: tensor, prefix: prefix) }
  }

  private func values(of tensor: NetworkTensor, prefix: String) throws(Failure) -> [Float] {
    try values(prefix + tensor.name, shape: tensor.specification.order.fileShape)
  }

  private func values(_ name: String, shape: [Int]) throws(Failure) -> [Float] {
    guard let found = tensors[name] else {
      throw Failure(.badData, "\(path): the tensor \"\(name)\" \(shape) is missing.")
    }
    guard found.shape == shape else {
      throw Failure(
        .badData, "\(path): the tensor \"\(found.name)\" must have the shape \(shape), but has \(found.shape).")
    }
    return found.values
  }
}

extension StateFile {
  /// Adds a digest of the tensors to a file, which other programs can compare.
  static func addDigest(to file: inout SafetensorsFile) {
    file.metadata[MetadataKey.digest] = TensorDigest.hexadecimal(of: file.tensors)
    file.addChecksum()
  }

  /// The prefix of a moment's tensors: files number moments in the order of the optimizer.
  private static func prefix(ofMoment name: String, among names: [String], _ prefix: String) -> String {
    "\(prefix)moment.\(names.firstIndex(of: name) ?? 0)/"
  }

  /// The content of a state file.
  package static func content(
    _ state: RunState, of network: Network, current: TrainerSnapshot, best: NetworkSnapshot?,
    epochStart: TrainerSnapshot?
  ) throws(ModelError) -> SafetensorsFile {
    func tensors(_ numbers: NetworkSnapshot, _ prefix: String) -> [NamedTensor] {
      network.tensors.map { tensor in
        NamedTensor(
          name: prefix + tensor.name, shape: tensor.specification.order.fileShape, values: numbers.values(of: tensor))
      }
    }
    func tensors(_ snapshot: TrainerSnapshot, _ prefix: String) -> [NamedTensor] {
      let parameters = network.tensors.filter { $0.specification.role != nil }
      let moments = snapshot.momentNames.flatMap { name in
        let place = Self.prefix(ofMoment: name, among: snapshot.momentNames, prefix)
        return parameters.map { tensor in
          NamedTensor(
            name: place + tensor.name, shape: tensor.specification.order.fileShape,
            values: snapshot.moment(name, of: tensor))
        }
      }
      let errors = snapshot.errors.map { [(latestErrors, $0.latest), (epochErrors, $0.atEpochStart)] } ?? []
      return tensors(snapshot.network, prefix) + moments
        + errors.map { NamedTensor(name: prefix + $0, shape: [$1.count], values: $1) }
    }
    var all = tensors(current, "")
    if let best { all += tensors(best, bestPrefix) }
    if let epochStart { all += tensors(epochStart, epochStartPrefix) }
    var file = SafetensorsFile(
      metadata: [
        MetadataKey.state: state.json.text,
        Checkpoint.MetadataKey.model: try network.model.json(),
      ], tensors: all)
    file.addChecksum()
    return file
  }
}
