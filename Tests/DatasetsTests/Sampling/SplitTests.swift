import Datasets
import Testing

struct SplitTests {
  /// A set of 1 × 1 images with these labels.
  private static func set(_ labels: [UInt16], classes: Int) -> ImageSet {
    ImageSet(
      shape: Shape.image(height: 1, width: 1, channels: 1), classNames: (0..<classes).map { "class \($0)" },
      images: labels.map { UInt8($0) }, labels: labels)
  }

  private static func counts(_ indices: [Int32], in set: ImageSet) -> [Int] {
    indices.reduce(into: [Int](repeating: 0, count: set.classCount)) { $0[Int(set.labels[Int($1)])] += 1 }
  }

  /// Class sizes, validation samples, and the share of each class worked out by hand.
  @Test(arguments: [
    ([60, 60, 60], 18, [6, 6, 6]),  // even
    ([10, 10, 10], 4, [2, 1, 1]),  // equal remainders: the lower label first
    ([50, 30, 20], 7, [4, 2, 1]),  // 3.5, 2.1, 1.4
    ([97, 2, 1], 50, [49, 1, 0]),  // 48.5, 1, 0.5: a tie
    ([1, 0, 9], 9, [1, 0, 8]),  // 0.9, 0, 8.1; an empty class
    ([5, 5], 1, [1, 0]),
  ])
  func classesKeepTheirProportions(sizes: [Int], count: Int, expected: [Int]) throws {
    // Interleaved, so that a split by position would be noticed.
    var left = sizes
    var labels: [UInt16] = []
    while labels.count < sizes.reduce(0, +) {
      for label in sizes.indices where left[label] > 0 {
        left[label] -= 1
        labels.append(UInt16(label))
      }
    }
    let set = Self.set(labels, classes: sizes.count)
    for seed in 0..<20 as Range<UInt64> {
      let split = try Split(of: set, validation: .count(count), seed: seed)
      #expect(Self.counts(split.validation, in: set) == expected)
      #expect(Self.counts(split.training, in: set) == zip(sizes, expected).map { $0 - $1 })
      #expect(split.training == split.training.sorted())
      #expect(split.validation == split.validation.sorted())
      #expect((split.training + split.validation).sorted() == set.allIndices)
    }
  }

  /// Computed once by a separate implementation in another language.
  @Test func splitNeverChanges() throws {
    let set = Self.set((0..<20).map { UInt16($0 * $0 % 3) }, classes: 3)
    let split = try Split(of: set, validation: .count(7), seed: 1)
    #expect(split.validation == [5, 6, 7, 8, 9, 14, 19])
    #expect(try Split(of: set, validation: .fraction(0.35), seed: 1) == split)
    #expect(try Split(of: set, validation: .count(7), seed: 2) != split)
  }

  @Test func everySampleIsTakenEquallyOften() throws {
    let set = Self.set([UInt16](repeating: 0, count: 10), classes: 1)
    var taken = [Int](repeating: 0, count: 10)
    for seed in 0..<2000 as Range<UInt64> {
      for index in try Split(of: set, validation: .count(3), seed: seed).validation {
        taken[Int(index)] += 1
      }
    }
    // 2000 draws at 3/10: mean 600, deviation 20.5. Five deviations.
    #expect(taken.allSatisfy { abs($0 - 600) < 103 }, "\(taken)")
  }

  @Test func aSubsetIsSplitWithinItself() throws {
    let set = Self.set((0..<30).map { UInt16($0 % 2) }, classes: 2)
    let subset: [Int32] = [29, 3, 4, 10, 11, 0, 7, 8]
    let split = try Split(of: set, indices: subset, validation: .fraction(0.5), seed: 3)
    #expect((split.training + split.validation).sorted() == subset.sorted())
    #expect(Self.counts(split.validation, in: set) == [2, 2])
  }

  @Test(
    arguments: [
      ("5000", .count(5000)), ("1", .count(1)), ("0.1", .fraction(0.1)), ("1e-3", .fraction(0.001)),
    ] as [(String, ValidationSize)])
  func sizesAreReadAndRoundTrip(text: String, expected: ValidationSize) throws {
    #expect(try ValidationSize(parsing: text) == expected)
    #expect(try ValidationSize(parsing: expected.description) == expected)
  }

  @Test(arguments: ["", "0", "-5", "0.0", "1.0", "1.5", "-0.1", "nan", "inf", "ten", "5%", " 5"])
  func otherSizesAreRefused(text: String) throws {
    let error = try #require(throws: SettingError.self) { try ValidationSize(parsing: text) }
    #expect(
      error.description
        == "validation: '\(text)': expected a number of samples of at least 1, or a share above 0 and below 1")
  }

  @Test(
    arguments: [
      (.count(10), "10", 10), (.count(11), "11", 11), (.count(0), "0", 0), (.fraction(0.01), "0.01", 0),
      (.fraction(0.99), "0.99", 10), (.fraction(1), "1.0", 0),
    ] as [(ValidationSize, String, Int)])
  func bothSidesKeepASample(size: ValidationSize, part: String, count: Int) throws {
    let set = Self.set([UInt16](repeating: 0, count: 10), classes: 1)
    let error = try #require(throws: SettingError.self) { try Split(of: set, validation: size, seed: 1) }
    #expect(
      error.description
        == "validation: '\(part)': expected to keep at least 1 of 10 samples on each side, found \(count) to validate on"
    )
  }
}
