internal import LinearAlgebra
package import Support
internal import Synchronization

/// The memory into which OpenBLAS packs matrices, one block per thread. If a limit (`ulimit -v`) leaves too little, the library
/// retries forever without a message.
package enum ProductMemory {
  /// The most threads for which there was enough. OpenBLAS keeps their memory, so what is left later no longer matters for them.
  private static let granted = Mutex(0)

  /// Throws if the products need more memory than is left.
  ///
  /// - Parameter limit: What the limits on this process leave; nil without limits, because physical memory is assigned page by page.
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
