internal import Support
internal import BLAS
internal import Datasets

/// What `doctor` finds out about machine, libraries and data.
struct Diagnosis {
  private let machine = Machine()
  private let library = BLASLibrary()
  private let dataFolder: String?
  private let problems: [Problem]

  /// Looks at everything.
  ///
  /// - Parameter data: Where the user says that the data is.
  init(data: DataOptions) {
    var problems = Self.problems(of: library)
    do {
      dataFolder = try Self.completeFolder(data)
    } catch {
      dataFolder = nil
      problems.append(Problem(severity: .missing, message: CommandFailure(describing: error).message))
    }
    self.problems = problems
  }

  /// Whether everything that is needed is there.
  var isHealthy: Bool { !problems.contains { $0.severity == .missing } }

  /// The findings for programs.
  var json: JSONValue {
    [
      "schema": 1,
      "ok": .bool(isHealthy),
      "version": .string(Version.current),
      "machine": machine.json(with: library),
      "data": dataFolder.map(JSONValue.string) ?? .null,
      "problems": .array(problems.map(\.json)),
    ]
  }

  /// The findings for people.
  var lines: [String] {
    let pairs: [(name: String, value: String)] = [
      ("version", Version.current),
      ("processor", machine.processor),
      ("cores", String(machine.cores)),
      ("vector instructions", machine.vectorInstructions),
      ("memory", machine.memory.map(NumberText.bytes) ?? "unknown"),
      ("BLAS", "\(library), \(library.core) kernels"),
      ("BLAS threads", "\(library.threads) per worker (\(library.threading.rawValue))"),
      ("BLAS library", library.productPath ?? "unknown"),
      ("LAPACKE library", library.interfacePath ?? "unknown"),
      ("LAPACK library", library.decompositionPath ?? "unknown"),
      ("data", dataFolder ?? "missing"),
    ]
    let end = problems.isEmpty ? ["Everything that is needed is there."] : problems.map(\.line)
    return TextTable.pairs(pairs) + [""] + end
  }

  private static func problems(of library: BLASLibrary) -> [Problem] {
    if library.threading == .openMP {
      return [
        Problem(
          severity: .warning,
          message: """
            this BLAS makes threads with OpenMP, which may run beside the workers and slow them down; \
            install the other build with apt-get install libopenblas0-pthread
            """)
      ]
    }
    if library.threads != 1 {
      return [
        Problem(
          severity: .warning,
          message: "the BLAS uses \(library.threads) threads beside the workers; set OPENBLAS_NUM_THREADS=1")
      ]
    }
    return []
  }

  /// The data's folder, if the files of its parts are in it. A search is content with one of them.
  private static func completeFolder(_ options: DataOptions) throws -> String {
    let source = try options.source()
    for part in DataSource.Part.allCases { _ = try source.files(of: part) }
    return source.path
  }
}
