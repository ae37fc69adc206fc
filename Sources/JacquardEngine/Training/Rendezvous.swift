internal import Support
internal import Glibc
internal import Synchronization
internal import VectorKernels

/// A reusable barrier for a fixed group of threads: each waits until all have arrived.
///
/// A waiting thread spins for a few microseconds and then sleeps, because a sleep and a wake cost about 70.
@safe final class Rendezvous: @unchecked Sendable {
  private let parties: Int
  private let spins: Int
  private let arrived = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let opened: UnsafeMutablePointer<pthread_cond_t>

  init(parties: Int) {
    self.parties = parties
    // With more threads than cores, a thread must not spin while the one it waits for needs the core.
    spins = parties <= Hardware.processorCount ? 8_000 : 0
    unsafe lock = .allocate(capacity: 1)
    unsafe opened = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(opened, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(opened)
    unsafe pthread_mutex_destroy(lock)
    unsafe opened.deallocate()
    unsafe lock.deallocate()
  }

  /// Returns after all parties have called it; their earlier writes are then visible to all.
  func wait() {
    guard parties > 1 else { return }
    let mine = generation.load(ordering: .acquiring)
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == parties {
      arrived.store(0, ordering: .relaxed)
      unsafe pthread_mutex_lock(lock)
      generation.wrappingAdd(1, ordering: .releasing)
      unsafe pthread_cond_broadcast(opened)
      unsafe pthread_mutex_unlock(lock)
      return
    }
    for _ in 0..<spins {
      if generation.load(ordering: .acquiring) != mine { return }
      vk_pause()
    }
    unsafe pthread_mutex_lock(lock)
    while generation.load(ordering: .acquiring) == mine { unsafe pthread_cond_wait(opened, lock) }
    unsafe pthread_mutex_unlock(lock)
  }
}
