package import LinearAlgebra
internal import Files
internal import JacquardEngine
package import Support

/// The parts of the machine that matter for training.
package struct Machine: Sendable {
  /// The processor's name from its maker, or `unknown`.
  package let processor: String
  /// The logical cores that this process may use.
  package let cores: Int
  /// The widest vector instructions that this process may use, such as `AVX-512`.
  package let vectorInstructions: String
  /// The memory in bytes; nil if the system does not say.
  package let memory: Int?

  /// Asks the system.
  package init() {
    self.init(
      processorDescription: Self.systemDescription, cores: Self.availableCores,
      vectorInstructions: Processor.current?.vectors.name)
  }

  /// Reads a description in the form of Linux's `/proc/cpuinfo`.
  ///
  /// - Parameter vectorInstructions: The widest ones, if the processor itself was asked: an emulator's may differ from those of the
  ///   machine that the description is about.
  package init(processorDescription: String, cores: Int, vectorInstructions: String? = nil) {
    var fields: [Substring: Substring] = [:]
    for line in processorDescription.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
      if fields[name[...]] == nil { fields[name[...]] = value }
    }
    processor = (fields["model name"] ?? fields["Model"] ?? fields["cpu"]).map(String.init) ?? "unknown"
    let features = Set((fields["flags"] ?? fields["Features"] ?? "").split(separator: " "))
    let levels: [(feature: Substring, name: String)] = [
      ("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sse2", "SSE"), ("sve", "SVE"), ("asimd", "NEON"),
    ]
    self.vectorInstructions =
      vectorInstructions ?? levels.first { features.contains($0.feature) }?.name ?? "unknown"
    self.cores = cores
    memory = Hardware.memoryByteCount
  }

  /// The system's description of its processors; empty if there is none.
  private static var systemDescription: String {
    let bytes = try? FileReader.bytes(ofFileAt: "/proc/cpuinfo", maximumByteCount: 1 << 24)
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The logical cores available to this process: under `taskset`, fewer than the machine has.
  package static var availableCores: Int {
    if let bytes = try? FileReader.bytes(ofFileAt: "/proc/self/status", maximumByteCount: 1 << 20) {
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      let name = "Cpus_allowed_list:"
      if let list = lines.first(where: { $0.hasPrefix(name) })?.dropFirst(name.count) {
        let count = coreCount(list: list)
        if count > 0 { return count }
      }
    }
    return Hardware.processorCount
  }

  /// The cores in a list such as `0-3,8`.
  static func coreCount(list: some StringProtocol) -> Int {
    list.split { $0 == "," || $0.isWhitespace }.reduce(0) { count, part in
      let bounds = part.split(separator: "-").compactMap { Int($0) }
      guard let first = bounds.first, let last = bounds.last, first <= last else { return count }
      return count + last - first + 1
    }
  }
}

extension Machine {
  /// The machine and its BLAS, as in `run.json` and the results of several verbs.
  package func json(with library: BLASLibrary) -> JSONValue {
    [
      "cpu": .string(processor),
      "cores": .integer(cores),
      "vector_instructions": .string(vectorInstructions),
      "memory_bytes": memory.map(JSONValue.integer) ?? .null,
      "blas": .string(library.description),
      "blas_core": .string(library.core),
      "blas_core_picked": library.kernels.picked.isEmpty ? .null : .string(library.kernels.picked),
      "blas_core_origin": .string(library.kernels.origin.rawValue),
      "blas_core_reason": .string(library.kernels.reason),
      "blas_threads": library.threads.map(JSONValue.integer) ?? .null,
      "blas_threading": .string(library.threading.rawValue),
      "inference_gemm": .string(MatrixProduct.blas.answering.rawValue),
      "blas_path": library.productPath.map(JSONValue.string) ?? .null,
      "lapacke_path": library.interfacePath.map(JSONValue.string) ?? .null,
      "lapack_path": library.decompositionPath.map(JSONValue.string) ?? .null,
    ]
  }
}
