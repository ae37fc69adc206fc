internal import BLAS

/// How weights came about, as a weights file says it.
///
/// Only what decides the numbers: neither time nor threads nor paths of this machine, so that the same run gives the same file.
struct WeightsProvenance {
  private let settings: TrainSettings
  private let data: [Provenance.DataFile]
  private let library = BLASLibrary()

  /// Describes the weights of a run.
  init(settings: TrainSettings, data: [Provenance.DataFile]) {
    self.settings = settings.withoutCircumstances
    self.data = data
  }

  /// The description after a step.
  func json(epoch: Int, step: Int) -> JSONValue {
    // With other products than BLAS's the library decides no number.
    let usesLibrary = settings.product == .blas
    return [
      "version": .string(Version.current),
      "blas": usesLibrary ? .string(library.description) : .null,
      "blas_core": usesLibrary ? .string(library.core) : .null,
      "epoch": .integer(epoch),
      "step": .integer(step),
      "data_sha256": .array(data.map { .string($0.sha256) }),
      "settings": settings.json,
    ]
  }

  /// The settings in a description; nil where it holds none that this version understands.
  static func settings(in provenance: JSONValue) -> TrainSettings? {
    guard let content = provenance["settings"] else { return nil }
    return try? TrainSettings.resolve(file: ("", content), flags: [])
  }
}
