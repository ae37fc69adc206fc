internal import Samples

/// Finds images of a set that are equal to a given one, pixel by pixel.
public struct DuplicateIndex: Sendable {
  private let set: ImageSet
  /// The images by a hash of their pixels, in order.
  private let images: [UInt64: [Int32]]

  /// Looks at every image of a set once.
  public init(_ set: ImageSet) {
    var images: [UInt64: [Int32]] = [:]
    images.reserveCapacity(set.count)
    for index in 0..<set.count { images[Self.hash(set, index), default: []].append(Int32(index)) }
    self.set = set
    self.images = images
  }

  /// The first image that is equal to the one at `index` of another set; nil if none is equal or the shapes differ.
  public func firstMatch(of other: ImageSet, at index: Int) -> Int? {
    guard other.shape == set.shape, let candidates = images[Self.hash(other, index)] else { return nil }
    let pixels = other.pixels(at: index)
    // Different images may have the same hash.
    return candidates.first { set.pixels(at: Int($0)).elementsEqual(pixels) }.map { Int($0) }
  }

  /// The images that are equal to an earlier one of the set, each with the first such image.
  public var repetitions: [(image: Int, first: Int)] {
    images.values.filter { $0.count > 1 }.joined().sorted().compactMap { index in
      guard let first = firstMatch(of: set, at: Int(index)), first != Int(index) else { return nil }
      return (Int(index), first)
    }
  }

  /// The images of another set that also occur in this one, each with the first equal image.
  public func matches(of other: ImageSet) -> [(image: Int, first: Int)] {
    (0..<other.count).compactMap { index in firstMatch(of: other, at: index).map { (index, $0) } }
  }

  /// FNV-1a over the pixels.
  private static func hash(_ set: ImageSet, _ index: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let size = set.shape.count
    let pixels = set.images.span.extracting(index * size..<(index + 1) * size)
    for place in pixels.indices { hash = (hash ^ UInt64(pixels[place])) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}
