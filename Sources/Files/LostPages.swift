internal import Glibc
internal import Support
internal import Synchronization

/// Ends the process in an orderly way if a mapped file loses the pages that are being read.
///
/// The system raises SIGBUS for a page that lies past the end of a file that was cut short, or that the disk cannot deliver. The read
/// is in the middle of a computation and cannot throw. A program that asks for it gets one line that names the file, and an exit
/// code; in any other program the signal ends the process, as it does by default.
package enum LostPages {
  /// A mapping, with its message. A start of 0 marks a free place.
  @safe private struct Slot {
    var start: UInt = 0
    var end: UInt = 0
    var message: UnsafeMutablePointer<UInt8>?
    var messageCount = 0
  }

  // Static because a signal handler can reach nothing else.
  /// The most mappings that are named; of more, the signal ends the process.
  private static let capacity = 256
  /// Written under the lock. The handler reads it without: a thread that reads a mapping keeps it in its place.
  private nonisolated(unsafe) static let slots: UnsafeMutablePointer<Slot> = {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    unsafe slots.initialize(repeating: Slot(), count: capacity)
    return unsafe slots
  }()
  private nonisolated(unsafe) static let prefix = UnsafeMutablePointer<UInt8>.allocate(capacity: longestPrefix)
  private static let longestPrefix = 64
  private static let prefixCount = Atomic<Int>(0)
  private static let code = Atomic<Int32>(0)
  /// Whether a thread is writing the message already.
  private static let isEnding = Atomic<Bool>(false)
  private static let lock = Mutex<Void>(())

  /// From now on, such a loss ends the process with a line on standard error and this exit code.
  package static func endProcess(code: Int32, linePrefix: String) {
    // Touched before the handler can run: it must not be the one to initialize them.
    unsafe slots[0].end = 0
    var count = 0
    for byte in linePrefix.utf8.prefix(longestPrefix) {
      unsafe prefix[count] = byte
      count += 1
    }
    prefixCount.store(count, ordering: .relaxed)
    Self.code.store(code, ordering: .relaxed)
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_sigaction = { _, information, _ in
      if let information = unsafe information {
        unsafe LostPages.handle(UInt(bitPattern: information.pointee._sifields._sigfault.si_addr))
      }
      // Not one of our files: the read is repeated, and the signal ends the process.
      signal(SIGBUS, SIG_DFL)
    }
    action.sa_flags = SA_SIGINFO
    unsafe sigaction(SIGBUS, &action, nil)
  }

  private static func handle(_ address: UInt) {
    for index in 0..<capacity {
      let slot = unsafe slots[index]
      guard slot.start != 0, slot.start <= address, address < slot.end else { continue }
      // Several threads may read the same file; the first one ends the process.
      while isEnding.exchange(true, ordering: .relaxed) { pause() }
      _ = unsafe Glibc.write(2, prefix, prefixCount.load(ordering: .relaxed))
      if let message = unsafe slot.message { _ = unsafe Glibc.write(2, message, slot.messageCount) }
      _exit(code.load(ordering: .relaxed))
    }
  }

  /// Enters a mapping that begins at an address; nil if all places are taken.
  static func add(_ start: UInt, byteCount: Int, path: String) -> Int? {
    let text =
      VisibleText.line(path)
      + ": cannot read the file: it was cut short, or its disk failed, while it was in use; "
      + "start again when nobody writes to it\n"
    let bytes = Array(text.utf8)
    let page = Hardware.pageByteCount
    // The last page counts as a whole.
    let end = start + UInt((byteCount + page - 1) / page * page)
    return lock.withLock { _ -> Int? in
      guard let place = (0..<capacity).first(where: { unsafe slots[$0].start == 0 }) else { return nil }
      let message = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
      unsafe message.initialize(from: bytes, count: bytes.count)
      unsafe slots[place] = Slot(start: start, end: end, message: message, messageCount: bytes.count)
      return place
    }
  }

  /// Takes a mapping out.
  static func remove(_ place: Int) {
    lock.withLock { _ in
      let message = unsafe slots[place].message
      unsafe slots[place] = Slot()
      unsafe message?.deallocate()
    }
  }
}
