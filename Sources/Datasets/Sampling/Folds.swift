internal import Randomness
internal import Support

/// One of the parts into which samples are divided for cross-validation, such as 2/5: the second of five.
public struct FoldChoice: Hashable, Sendable, CustomStringConvertible {
  /// The number of the fold, from 1.
  public let number: Int
  /// The number of folds.
  public let count: Int

  /// The most folds.
  public static let largestCount = 1000

  /// One of several folds.
  ///
  /// - Precondition: there are 2 to 1000 folds, and the number is one of them.
  public init(_ number: Int, of count: Int) {
    require(
      2...Self.largestCount ~= count && 1...count ~= number, "FoldChoice: there is no fold \(number) of \(count)")
    self.number = number
    self.count = count
  }

  /// Reads `2/5`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], 2...Self.largestCount ~= count,
      1...count ~= number
    else { return nil }
    self.number = number
    self.count = count
  }

  /// The text; reading it gives the same value.
  public var description: String { "\(number)/\(count)" }
}

/// Samples divided into parts for cross-validation, with the classes in equal proportions.
///
/// Without groups, the sizes of two folds differ by at most one sample, and so do their samples of a class: the samples of each class, in random order, are
/// dealt to the folds in turn. With groups, each group is in one fold; the groups, the largest first, go where they make the classes' shares most equal
/// (the sum over classes of the squared shares of the folds grows least), and in a tie to the fold with the fewest samples.
public struct Folds: Hashable, Sendable {
  /// The number of folds.
  public let count: Int
  /// The samples of each fold, ascending.
  public let members: [[Int32]]

  /// Divides samples, in the same way for the same seed.
  ///
  /// - Parameters:
  ///   - set: the images.
  ///   - indices: the samples that take part, ascending; all by default.
  ///   - count: the number of folds, at least 2.
  ///   - groups: a number for each image of the set: images of equal numbers stay together; nil for no groups.
  ///   - seed: the run's seed.
  /// - Throws: `SettingError` if there are fewer samples or groups than folds.
  public init(
    of set: ImageSet, indices: [Int32]? = nil, count: Int, groups: [Int]? = nil, seed: UInt64
  ) throws(SettingError) {
    let indices = indices ?? set.allIndices
    require(count > 1, "Folds: needs at least 2 folds, found \(count)")
    self.count = count
    guard indices.count >= count else { throw Self.tooFew("images", indices.count, count) }
    let stream = RandomStream(seed: seed, name: "folds")
    var members = [[Int32]](repeating: [], count: count)
    if let groups {
      require(groups.count == set.count, "Folds: \(groups.count) groups for \(set.count) images")
      try Self.assign(indices, of: set, groups: groups, stream: stream, to: &members)
    } else {
      var classes = [[Int32]](repeating: [], count: set.classCount)
      for index in indices { classes[Int(set.labels[Int(index)])].append(index) }
      var next = 0
      for (label, samples) in classes.enumerated() {
        var samples = samples
        var generator = stream.generator(epoch: 0, index: label)
        generator.shuffle(&samples)
        for sample in samples {
          members[next % count].append(sample)
          next += 1
        }
      }
    }
    self.members = members.map { $0.sorted() }
  }

  /// The samples of all folds but one, ascending.
  public func training(without fold: Int) -> [Int32] {
    members.indices.filter { $0 != fold }.flatMap { members[$0] }.sorted()
  }

  private static func assign(
    _ indices: [Int32], of set: ImageSet, groups: [Int], stream: RandomStream, to members: inout [[Int32]]
  ) throws(SettingError) {
    var found: [Int: [Int32]] = [:]
    var order: [Int] = []
    for index in indices {
      let group = groups[Int(index)]
      if found[group] == nil { order.append(group) }
      found[group, default: []].append(index)
    }
    guard order.count >= members.count else { throw tooFew("groups", order.count, members.count) }
    var totals = [Double](repeating: 0, count: set.classCount)
    for index in indices { totals[Int(set.labels[Int(index)])] += 1 }
    var generator = stream.generator(epoch: 0, index: 0)
    var places = [Int32](order.indices.map { Int32($0) })
    generator.shuffle(&places)
    // Sorting is stable: groups of one size stay in random order.
    let bySize = places.map { order[Int($0)] }.sorted { (found[$0]?.count ?? 0) > (found[$1]?.count ?? 0) }
    var counts = [[Int: Double]](repeating: [:], count: members.count)
    for group in bySize {
      let samples = found[group] ?? []
      var own: [Int: Double] = [:]
      for sample in samples { own[Int(set.labels[Int(sample)]), default: 0] += 1 }
      let labels = own.keys.sorted()
      var best = (fold: 0, growth: Double.infinity)
      for fold in members.indices {
        // (n + g)² − n² in shares of the class.
        let growth = labels.reduce(0.0) { sum, label in
          let (added, before) = (own[label] ?? 0, counts[fold][label] ?? 0)
          return sum + added * (added + 2 * before) / (totals[label] * totals[label])
        }
        let isSmaller = members[fold].count < members[best.fold].count
        if growth < best.growth || growth == best.growth && isSmaller { best = (fold, growth) }
      }
      members[best.fold] += samples
      for (label, added) in own { counts[best.fold][label, default: 0] += added }
    }
    guard members.allSatisfy({ !$0.isEmpty }) else { throw tooFew("groups", order.count, members.count) }
  }

  private static func tooFew(_ what: String, _ found: Int, _ count: Int) -> SettingError {
    SettingError(
      setting: "fold", part: "\(count)", reason: "expected at least \(count) \(what), one for each fold, found \(found)"
    )
  }
}
