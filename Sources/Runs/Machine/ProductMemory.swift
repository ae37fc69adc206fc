internal import BLAS
package import Support

/// The memory that OpenBLAS packs matrices into, one piece for each thread. Where a limit (`ulimit -v`) leaves too little of it, the library
/// asks again for ever, without a word.
package enum ProductMemory {
  /// Refuses to begin with less than the products need.
  ///
  /// - Parameter limit: What limits on this process leave it; nil without any: physical memory is given page by page.
  /// - Throws: a `Failure` of the kind `badConfiguration`.
  package static func check(threads: Int, limit: Int? = MemoryLimit.ofProcess) throws(Failure) {
    let needed = max(threads, BLASLibrary.fewestThreads) * BLASLibrary.memoryPerThread
    guard let limit, limit < needed else { return }
    throw Failure(
      .badConfiguration,
      "a limit on memory (ulimit -v) leaves \(NumberText.bytes(limit)), but the matrix products of \(threads) "
        + "thread\(threads == 1 ? "" : "s") need \(NumberText.bytes(needed)); raise the limit, or use fewer \(.threads)."
    )
  }
}
