internal import BLASProbe

/// What the loaded BLAS and LAPACK libraries say about themselves.
public struct BLASLibrary: Equatable, Codable, Sendable, CustomStringConvertible {
  /// How a build of OpenBLAS makes threads.
  public enum Threading: String, Codable, Sendable {
    /// It makes none, and has no locks either: products are computed one at a time.
    case sequential
    /// A pool of POSIX threads: `prepare()` limits it to the caller's thread.
    case pthreads
    /// An OpenMP run-time library, which decides anew on each thread that calls: each call limits it there, and sets the limit back.
    case openMP
    /// A model that this version does not know, or another library.
    case unknown
  }

  /// The library's name, such as `OpenBLAS`; for one that does not say it, the name of its file.
  public let name: String
  /// The library's version, such as `0.3.21`; empty for one that does not say it.
  public let version: String
  /// The kernels, and who chose them.
  public let kernels: BLASKernels
  /// The processor family whose kernels are in use, such as `Cooperlake`; `unknown` for a library that does not say it.
  public let core: String
  /// How the library was built to make threads.
  public let threading: Threading
  /// How many threads the library uses for one product; nil for a library that does not say it.
  public let threads: Int?
  /// The build's own description of itself, one line; empty for another library than OpenBLAS.
  public let configuration: String
  /// The file that `cblas_sgemm` comes from, if the dynamic linker knows it.
  public let productPath: String?
  /// The file that `LAPACKE_ssyevr` comes from, if the dynamic linker knows it.
  public let interfacePath: String?
  /// The file that `ssyevr_` comes from, the LAPACK behind LAPACKE, if the dynamic linker knows it.
  ///
  /// LAPACKE is a library of its own and may be served by another LAPACK, on another BLAS, than the products.
  public let decompositionPath: String?
  /// Why there is no LAPACKE; nil where it is there.
  public let interfaceFailure: String?

  /// Name and version, such as `OpenBLAS 0.3.21`.
  public var description: String { version.isEmpty ? name : "\(name) \(version)" }

  /// The kernels and why it is these, such as `SkylakeX, chosen for AVX-512; OpenBLAS picked Prescott`.
  public var kernelDescription: String { kernels.reason.isEmpty ? core : "\(core), \(kernels.reason)" }

  /// Asks the libraries that this process has loaded, after `prepare()`.
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

    // The line begins with name and version; the rest lists options of the build.
    let words = configuration.split(separator: " ")
    let blis = unsafe OpenBLASQuery.text(probe_blis_version())
    if words.count > 1 {
      (name, version) = (String(words[0]), String(words[1]))
      core = kernels.core
    } else if !blis.isEmpty {
      (name, version) = ("BLIS", blis)
      core = unsafe OpenBLASQuery.text(probe_blis_core())
    } else {
      (name, version) = (productPath.flatMap { $0.split(separator: "/").last }.map(String.init) ?? "unknown", "")
      core = "unknown"
    }
  }

  /// Has OpenBLAS compute every product on the thread that asks for it, with the kernels that fit this processor. Idempotent, and safe
  /// on any thread.
  ///
  /// Parallel work is divided above this level; OpenBLAS's own threads would spin beside it and make the bits of a
  /// result depend on their number. Every product and decomposition of this module calls this first.
  ///
  /// Where OpenBLAS has picked kernels for an older processor than this one, it chooses again, unless `OPENBLAS_CORETYPE` is set. While
  /// it does, no other thread may compute with OpenBLAS or look at the environment: a program that uses OpenBLAS by itself, on threads
  /// of its own, calls this before it starts them.
  @inline(__always)
  public static func prepare() {
    _ = LoadedBLAS.shared
  }

  /// Why LAPACKE could not be loaded, as the dynamic linker says it; nil where it could, or was not needed yet.
  static var interfaceProblem: String? {
    let problem = unsafe OpenBLASQuery.text(probe_lapacke_failure())
    return problem.isEmpty ? nil : problem
  }
}
