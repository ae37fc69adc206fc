extension MutableSpan {
  /// The elements at `range`, to be written in place while the whole is not touched.
  ///
  /// The one place that spells the standard library's name for this, which is still provisional.
  @_lifetime(&self)
  mutating func part(_ range: Range<Int>) -> MutableSpan<Element> {
    _mutatingExtracting(range)
  }
}
