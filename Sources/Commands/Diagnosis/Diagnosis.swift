internal import LinearAlgebra
internal import Benchmarking
internal import Datasets
internal import Runs
internal import Support
internal import Terminal

/// What `doctor` finds about machine, libraries and data.
struct Diagnosis {
  private let machine = Machine()
  private let library = BLASLibrary()
  /// The speed of products; nil if the BLAS cannot be used.
  private let speed: ProductSpeed?
  private let dataFolder: String?
  private let problems: [Problem]

  /// Checks everything, and multiplies for a few milliseconds.
  ///
  /// - Parameter data: The data that the user named.
  init(data: DataOptions) {
    var problems: [Problem] = []
    do throws(BLASError) {
      try BLASLibrary.check()
      let measured = ProductSpeed.measured()
      problems = Self.problems(of: library, speed: measured, cores: machine.cores)
      speed = measured
    } catch {
      problems = [Problem(severity: .missing, message: error.description)]
      speed = nil
    }
    do {
      dataFolder = try Self.completeFolder(data)
    } catch {
      dataFolder = nil
      problems.append(Problem(severity: .missing, message: CommandFailure(describing: error).message))
    }
    self.problems = problems
  }

  /// Whether everything needed is there.
  var isHealthy: Bool { !problems.contains { $0.severity == .missing } }

  /// The findings for programs.
  var json: JSONValue {
    [
      "schema": 1,
      "ok": .bool(isHealthy),
      "version": .string(Version.current),
      "machine": machine.json(with: library),
      "speed": speed.map { ["product_gflops": .significant($0.product), "vector_gflops": .significant($0.vectorUnit)] }
        ?? .null,
      "data": dataFolder.map(JSONValue.string) ?? .null,
      "problems": .array(problems.map(\.json)),
    ]
  }

  /// The findings for people.
  ///
  /// - Parameter columns: The maximum length of a line; file names are never broken.
  func lines(columns: Int) -> [String] {
    let pairs: [(name: String, value: String)] = [
      ("version", Version.current),
      ("processor", machine.processor),
      ("cores", String(machine.cores)),
      ("vector instructions", machine.vectorInstructions),
      ("memory", machine.memory.map(NumberText.bytes) ?? "unknown"),
      ("BLAS", library.description),
      ("BLAS kernels", library.kernelDescription),
      ("inference", inference),
      ("BLAS speed", speed.map(BLASFinding.text) ?? "not measured"),
      ("BLAS threads", threads),
      ("BLAS library", library.productPath ?? "unknown"),
      ("LAPACKE library", library.interfacePath ?? "missing"),
      ("LAPACK library", library.decompositionPath ?? "missing"),
      ("data", dataFolder ?? "missing"),
    ]
    let end =
      problems.isEmpty ? ["Nothing is missing."] : problems.flatMap { $0.lines(columns: columns) }
    return TextTable.pairs(pairs) + [""] + end
  }

  /// What computes products in inference. Finding out how the BLAS sums needs a working BLAS.
  private var inference: String {
    guard speed != nil else { return "unknown" }
    return MatrixProduct.blas.answering == .blas ? "with these kernels" : BenchmarkReport.portableInference
  }

  private var threads: String {
    let count = library.threads.map { "\($0) per worker" } ?? "unknown"
    return switch library.threading {
    case .sequential: "\(count) (sequential, one product at a time)"
    case .pthreads: "\(count) (pthreads)"
    case .openMP: "\(count) (OpenMP, limited call by call)"
    case .unknown: count
    }
  }

  private static func problems(of library: BLASLibrary, speed: ProductSpeed, cores: Int) -> [Problem] {
    var messages = BLASFinding.all(of: library, workers: cores) { speed }.map(\.message)
    // No known cause, yet slow.
    if messages.isEmpty, speed.share < 0.4 {
      messages.append(
        "products are slow here: \(BLASFinding.text(of: speed)); "
          + "if nothing else keeps this machine busy, install a newer BLAS")
    }
    if let failure = library.interfaceFailure {
      messages.append(
        "LAPACKE cannot be loaded (\(failure)); principal components and orthogonal weights need it; "
          + "install liblapacke and the LAPACK that belongs to this BLAS")
    }
    return messages.map { Problem(severity: .warning, message: $0) }
  }

  /// The data's folder, if it contains the files of all parts. A search accepts a folder with one of them.
  private static func completeFolder(_ options: DataOptions) throws -> String {
    let source = try options.source(nil)
    for part in DataSource.Part.allCases { _ = try source.files(of: part) }
    return source.path
  }
}
