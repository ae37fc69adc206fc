internal import LinearAlgebraProbe
internal import Glibc
internal import Support
internal import Synchronization

/// The prepared BLAS of this process: its kernels are chosen and its own threads switched off, once, before the first
/// product.
///
/// This is the module's only global.
@safe struct LoadedBLAS: Sendable {
  /// How to call products and decompositions, so that results are right and do not depend on other threads.
  enum Calling: Equatable, Sendable {
    /// By any number of threads at once.
    case freely
    /// By one thread at a time: the library does not lock the memory into which it packs matrices.
    case oneAtATime
    /// By any number of threads, each of which first limits OpenMP to itself.
    case withoutOpenMPThreads
    /// Not at all: the process would end at the first unsupported instruction, or there is no library.
    case never
  }

  /// The kernels in use, and why.
  let kernels: BLASKernels
  /// How to call its products.
  let calling: Calling
  /// Its products; nil without a library.
  @unsafe let sgemm: ProductRoutine?

  /// The library, prepared on first access by any thread; later accesses cost a load and a comparison.
  static let shared = LoadedBLAS()

  private static let lock = Mutex<Void>(())

  private init() {
    unsafe sgemm = probe_products().map { unsafe unsafeBitCast($0, to: ProductRoutine.self) }
    probe_use_calling_thread()
    kernels = Self.choosingKernels(on: Processor.current)
    calling =
      if unsafe !kernels.canRun || sgemm == nil {
        .never
      } else if OpenBLASQuery.threading == .sequential {
        .oneAtATime
      } else if OpenBLASQuery.threading == .openMP && probe_can_limit_openmp() {
        .withoutOpenMPThreads
      } else {
        .freely
      }
  }

  /// The fault of a library that must not be called.
  var fault: BLASError.Fault? {
    guard calling == .never else { return nil }
    let failure = unsafe probe_products_failure()
    return unsafe failure == nil ? .cannotRun : .missing(OpenBLASQuery.text(failure))
  }

  /// Calls into the library.
  @inline(__always)
  static func call<Result: Sendable>(_ body: (LoadedBLAS) -> Result) -> Result {
    let library = shared
    if library.calling == .freely { return body(library) }
    return library.callCarefully(body)
  }

  @inline(never)
  private func callCarefully<Result: Sendable>(_ body: (LoadedBLAS) -> Result) -> Result {
    switch calling {
    case .freely: break
    case .oneAtATime: return Self.lock.withLock { _ in body(self) }
    case .withoutOpenMPThreads:
      let threads = probe_limit_openmp()
      defer { probe_restore_openmp(threads) }
      return body(self)
    case .never: require(false, BLASError(fault: fault ?? .cannotRun, library: BLASLibrary()).description)
    }
    return body(self)
  }

  /// Makes OpenBLAS choose other kernels if better ones than its choice run here.
  private static func choosingKernels(on processor: Processor?) -> BLASKernels {
    let picked = OpenBLASQuery.core
    let requested = unsafe OpenBLASQuery.text(getenv("OPENBLAS_CORETYPE"))
    let plan = BLASKernels.Plan(
      picked: picked, requested: requested.isEmpty ? nil : requested, processor: processor,
      hasSeveral: OpenBLASQuery.configuration.contains("DYNAMIC_ARCH"), canChoose: probe_can_choose_core())
    for name in plan.candidates {
      unsafe name.withCString { unsafe probe_choose_core($0) }
      if plan.accepts(OpenBLASQuery.core) { return plan.result(running: OpenBLASQuery.core) }
    }
    // The library has none of them: restore the earlier choice.
    if !plan.candidates.isEmpty {
      if requested.isEmpty {
        probe_choose_core(nil)
      } else {
        unsafe requested.withCString { unsafe probe_choose_core($0) }
      }
    }
    return plan.result(running: OpenBLASQuery.core)
  }
}

/// What OpenBLAS reports about itself, in Swift types.
enum OpenBLASQuery {
  /// The build's description, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH …`; empty for another library.
  static var configuration: String { unsafe text(probe_configuration()) }

  /// The processor family whose kernels are in use; empty for another library.
  static var core: String { unsafe text(probe_core()) }

  /// How the build makes threads.
  static var threading: BLASLibrary.Threading {
    switch probe_threading() {
    case 0: .sequential
    case 1: .pthreads
    case 2: .openMP
    default: .unknown
    }
  }

  /// A trimmed copy of a C string that the library owns.
  static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    guard let pointer = unsafe pointer else { return "" }
    return unsafe String(cString: pointer).split(separator: " ").joined(separator: " ")
  }
}
