internal import LinearAlgebraProbe

/// What the loaded BLAS and LAPACK libraries report about themselves.
public struct BLASLibrary: Equatable, Codable, Sendable, CustomStringConvertible {
  /// The threading model of a build of OpenBLAS.
  public enum Threading: String, Codable, Sendable {
    /// No threads and no locks: products are computed one at a time.
    case sequential
    /// A pool of POSIX threads: `prepare()` limits it to the caller's thread.
    case pthreads
    /// An OpenMP run-time library, which decides separately on each calling thread: each call limits it there, and
    /// restores the limit.
    case openMP
    /// An unknown threading model, or another library.
    case unknown
  }

  /// The library's name, such as `OpenBLAS`; if it does not report one, its file name.
  public let name: String
  /// The library's version, such as `0.3.21`; empty if it does not report one.
  public let version: String
  /// The kernels, and who chose them.
  public let kernels: BLASKernels
  /// The processor family whose kernels are in use, such as `Cooperlake`; `unknown` if the library does not report it.
  public let core: String
  /// The threading model that the library was built with.
  public let threading: Threading
  /// The number of threads that the library uses for one product; nil if it does not report that.
  public let threads: Int?
  /// OpenBLAS's one-line description of its build; empty for other libraries.
  public let configuration: String
  /// The file that `cblas_sgemm` comes from, if the dynamic linker knows it.
  public let productPath: String?
  /// The file that `LAPACKE_ssyevr` comes from, if the dynamic linker knows it.
  public let interfacePath: String?
  /// The file that `ssyevr_` comes from, the LAPACK behind LAPACKE, if the dynamic linker knows it.
  ///
  /// LAPACKE is a separate library and may use a different LAPACK and BLAS than the products.
  public let decompositionPath: String?
  /// Why LAPACKE is missing; nil if it is available.
  public let interfaceFailure: String?

  /// Name and version, such as `OpenBLAS 0.3.21`.
  public var description: String { version.isEmpty ? name : "\(name) \(version)" }

  /// The kernels and the reason, such as `SkylakeX, chosen for AVX-512; OpenBLAS picked Prescott`.
  public var kernelDescription: String { kernels.reason.isEmpty ? core : "\(core), \(kernels.reason)" }

  /// Queries the loaded libraries, after `prepare()`.
  public init() {
    let loaded = LoadedBLAS.shared
    kernels = loaded.kernels
    configuration = OpenBLASQuery.configuration
    threading = OpenBLASQuery.threading
    let count = Int(probe_threads())
    threads = loaded.calling == .withoutOpenMPThreads ? 1 : count < 0 ? nil : count
    let paths = unsafe SharedObject.paths(of: [
      probe_products(), probe_lapacke("LAPACKE_ssyevr"), probe_lapacke("ssyevr_"),
    ])
    (productPath, interfacePath, decompositionPath) = (paths[0], paths[1], paths[2])
    interfaceFailure = Self.interfaceProblem

    // The line begins with name and version; the rest lists build options.
    let words = configuration.split(separator: " ")
    let blis = unsafe OpenBLASQuery.text(probe_blis_version())
    if words.count > 1 {
      (name, version) = (String(words[0]), String(words[1]))
      core = kernels.core
    } else if !blis.isEmpty {
      (name, version) = ("BLIS", blis)
      core = unsafe OpenBLASQuery.text(probe_blis_core())
    } else if unsafe probe_products() == nil {
      (name, version, core) = ("no BLAS", "", "none")
    } else {
      (name, version) = (productPath.flatMap { $0.split(separator: "/").last }.map(String.init) ?? "unknown", "")
      core = "unknown"
    }
  }

  /// Makes OpenBLAS compute every product on the calling thread, with kernels that suit this processor. Idempotent, and
  /// safe on any thread.
  ///
  /// Parallel work is divided above this level. OpenBLAS's own threads would compete with it and make the bits of a
  /// result depend on their number. Every product and decomposition of this module calls this first.
  ///
  /// If OpenBLAS has picked kernels for an older processor, it chooses again, unless `OPENBLAS_CORETYPE` is set.
  /// Meanwhile no other thread may compute with OpenBLAS or read the environment: a program that uses OpenBLAS on its
  /// own threads must call this before it starts them.
  @inline(__always)
  public static func prepare() {
    _ = LoadedBLAS.shared
  }

  /// The dynamic linker's reason why LAPACKE could not be loaded; nil if it was loaded or not needed yet.
  static var interfaceProblem: String? {
    let problem = unsafe OpenBLASQuery.text(probe_lapacke_failure())
    return problem.isEmpty ? nil : problem
  }
}
