internal import LinearAlgebra
package import Support

/// How weights were made, as recorded in a weights file.
///
/// Only what determines the numbers: neither time nor threads nor local paths, so that the same run gives the same file.
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

  /// Describes the weights of a run by a given version of this program, BLAS and kernels.
  package init(settings: TrainSettings, data: [Provenance.DataFile], version: String, library: String, core: String) {
    self.settings = settings.withoutCircumstances
    self.data = data
    self.version = version
    self.library = library
    self.core = core
  }

  /// The description after a step.
  package func json(epoch: Int, step: Int) -> JSONValue {
    // With products other than BLAS's, the library does not affect the numbers.
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

  /// The settings in a description; nil if it has none that this version understands.
  package static func settings(in provenance: JSONValue) -> TrainSettings? {
    guard let content = provenance["settings"] else { return nil }
    return try? TrainSettings.resolve(file: ("", content), flags: [])
  }
}
