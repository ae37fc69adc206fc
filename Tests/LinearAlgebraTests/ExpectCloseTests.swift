import TestSupport
import Testing

/// Tests the helper that compares results: it must find errors.
struct ExpectCloseTests {
  @Test(arguments: [Float(1.25), 0.75, .nan, .infinity])
  func wrongElementsAreFoundAndLocated(wrong: Float) {
    let found = mismatches([2, wrong, 4], [2, 1, 4], relativeTo: .one, tolerance: 0.125)
    #expect(found.map(\.index) == [1])
    #expect(found.map(\.expected) == [1] && found.map(\.bound) == [0.125])
    #expect(found.first?.got.bitPattern == wrong.bitPattern)
  }

  @Test func elementsOnTheBoundAndExpectedInfinitiesAreAccepted() {
    #expect(mismatches([1.125, -.infinity], [1, -.infinity], relativeTo: .one, tolerance: 0.125) == [])
    #expect(mismatches([1, .infinity], [1, -.infinity], relativeTo: .one, tolerance: .infinity).map(\.index) == [1])
  }

  @Test func nanIsNeverAccepted() {
    #expect(mismatches([.nan], [.nan], relativeTo: .one, tolerance: .infinity).count == 1)
    #expect(mismatches([1], [.nan], relativeTo: .one, tolerance: .infinity).count == 1)
  }

  @Test func theBoundIsScaled() {
    let (got, reference) = ([1.5, 8.5] as [Float], [1, -8] as [Double])
    #expect(mismatches(got, reference, relativeTo: .one, tolerance: 0.5).map(\.bound) == [0.5])
    #expect(mismatches(got, reference, relativeTo: .each, tolerance: 0.25).map(\.bound) == [0.25, 2])
    #expect(mismatches(got, reference, relativeTo: .largest, tolerance: 0.25).map(\.bound) == [2])
    #expect(mismatches(got, reference, relativeTo: .values([1, 16.5]), tolerance: 1) == [])
  }

  @Test func wrongElementsAndCountsRecordAnIssue() {
    withKnownIssue {
      expectClose([1, 2], [1, 2.5], tolerance: 0.01)
    } matching: { issue in
      issue.description.contains("1 of 2 off; first [1]: got 2.0, expected 2.5, error 0.5, bound 0.025")
    }
    withKnownIssue {
      expectClose([1], [1, 2], tolerance: 1)
    } matching: { issue in
      issue.description.contains("got 1 elements, expected 2")
    }
  }
}
