internal import CBLAS

/// The questions that OpenBLAS answers about itself, in Swift's types.
enum OpenBLASQuery {
  /// Limits OpenBLAS to the calling thread, the first time that it is read.
  ///
  /// The one global of this module. The language runs its initializer exactly once, whichever threads come first, and
  /// every later reading costs a load and a compare, so a product can afford to rely on it.
  static let useCallingThreadOnly: Void = openblas_set_num_threads(1)

  /// The build's description, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH …`.
  static var configuration: String { unsafe text(openblas_get_config()) }

  /// The processor family whose kernels are in use.
  static var core: String { unsafe text(openblas_get_corename()) }

  /// The threads that one product uses.
  static var threads: Int { Int(openblas_get_num_threads()) }

  /// How the build makes threads.
  static var threading: BLASLibrary.Threading {
    switch openblas_get_parallel() {
    case OPENBLAS_SEQUENTIAL: .sequential
    case OPENBLAS_THREAD: .pthreads
    case OPENBLAS_OPENMP: .openMP
    default: .unknown
    }
  }

  /// A copy of a C string that the library keeps, without the blanks at its ends.
  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    guard let pointer = unsafe pointer else { return "" }
    let words = unsafe String(cString: pointer).split(separator: " ")
    return words.joined(separator: " ")
  }
}
