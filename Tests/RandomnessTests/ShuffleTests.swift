import Randomness
import Testing

struct ShuffleTests {
  /// Computed once by a separate implementation in another language.
  @Test func orderNeverChanges() {
    var generator = RandomStream(seed: 11, name: "shuffle golden").generator(epoch: 0, index: 0)
    var values = [Int32](0..<12)
    generator.shuffle(&values)
    #expect(values == [8, 4, 10, 6, 5, 1, 7, 11, 2, 3, 9, 0])
  }

  @Test(arguments: [0, 1, 2, 3, 1000])
  func shufflingKeepsEveryValue(count: Int) {
    var generator = RandomStream(seed: 1, name: "keep").generator(epoch: 0, index: count)
    var values = [Int32](0..<Int32(count))
    generator.shuffle(&values)
    #expect(values.sorted() == [Int32](0..<Int32(count)))
    if count == 1000 { #expect(values != values.sorted()) }
  }

  @Test func spanAndArrayAgree() {
    let start = RandomStream(seed: 1, name: "span").generator(epoch: 2, index: 0)
    var array = [Int32](0..<50)
    var behindSpan = array
    var generator = start
    generator.shuffle(&array)
    generator = start
    var span = behindSpan.mutableSpan
    generator.shuffle(&span)
    #expect(array == behindSpan)
  }

  /// All 24 orders of four values are equally likely: 23 degrees of freedom, 0.999 quantile.
  @Test func everyOrderIsEquallyLikely() {
    let stream = RandomStream(seed: 4, name: "orders")
    var counts: [[Int32]: Int] = [:]
    for epoch in 0..<24_000 {
      var generator = stream.generator(epoch: epoch, index: 0)
      var values: [Int32] = [0, 1, 2, 3]
      generator.shuffle(&values)
      counts[values, default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.reduce(0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 } < 49.73)
  }
}
