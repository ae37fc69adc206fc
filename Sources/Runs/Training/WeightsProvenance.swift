internal import BLAS
package import Support

/// How weights came about, as a weights file says it.
///
/// Only what decides the numbers: neither time nor threads nor paths of this machine, so that the same run gives the same file.
package struct WeightsProvenance {
  private let settings: TrainSettings
  private let data: [Provenance.DataFile]
  private let version: String
  private let library: String
  private let core: String

  /// Describes the weights of a run in this process.
  package init(settings: TrainSettings, data: [Provenance.DataFile]) {
    let library = BLASLibrary()
    self.init(
      settings: settings, data: data, version: Version.current, library: library.description, core: library.core)
  }

  /// Describes the weights of a run that was trained by a version of this program with a BLAS and its kernels.
  package init(settings: TrainSettings, data: [Provenance.DataFile], version: String, library: String, core: String) {
    self.settings = settings.withoutCircumstances
    self.data = data
    self.version = version
    self.library = library
    self.core = core
  }

  /// The description after a step.
  package func json(epoch: Int, step: Int) -> JSONValue {
    // With other products than BLAS's the library decides no number.
    let usesLibrary = settings.product == .blas
    return [
      "version": .string(version),
      "blas": usesLibrary ? .string(library) : .null,
      "blas_core": usesLibrary ? .string(core) : .null,
      "epoch": .integer(epoch),
      "step": .integer(step),
      "data_sha256": .array(data.map { .string($0.sha256) }),
      "settings": settings.json,
    ]
  }

  /// The settings in a description; nil where it holds none that this version understands.
  package static func settings(in provenance: JSONValue) -> TrainSettings? {
    guard let content = provenance["settings"] else { return nil }
    return try? TrainSettings.resolve(file: ("", content), flags: [])
  }
}
