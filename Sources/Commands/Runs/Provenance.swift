internal import BLAS

/// Where a run's numbers come from: program, libraries, machine and data.
struct Provenance: Sendable {
  /// A data file and the SHA-256 of its bytes, 64 hexadecimal digits.
  struct DataFile: Sendable {
    /// The path.
    let path: String
    /// The hash.
    let sha256: String

    /// Describes a data file.
    init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }

  private let machine: Machine
  private let library: BLASLibrary
  private let data: [DataFile]
  private let dataPath: String

  /// Describes this process on this machine, with the data that it reads from a folder or a file.
  init(machine: Machine, data: [DataFile], dataPath: String) {
    self.machine = machine
    library = BLASLibrary()
    self.data = data
    self.dataPath = dataPath
  }

  /// What the bits of a result depend on besides the run itself: the kind of processor, and the BLAS with the kernels that it chose.
  var machineSummary: JSONValue {
    [
      "cpu": .string(machine.processor), "vector_instructions": .string(machine.vectorInstructions),
      "blas": .string(library.description), "blas_core": .string(library.core),
    ]
  }

  /// The facts, as `run.json` holds them.
  var json: JSONValue {
    [
      "version": .string(Version.current),
      "machine": machine.json(with: library),
      "data_path": .string(dataPath),
      "data": .array(data.map { ["path": .string($0.path), "sha256": .string($0.sha256)] }),
    ]
  }
}
