internal import Glibc

/// A lock that many readers or one writer hold.
///
/// A writer that waits goes before readers that come later, so that a training is not held up by a stream of predictions.
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

  /// Runs `body` while nobody writes.
  func reading<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    unsafe pthread_rwlock_rdlock(lock)
    defer { unlock() }
    return try body()
  }

  /// Runs `body` while nobody else reads or writes.
  func writing<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    lockForWriting()
    defer { unlock() }
    return try body()
  }

  /// Waits until nobody else reads or writes, and keeps them out.
  func lockForWriting() { unsafe pthread_rwlock_wrlock(lock) }

  /// Lets others in again.
  func unlock() { unsafe pthread_rwlock_unlock(lock) }
}
