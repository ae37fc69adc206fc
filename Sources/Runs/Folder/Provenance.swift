internal import BLAS
package import Datasets
package import Support

/// Where a run's numbers come from: program, libraries, machine and data.
package struct Provenance: Sendable {
  /// A data file and the SHA-256 of its bytes, 64 hexadecimal digits.
  package struct DataFile: Sendable {
    /// The path.
    package let path: String
    /// The hash.
    package let sha256: String

    /// Describes a data file.
    package init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }

    /// Reads what `json` has written; nil for anything else.
    package init?(_ json: JSONValue) {
      guard let path = json["path"]?.string, let hash = json["sha256"]?.string else { return nil }
      self.init(path: path, sha256: hash)
    }

    /// The file as `run.json` holds it.
    package var json: JSONValue { ["path": .string(path), "sha256": .string(sha256)] }
  }

  private let machine: Machine
  private let library: BLASLibrary
  private let data: [DataFile]
  private let dataPath: String
  private let initialWeights: DataFile?
  private let skipped: [DatasetError]

  /// Describes this process on this machine, with the data that it reads from a folder or a file.
  ///
  /// - Parameters:
  ///   - initialWeights: The weights file that the run started from; nil where its weights were drawn.
  ///   - skipped: The pictures that were left out because they cannot be read.
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

  /// What the bits of a result depend on besides the run itself: the kind of processor, the vector instructions that our kernels use,
  /// which `JACQUARD_VECTORS` may limit, and the BLAS with the kernels that it chose.
  package var machineSummary: JSONValue {
    [
      "cpu": .string(machine.processor), "vector_instructions": .string(machine.vectorInstructions),
      "vectors": .string(VectorInstructions.current.rawValue),
      "blas": .string(library.description), "blas_core": .string(library.core),
    ]
  }

  /// The facts, as `run.json` holds them.
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
