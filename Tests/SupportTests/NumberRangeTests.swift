import Support
import Testing

/// The allowed numbers of settings.
struct NumberRangeTests {
  @Test(arguments: [
    (NumberRange.above(0, upTo: 100), "a number above 0 and at most 100", "above 0 to 100"),
    (.from(0, below: 1), "a number of at least 0 and below 1", "0 to below 1"),
    (.from(0, upTo: 0.5), "a number of at least 0 and at most 0.5", "0 to 0.5"),
    (.whole(1...64), "a whole number from 1 to 64", "1 to 64"),
    (.whole(1...Int.max), "a whole number of at least 1", "at least 1"),
  ])
  func wordsSayWhatIsMeant(range: NumberRange, text: String, brief: String) {
    #expect(range.text == text)
    #expect(range.briefText == brief)
  }

  @Test func boundsBelongToTheRangeOrNot() {
    let above = NumberRange.above(0, upTo: 100)
    #expect([0, 100, 100.5, -1, .nan, .infinity].map(above.contains) == [false, true, false, false, false, false])
    let below = NumberRange.from(0, below: 1)
    #expect([0, 0.5, 1].map(below.contains) == [true, true, false])
    let whole = NumberRange.whole(1...64)
    #expect([0, 1, 1.5, 64, 65].map(whole.contains) == [false, true, false, true, false])
    #expect(whole.contains(64) && !whole.contains(65))
    #expect(NumberRange.whole(1...Int.max).contains(Int.max))
  }

  /// The engine computes in single precision, where these numbers equal the excluded bound.
  @Test func singlePrecisionCounts() {
    #expect(!NumberRange.from(0, below: 1).contains(0.999_999_999_9))
    #expect(!NumberRange.above(0, upTo: 100).contains(1e-60))
  }

  @Test func schemasHaveTheSameBounds() {
    func schema(_ range: NumberRange) -> JSONValue { .object(range.schema) }
    #expect(schema(.above(0, upTo: 100)) == ["exclusiveMinimum": 0, "maximum": 100])
    #expect(schema(.from(0, below: 1)) == ["minimum": 0, "exclusiveMaximum": 1])
    #expect(schema(.whole(1...Int.max)) == ["minimum": 1])
  }
}
