internal import CJacquard
internal import Glibc

/// The last error of each thread; the only state of this target besides handles.
enum LastError {
  /// One thread's error; the system frees it with the thread.
  private final class Slot {
    let status: jacquard_status
    let message: CString

    init(_ refusal: Refusal) {
      status = refusal.status
      message = CString(refusal.message)
    }
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key) { slot in
      if let slot = unsafe slot { unsafe Unmanaged<Slot>.fromOpaque(slot).release() }
    }
    return key
  }()

  private static let none = CString("")

  private static var slot: Slot? {
    guard let slot = unsafe pthread_getspecific(key) else { return nil }
    return unsafe Unmanaged<Slot>.fromOpaque(slot).takeUnretainedValue()
  }

  static func set(_ refusal: Refusal) {
    let earlier = unsafe pthread_getspecific(key)
    unsafe pthread_setspecific(key, Unmanaged.passRetained(Slot(refusal)).toOpaque())
    if let earlier = unsafe earlier { unsafe Unmanaged<Slot>.fromOpaque(earlier).release() }
  }

  static var status: jacquard_status { slot?.status ?? JACQUARD_OK }

  @unsafe static var message: UnsafePointer<CChar> { unsafe slot?.message.start ?? none.start }
}
