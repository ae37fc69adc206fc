internal import BLAS
package import Support
internal import Synchronization

/// The memory that OpenBLAS packs matrices into, one piece for each thread. Where a limit (`ulimit -v`) leaves too little of it, the library
/// asks again for ever, without a word.
package enum ProductMemory {
  /// The most threads for which there was enough. OpenBLAS keeps their memory, so what is left later says nothing about them.
  private static let granted = Mutex(0)

  /// Refuses to begin with less than the products need.
  ///
  /// - Parameter limit: What limits on this process leave it; nil without any: physical memory is given page by page.
  /// - Throws: a `Failure` of the kind `badConfiguration`.
  package static func check(threads: Int, limit: Int? = MemoryLimit.ofProcess) throws(Failure) {
    guard granted.withLock({ $0 < threads }) else { return }
    let needed = max(threads, BLASLibrary.fewestThreads) * BLASLibrary.memoryPerThread
    guard limit.map({ $0 >= needed }) ?? true else {
      throw Failure(
        .badConfiguration,
        "a limit on memory (ulimit -v) leaves \(NumberText.bytes(limit ?? 0)), but the matrix products of \(threads) "
          + "thread\(threads == 1 ? "" : "s") need \(NumberText.bytes(needed)); raise the limit, or use fewer \(.threads)."
      )
    }
    granted.withLock { $0 = max($0, threads) }
  }
}
