import AllocationCounter
import Randomness
import Testing

struct PromiseTests {
  @Test func streamsAndDrawsAllocateNothing() {
    var values = [Int32](0..<100)
    var span = values.mutableSpan
    var sum = 0.0
    let before = allocations_of_this_thread()
    for index in 0..<10 {
      var generator = RandomStream(seed: 1, name: "a name that is too long to be stored in place").generator(
        epoch: 3, index: index)
      generator.shuffle(&span)
      sum += Double(generator.unitFloat()) + generator.unitDouble() + Double(generator.normal())
      sum += Double(generator.integer(below: 10)) + Double(generator.unitFloat(at: 7)) + (generator.coin() ? 1 : 0)
    }
    let after = allocations_of_this_thread()
    #expect(after == before)
    #expect(sum.isFinite)
    #expect(values.sorted() == [Int32](0..<100))
  }

  @Test(arguments: [0, -1])
  func aBoundMustBePositive(bound: Int) async {
    await #expect(processExitsWith: .failure) { [bound] in
      var generator = RandomStream(seed: 1, name: "bound").generator(epoch: 0, index: 0)
      _ = generator.integer(below: bound)
    }
  }
}
