internal import Files
internal import Runs
internal import Support
internal import Synchronization

/// The models that are served. A request keeps the version that it found, so versions can be exchanged while requests run.
final class ModelStore: Sendable {
  /// What happened to a model whose weights were looked at again.
  enum Change: Sendable {
    /// Another version is served.
    case exchanged(ServedModel, before: ServedModel)
    /// The new weights cannot be used; the old ones go on.
    case refused(name: String, Failure)
  }

  private let models: Mutex<[ServedModel]>
  private let inference: InferenceSettings
  private let pictureFlags: [TrainSettings.FlagValue]
  /// The files that could not be used, so that each is complained about once.
  private let refused = Mutex<[String: FileStamp]>([:])

  /// Serves checkpoints that have been read.
  init(
    _ loaded: [LoadedCheckpoint], inference: InferenceSettings,
    pictureFlags: [TrainSettings.FlagValue]
  ) {
    models = Mutex(loaded.map(ServedModel.init))
    self.inference = inference
    self.pictureFlags = pictureFlags
  }

  /// All models, in the order of the arguments.
  var all: [ServedModel] { models.withLock { $0 } }

  /// The model with a name, or the first one without a name.
  subscript(name: String?) -> ServedModel? {
    models.withLock { models in name == nil ? models.first : models.first { $0.name == name } }
  }

  /// Loads the weights that have changed. Blocks while it does.
  ///
  /// - Parameter isForced: Whether weights that could not be used before are tried again.
  func refresh(isForced: Bool) -> [Change] {
    all.compactMap { model in
      let named = model.loaded.named
      guard let path = try? CheckpointPath.weights(of: named.path),
        let stamp = FileStamp(path: path)
      else {
        // Between two renames, or on a disk that is away for a moment: the old weights go on.
        return nil
      }
      if path == model.loaded.weights, stamp == model.loaded.stamp { return nil }
      if !isForced, refused.withLock({ $0[named.name] }) == stamp { return nil }
      do throws(Failure) {
        let next = ServedModel(
          try LoadedCheckpoint(named, inference: inference, pictureFlags: pictureFlags))
        models.withLock { models in
          if let place = models.firstIndex(where: { $0.name == next.name }) { models[place] = next }
        }
        refused.withLock { $0[named.name] = nil }
        return next.version == model.version ? nil : .exchanged(next, before: model)
      } catch {
        refused.withLock { $0[named.name] = stamp }
        return .refused(name: named.name, error)
      }
    }
  }
}
