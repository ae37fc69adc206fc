/// What the loaded BLAS and LAPACK libraries say about themselves.
public struct BLASLibrary: Equatable, Codable, Sendable, CustomStringConvertible {
  /// How a build of OpenBLAS makes threads of its own.
  public enum Threading: String, Codable, Sendable {
    /// It makes none.
    case sequential
    /// Its own pool of POSIX threads: `prepare()` limits it to the caller's thread.
    case pthreads
    /// An OpenMP run-time library, which may decide about threads by itself: `prepare()` is no guarantee here.
    case openMP
    /// A model that this version does not know.
    case unknown
  }

  /// The library's name, such as `OpenBLAS`.
  public let name: String
  /// The library's version, such as `0.3.21`.
  public let version: String
  /// The processor family whose kernels were chosen at load time, such as `Cooperlake`.
  public let core: String
  /// How the library was built to make threads.
  public let threading: Threading
  /// How many threads the library uses for one product.
  public let threads: Int
  /// The build's own description of itself, one line.
  public let configuration: String
  /// The file that `cblas_sgemm` comes from, if the dynamic linker knows it.
  public let productPath: String?
  /// The file that `LAPACKE_ssyevr` comes from, if the dynamic linker knows it.
  public let interfacePath: String?
  /// The file that `ssyev_` comes from, the LAPACK behind LAPACKE, if the dynamic linker knows it.
  ///
  /// LAPACKE is a library of its own and may be served by another LAPACK, on another BLAS, than the products.
  public let decompositionPath: String?

  /// Name and version, such as `OpenBLAS 0.3.21`.
  public var description: String { "\(name) \(version)" }

  /// Asks the libraries that this process has loaded, after `prepare()`.
  public init() {
    Self.prepare()
    configuration = OpenBLASQuery.configuration
    // The line begins with name and version; the rest lists options of the build.
    let words = configuration.split(separator: " ")
    name = words.first.map(String.init) ?? "unknown"
    version = words.dropFirst().first.map(String.init) ?? "unknown"
    core = OpenBLASQuery.core
    threading = OpenBLASQuery.threading
    threads = OpenBLASQuery.threads
    let paths = SharedObject.paths(defining: ["cblas_sgemm", "LAPACKE_ssyevr", "ssyevr_"])
    (productPath, interfacePath, decompositionPath) = (paths[0], paths[1], paths[2])
  }

  /// Tells OpenBLAS to compute every product on the thread that asks for it. Idempotent, and safe on any thread.
  ///
  /// Parallel work is divided above this level; OpenBLAS's own threads would spin beside it and make the bits of a
  /// result depend on their number. Every product and decomposition of this module calls this first; calling it when
  /// the process starts merely spares the first product the call.
  @inline(__always)
  public static func prepare() {
    OpenBLASQuery.useCallingThreadOnly
  }
}
