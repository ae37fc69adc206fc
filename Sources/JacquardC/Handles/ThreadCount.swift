internal import Glibc

/// How many threads a caller asks for.
enum ThreadCount {
  /// The number itself, or for 0 that of the processors, at most 256.
  static func checked(_ count: Int32, _ name: StaticString) throws(Refusal) -> Int {
    guard (0...256).contains(count) else {
      throw .argument("\(name) is \(count); it must be 1 to 256, or 0 for one on each processor")
    }
    return count == 0 ? min(256, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) : Int(count)
  }
}
