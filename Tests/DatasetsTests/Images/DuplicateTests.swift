import Datasets
import Testing

/// Equal images, within a set and across two.
struct DuplicateTests {
  private func set(_ images: [[UInt8]], labels: [UInt16], width: Int = 2) -> ImageSet {
    ImageSet(
      shape: Shape.image(height: 1, width: width, channels: 1), classNames: ["a", "b", "c"],
      images: images.flatMap { $0 }, labels: labels)
  }

  @Test func repetitionsNameTheFirstOfTheirKind() {
    let index = DuplicateIndex(
      set([[1, 2], [3, 4], [1, 2], [5, 6], [3, 4], [1, 2]], labels: [0, 1, 2, 0, 1, 0]))
    #expect(index.repetitions.map { [$0.image, $0.first] } == [[2, 0], [4, 1], [5, 0]])
  }

  @Test func matchesAcrossSetsAreFound() {
    let index = DuplicateIndex(set([[1, 2], [3, 4]], labels: [0, 1]))
    let other = set([[3, 4], [9, 9], [1, 2], [3, 4]], labels: [0, 0, 0, 0])
    #expect(index.matches(of: other).map { [$0.image, $0.first] } == [[0, 1], [2, 0], [3, 1]])
    // The same bytes in another shape are another image.
    let reshaped = ImageSet(
      shape: Shape.image(height: 2, width: 1, channels: 1), classNames: ["a"], images: [1, 2], labels: [0])
    #expect(index.matches(of: reshaped).isEmpty)
  }

  @Test func aSingleDifferentPixelMakesAnotherImage() {
    let index = DuplicateIndex(set([[0, 0, 0], [0, 0, 1], [1, 0, 0]], labels: [0, 0, 0], width: 3))
    #expect(index.repetitions.isEmpty)
    #expect(DuplicateIndex(set([], labels: [])).repetitions.isEmpty)
  }

  @Test func theHistogramCountsEveryValue() {
    let statistics = set([[0, 255], [7, 7]], labels: [0, 1]).statistics
    #expect(statistics.histogram.count == 256)
    #expect(statistics.histogram.reduce(0, +) == 4)
    #expect([0, 7, 255].map { statistics.histogram[$0] } == [1, 2, 1])
  }

  @Test func classMeansAreRounded() {
    let means = set([[0, 10], [1, 20], [9, 9]], labels: [0, 0, 2]).classMeans
    #expect(means == [[1, 15], [0, 0], [9, 9]])
  }

  @Test func theFirstImagesOfEachClass() {
    let choice = set([[0, 0], [0, 0], [0, 0], [0, 0]], labels: [2, 0, 2, 2]).firstOfEachClass(2)
    #expect(choice == [[1], [], [0, 2]])
  }

  @Test func randomImagesAreDifferentAndDependOnTheSeedAlone() {
    let many = ImageSet(
      shape: Shape.image(height: 1, width: 1, channels: 1), classNames: ["a"],
      images: [UInt8](repeating: 0, count: 500), labels: [UInt16](repeating: 0, count: 500))
    let chosen = many.randomIndices(40, seed: 3)
    #expect(chosen == many.randomIndices(40, seed: 3))
    #expect(chosen != many.randomIndices(40, seed: 4))
    #expect(Set(chosen).count == 40 && chosen.allSatisfy { 0..<500 ~= $0 })
    // More than exist: all of them.
    #expect(many.randomIndices(900, seed: 1).sorted() == Array(0..<500))
    #expect(Array(many.randomIndices(80, seed: 3).prefix(40)) == chosen)
  }
}
