internal import LinearAlgebra
package import Datasets
package import Support

/// The origin of a run's numbers: program, libraries, machine and data.
package struct Provenance: Sendable {
  /// A data file and the SHA-256 of its bytes, 64 hexadecimal digits.
  package struct DataFile: Sendable {
    /// The path.
    package let path: String
    /// The hash.
    package let sha256: String
    /// Whether it is the weights file of a teacher.
    package let isTeacher: Bool

    /// Describes a data file.
    package init(path: String, sha256: String, isTeacher: Bool = false) {
      self.path = path
      self.sha256 = sha256
      self.isTeacher = isTeacher
    }

    /// Reads the output of `json`; nil for anything else.
    package init?(_ json: JSONValue) {
      guard let path = json["path"]?.string, let hash = json["sha256"]?.string else { return nil }
      self.init(path: path, sha256: hash)
    }

    /// The file as in `run.json`.
    package var json: JSONValue { ["path": .string(path), "sha256": .string(sha256)] }
  }

  private let machine: Machine
  private let library: BLASLibrary
  private let data: [DataFile]
  private let dataPath: String
  private let initialWeights: DataFile?
  private let skipped: [DatasetError]

  /// Describes this process on this machine, and the data it reads from a folder or file.
  ///
  /// - Parameters:
  ///   - initialWeights: The weights file that the run started from; nil for random weights.
  ///   - skipped: The pictures left out because they cannot be read.
  package init(
    machine: Machine, data: [DataFile], dataPath: String, initialWeights: DataFile?, skipped: [DatasetError] = []
  ) {
    self.machine = machine
    library = BLASLibrary()
    self.data = data
    self.dataPath = dataPath
    self.initialWeights = initialWeights
    self.skipped = skipped
  }

  /// What the bits of a result depend on besides the run itself: the kind of processor, the vector instructions of our kernels
  /// (`JACQUARD_VECTORS` may limit them), and the BLAS with the kernels it chose.
  package var machineSummary: JSONValue {
    [
      "cpu": .string(machine.processor), "vector_instructions": .string(machine.vectorInstructions),
      "vectors": .string(VectorInstructions.current.rawValue),
      "blas": .string(library.description), "blas_core": .string(library.core),
    ]
  }

  /// The facts as in `run.json`.
  package var json: JSONValue {
    [
      "version": .string(Version.current),
      "machine": machine.json(with: library),
      "data_path": .string(dataPath),
      "data": .array(data.map(\.json)),
      "init_from": initialWeights?.json ?? .null,
      "skipped_pictures": .array(skipped.map(\.pictureJSON)),
    ]
  }
}
