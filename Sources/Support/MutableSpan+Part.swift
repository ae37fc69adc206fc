extension MutableSpan {
  /// A mutable view of a range of the elements. The whole span cannot be used while the view is in use.
  ///
  /// The range is checked once, so a loop over the part's indices needs no bounds checks and is vectorized.
  @_lifetime(&self)
  @inline(__always)
  package mutating func part(_ range: Range<Int>) -> MutableSpan<Element> {
    // The standard library has not settled on a name for this operation, so only this file spells it.
    _mutatingExtracting(range)
  }

  /// Calls `body` with two mutable views: the first `count` elements and the rest.
  @inline(__always)
  package mutating func withParts(
    _ count: Int, _ body: (inout MutableSpan<Element>, inout MutableSpan<Element>) -> Void
  )
  where Element: BitwiseCopyable {
    require(count >= 0 && count <= self.count, "withParts: \(count) is outside 0...\(self.count)")
    unsafe withUnsafeMutableBufferPointer { all in
      // The two ranges do not overlap, but the compiler cannot see that.
      var first = unsafe MutableSpan(_unsafeElements: all.extracting(0..<count))
      var rest = unsafe MutableSpan(_unsafeElements: all.extracting(count..<all.count))
      body(&first, &rest)
    }
  }
}
