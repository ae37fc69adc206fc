import Support
import Testing

struct RequireTests {
  @Test func theMessageReachesStandardErrorInARelease() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      require(false, "a count must not be negative, found \(-1)")
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("Precondition failed: a count must not be negative, found -1\n"))
  }

  @Test func aPartIsChangedInPlace() {
    var values = [0, 1, 2, 3, 4]
    var whole = values.mutableSpan
    var part = whole.part(1..<3)
    part[0] = 10
    part[1] = 20
    #expect(values == [0, 10, 20, 3, 4])
  }

  @Test func twoPartsAreChangedAtOnce() {
    var values = [0, 1, 2, 3, 4]
    var whole = values.mutableSpan
    whole.withParts(2) { first, rest in
      #expect(first.count == 2)
      #expect(rest.count == 3)
      swap(&first[1], &rest[2])
    }
    #expect(values == [0, 4, 2, 3, 1])
  }
}
