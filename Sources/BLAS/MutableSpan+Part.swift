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
}
