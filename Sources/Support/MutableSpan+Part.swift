extension MutableSpan {
  /// A view of a range of the elements, to change them through; while it is in use, the whole span is not.
  ///
  /// One bounds check for the range, so that a loop over the part's own indices needs none and is vectorized.
  @_lifetime(&self)
  @inline(__always)
  package mutating func part(_ range: Range<Int>) -> MutableSpan<Element> {
    // The standard library has not settled on this operation's name yet: it is spelled here and nowhere else.
    _mutatingExtracting(range)
  }

  /// Calls `body` with the first `count` elements and the rest, to change both at once.
  @inline(__always)
  package mutating func withParts(
    _ count: Int, _ body: (inout MutableSpan<Element>, inout MutableSpan<Element>) -> Void
  )
  where Element: BitwiseCopyable {
    require(count >= 0 && count <= self.count, "withParts: \(count) of \(self.count) elements")
    unsafe withUnsafeMutableBufferPointer { all in
      // The two ranges do not overlap, which the language cannot see.
      var first = unsafe MutableSpan(_unsafeElements: all.extracting(0..<count))
      var rest = unsafe MutableSpan(_unsafeElements: all.extracting(count..<all.count))
      body(&first, &rest)
    }
  }
}
