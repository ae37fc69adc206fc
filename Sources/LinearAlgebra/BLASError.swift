internal import Support

/// Why the loaded BLAS cannot be used.
public struct BLASError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Fault: Equatable, Sendable {
    /// It could not be loaded: the dynamic linker's reason.
    case missing(String)
    /// Its kernels execute instructions that this processor lacks.
    case cannotRun
    /// Its OpenMP threads cannot be switched off, so results would depend on their number.
    case hasThreads
    /// A limit on this process leaves less memory than OpenBLAS needs for packing matrices; it would retry the allocation forever.
    case tooLittleMemory(available: Int, needed: Int)
    /// Its products are wrong.
    case computesWrong(String)
  }

  /// What is wrong.
  public let fault: Fault
  /// The library.
  public let library: BLASLibrary

  /// Whether there is no library.
  package var isMissing: Bool { if case .missing = fault { true } else { false } }

  package init(fault: Fault, library: BLASLibrary) {
    self.fault = fault
    self.library = library
  }

  /// The message on one line: the library, what is wrong with it, and what to do.
  public var description: String {
    if case .missing(let reason) = fault {
      return "OpenBLAS could not be loaded: \(reason); install it, on Debian as libopenblas0-pthread"
    }
    let place = library.productPath.map { " (\($0))" } ?? ""
    return "\(library)\(place): \(problem); \(remedy)"
  }

  private var problem: String {
    switch fault {
    case .missing(let reason): reason
    case .cannotRun: "its \(library.core) kernels need instructions that this processor lacks"
    case .hasThreads:
      "it uses OpenMP threads that cannot be switched off, so results would depend on their number"
    case .tooLittleMemory(let available, let needed):
      "a limit on memory (ulimit -v) leaves \(NumberText.bytes(available)), but its products need \(NumberText.bytes(needed))"
    case .computesWrong(let product): "it computes wrong products: \(product)"
    }
  }

  private var remedy: String {
    if case .tooLittleMemory = fault { return "raise the limit" }
    let package = "install another build, such as Debian's libopenblas0-pthread"
    return fault == .cannotRun && library.kernels.requested != nil ? "unset OPENBLAS_CORETYPE, or \(package)" : package
  }
}

extension BLASLibrary {
  /// Rejects a library that would end the process or compute wrong numbers; the first call tests it for a few
  /// milliseconds.
  ///
  /// - Throws: what is wrong, and what to do.
  public static func check() throws(BLASError) {
    if let fault { throw BLASError(fault: fault, library: BLASLibrary()) }
  }

  /// The address space that a multiplying thread needs: OpenBLAS packs matrices into 128 MiB on the processors that it knows. The thread also has a
  /// stack of 8 MiB and a malloc arena of 64 MiB.
  package static let memoryPerThread = (128 + 8 + 72) << 20
  /// The number of threads that test products before any others compute.
  package static let fewestThreads = 2

  private static let fault: BLASError.Fault? = {
    let loaded = LoadedBLAS.shared
    if let fault = loaded.fault { return fault }
    if loaded.calling == .freely && OpenBLASQuery.threading == .openMP { return .hasThreads }
    let needed = memoryPerThread * fewestThreads
    if let limit = MemoryLimit.ofProcess, limit < needed {
      return .tooLittleMemory(available: limit, needed: needed)
    }
    return ProductSelfTest.failure(of: .blas).map(BLASError.Fault.computesWrong)
  }()
}
