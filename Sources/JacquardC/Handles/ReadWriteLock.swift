internal import Glibc

/// A lock for many readers or one writer.
///
/// A waiting writer goes before later readers, so that a stream of predictions does not delay a training.
@safe final class ReadWriteLock: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    unsafe lock = .allocate(capacity: 1)
    var attributes = pthread_rwlockattr_t()
    unsafe pthread_rwlockattr_init(&attributes)
    unsafe pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    unsafe pthread_rwlock_init(lock, &attributes)
    unsafe pthread_rwlockattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_rwlock_destroy(lock)
    unsafe lock.deallocate()
  }

  /// Runs `body` while no one writes.
  func reading<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    unsafe pthread_rwlock_rdlock(lock)
    defer { unlock() }
    return try body()
  }

  /// Runs `body` while no one else reads or writes.
  func writing<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    lockForWriting()
    defer { unlock() }
    return try body()
  }

  /// Locks for writing: waits until no one else reads or writes.
  func lockForWriting() { unsafe pthread_rwlock_wrlock(lock) }

  /// Unlocks for writing.
  func unlock() { unsafe pthread_rwlock_unlock(lock) }
}
