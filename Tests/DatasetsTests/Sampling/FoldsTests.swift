import Datasets
import Testing

/// Samples divided into folds.
struct FoldsTests {
  /// A set of 1 × 1 images with these labels.
  private static func set(_ labels: [UInt16], classes: Int) -> ImageSet {
    ImageSet(
      shape: Shape.image(height: 1, width: 1, channels: 1), classNames: (0..<classes).map { "class \($0)" },
      images: labels.map { UInt8(truncatingIfNeeded: $0) }, labels: labels)
  }

  private static func counts(_ indices: [Int32], in set: ImageSet) -> [Int] {
    indices.reduce(into: [Int](repeating: 0, count: set.classCount)) { $0[Int(set.labels[Int($1)])] += 1 }
  }

  @Test(arguments: [([60, 60, 60], 5), ([50, 30, 20], 7), ([97, 2, 1], 4), ([1, 0, 9], 10), ([5, 5], 2), ([7], 3)])
  func classesKeepTheirProportions(sizes: [Int], count: Int) throws {
    let labels = sizes.enumerated().flatMap { [UInt16](repeating: UInt16($0), count: $1) }
    let set = Self.set(labels, classes: sizes.count)
    for seed in 0..<10 as Range<UInt64> {
      let folds = try Folds(of: set, count: count, seed: seed)
      #expect(folds.members.count == count && folds.members.flatMap(\.self).sorted() == set.allIndices)
      let all = folds.members.map(\.count)
      #expect((all.max() ?? 0) - (all.min() ?? 0) <= 1)
      for label in sizes.indices {
        let ofClass = folds.members.map { Self.counts($0, in: set)[label] }
        #expect((ofClass.max() ?? 0) - (ofClass.min() ?? 0) <= 1, "class \(label): \(ofClass)")
      }
      for (number, fold) in folds.members.enumerated() {
        #expect(fold == fold.sorted())
        #expect(folds.training(without: number) == set.allIndices.filter { !fold.contains($0) })
      }
      #expect(try Folds(of: set, count: count, seed: seed) == folds)
    }
  }

  @Test func anotherSeedGivesOtherFolds() throws {
    let set = Self.set((0..<100).map { UInt16($0 % 4) }, classes: 4)
    let all = try (0..<20 as Range<UInt64>).map { try Folds(of: set, count: 5, seed: $0) }
    #expect(Set(all).count == 20)
    // The folds of a part of the images contain no others.
    let part = [Int32](10..<40)
    #expect(try Folds(of: set, indices: part, count: 3, seed: 1).members.flatMap(\.self).sorted() == part)
  }

  @Test func groupsStayTogether() throws {
    // 60 groups of 1 to 12 images, each of mostly one of three classes.
    var (labels, groups): ([UInt16], [Int]) = ([], [])
    for group in 0..<60 {
      for image in 0...(group * 7 % 12) {
        labels.append(UInt16(image % 5 == 4 ? (group + 1) % 3 : group % 3))
        groups.append(group)
      }
    }
    let set = Self.set(labels, classes: 3)
    let shares = (0..<3).map { label in Double(labels.count { $0 == label }) }
    for seed in 0..<10 as Range<UInt64> {
      let folds = try Folds(of: set, count: 4, groups: groups, seed: seed)
      #expect(folds.members.flatMap(\.self).sorted() == set.allIndices)
      var owners: [Int: Set<Int>] = [:]
      for (number, fold) in folds.members.enumerated() {
        for image in fold { owners[groups[Int(image)], default: []].insert(number) }
        // A quarter of each class, within a few images.
        for (label, count) in Self.counts(fold, in: set).enumerated() {
          #expect(abs(Double(count) / shares[label] - 0.25) < 0.05, "\(seed), fold \(number), class \(label)")
        }
      }
      #expect(owners.count == 60 && owners.values.allSatisfy { $0.count == 1 })
    }
  }

  @Test func tooFewImagesOrGroupsAreRefused() {
    let set = Self.set([0, 1, 0], classes: 2)
    #expect(throws: SettingError.self) { try Folds(of: set, count: 4, seed: 1) }
    #expect(throws: SettingError.self) { try Folds(of: set, count: 3, groups: [7, 7, 8], seed: 1) }
    #expect(throws: Never.self) { try Folds(of: set, count: 2, groups: [7, 7, 8], seed: 1) }
  }

  @Test(arguments: [
    ("2/5", 2, 5), ("1/2", 1, 2), ("1000/1000", 1000, 1000),
  ])
  func choicesAreRead(text: String, number: Int, count: Int) throws {
    let choice = try #require(FoldChoice(text))
    #expect(choice == FoldChoice(number, of: count) && choice.description == text)
  }

  @Test(arguments: ["", "2", "0/5", "6/5", "1/1", "1/1001", "1/2/3", "a/5", "2 / 5"])
  func otherTextIsNoChoice(text: String) { #expect(FoldChoice(text) == nil) }
}
