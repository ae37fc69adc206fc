internal import Support

/// How many threads a caller asks for.
enum ThreadCount {
  /// The number itself, or for 0 that of the processors, at most 256.
  static func checked(_ count: Int32, _ name: StaticString) throws(Refusal) -> Int {
    guard (0...256).contains(count) else {
      throw .argument("\(name) is \(count); it must be 1 to 256, or 0 for one on each processor")
    }
    return count == 0 ? min(256, Hardware.processorCount) : Int(count)
  }
}
