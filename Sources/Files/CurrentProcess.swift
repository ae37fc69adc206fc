internal import Glibc
internal import Support

/// The current process.
package enum CurrentProcess {
  /// The process's number.
  package static var number: Int { Int(getpid()) }

  /// The bytes of memory that it currently uses; nil if the system does not report them.
  package static var residentMemory: Int? {
    guard let bytes = try? FileReader.bytes(ofFileAt: "/proc/self/statm", maximumByteCount: 4096) else { return nil }
    // All pages, resident pages, and more.
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * Hardware.pageByteCount
  }
}
