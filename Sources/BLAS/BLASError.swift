/// Why the loaded BLAS cannot be used.
public struct BLASError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Fault: Equatable, Sendable {
    /// Its kernels execute instructions that this processor lacks.
    case cannotRun
    /// It makes threads with OpenMP that cannot be switched off, so that results would depend on their number.
    case hasThreads
    /// Its products are wrong.
    case computesWrong(String)
  }

  /// What is wrong.
  public let fault: Fault
  /// The library.
  public let library: BLASLibrary

  package init(fault: Fault, library: BLASLibrary) {
    self.fault = fault
    self.library = library
  }

  /// The whole message on one line: which library, what is wrong with it, what to do.
  public var description: String {
    let place = library.productPath.map { " (\($0))" } ?? ""
    return "\(library)\(place): \(problem); \(remedy)"
  }

  private var problem: String {
    switch fault {
    case .cannotRun: "its \(library.core) kernels need instructions that this processor lacks"
    case .hasThreads:
      "it makes threads with OpenMP that cannot be switched off, so that results would depend on their number"
    case .computesWrong(let product): "it computes wrong products: \(product)"
    }
  }

  private var remedy: String {
    let package = "install another build, such as Debian's libopenblas0-pthread"
    return fault == .cannotRun && library.kernels.requested != nil ? "unset OPENBLAS_CORETYPE, or \(package)" : package
  }
}

extension BLASLibrary {
  /// Refuses a library that would end the process, or give wrong numbers: the first call tries it out, for a few milliseconds.
  ///
  /// - Throws: what is wrong, and what to do.
  public static func check() throws(BLASError) {
    if let fault { throw BLASError(fault: fault, library: BLASLibrary()) }
  }

  private static let fault: BLASError.Fault? = {
    let loaded = LoadedBLAS.shared
    if loaded.calling == .never { return .cannotRun }
    if loaded.calling == .freely && OpenBLASQuery.threading == .openMP { return .hasThreads }
    return ProductSelfTest.failure(of: .blas).map(BLASError.Fault.computesWrong)
  }()
}
