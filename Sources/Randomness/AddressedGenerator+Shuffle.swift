extension AddressedGenerator {
  /// Puts the values into a uniformly random order, in place.
  ///
  /// Source: Durstenfeld's form of the Fisher–Yates shuffle, Communications of the ACM 7 (1964).
  public mutating func shuffle(_ values: inout MutableSpan<Int32>) {
    var last = values.count - 1
    while last > 0 {
      values.swapAt(last, integer(below: last + 1))
      last -= 1
    }
  }

  /// Puts the values into a uniformly random order, in place: the same order as for a span of the same values.
  public mutating func shuffle(_ values: inout [Int32]) {
    var span = values.mutableSpan
    shuffle(&span)
  }
}
