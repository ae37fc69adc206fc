internal import Support
internal import Randomness

/// A training set split into training and validation samples, with the classes in equal proportions.
public struct Split: Hashable, Sendable {
  /// The indices of the training samples, ascending.
  public let training: [Int32]

  /// The indices of the validation samples, ascending.
  public let validation: [Int32]

  /// Splits a set, in the same way for the same seed.
  ///
  /// Each class provides validation samples in proportion to its size, rounded down; the rest come from the classes
  /// with the largest remainders, and in a tie from the lower label. The samples of a class are chosen at random.
  ///
  /// - Parameters:
  ///   - set: the images.
  ///   - indices: the samples of the set that take part; all of them by default.
  ///   - size: the number of samples to validate on.
  ///   - seed: the run's seed.
  /// - Throws: `SettingError` if one of the sides would be empty.
  /// - Precondition: the indices are in 0 ..< `set.count`.
  public init(
    of set: ImageSet, indices: [Int32]? = nil, validation size: ValidationSize, seed: UInt64
  ) throws(SettingError) {
    let indices = indices ?? set.allIndices
    let wanted = try size.count(of: indices.count)
    var classes = [[Int32]](repeating: [], count: set.classCount)
    for index in indices {
      classes[Int(set.labels[Int(index)])].append(index)
    }

    let quotas = Self.quotas(of: wanted, among: classes.map(\.count))
    let stream = RandomStream(seed: seed, name: "validation")
    var training: [Int32] = []
    var validation: [Int32] = []
    for (label, quota) in quotas.enumerated() {
      var members = classes[label].sorted()
      var generator = stream.generator(epoch: 0, index: label)
      generator.shuffle(&members)
      validation += members[..<quota]
      training += members[quota...]
    }
    self.training = training.sorted()
    self.validation = validation.sorted()
  }

  /// Divides `wanted` samples among classes in proportion to their sizes, by largest remainders.
  private static func quotas(of wanted: Int, among sizes: [Int]) -> [Int] {
    let total = sizes.reduce(0, +)
    var quotas = sizes.map { wanted * $0 / total }
    let byRemainder = sizes.indices.sorted {
      let (left, right) = (wanted * sizes[$0] % total, wanted * sizes[$1] % total)
      return left == right ? $0 < $1 : left > right
    }
    for label in byRemainder.prefix(wanted - quotas.reduce(0, +)) {
      quotas[label] += 1
    }
    return quotas
  }
}

extension ImageSet {
  /// The indices of all images, 0 ..< N.
  ///
  /// - Precondition: there are at most 2³¹ − 1 images.
  public var allIndices: [Int32] {
    require(count <= Int32.max, "ImageSet: expected at most \(Int32.max) images, found \(count).")
    return [Int32](0..<Int32(count))
  }
}
