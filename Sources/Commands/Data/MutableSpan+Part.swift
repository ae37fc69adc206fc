extension MutableSpan {
  /// The elements at `range`, to be written in place; the one spot that spells the standard library's provisional name.
  @_lifetime(&self)
  mutating func part(_ range: Range<Int>) -> MutableSpan<Element> {
    _mutatingExtracting(range)
  }
}
