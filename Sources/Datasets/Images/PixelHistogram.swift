internal import Samples
internal import Support
internal import Synchronization

/// How often each of the values 0…255 occurs in each channel of some images; counted on all processors.
struct PixelHistogram: Sendable {
  /// The counts, 256 for each channel.
  let bins: [Int]

  /// How many bytes a thread counts at a time.
  private static let blockByteCount = 1 << 21

  /// Counts all images of a set, or some of them.
  init(of set: ImageSet, indices: [Int32]? = nil) {
    let count = indices?.count ?? set.count
    let channels = set.shape.channels
    let perBlock = max(1, Self.blockByteCount / max(1, set.shape.count))
    let total = Mutex([Int](repeating: 0, count: 256 * channels))
    Parallel.perform(count: (count + perBlock - 1) / perBlock) { block in
      // One table per channel and per parity of the pixel. Neighbors are often equal, and counting both in one bin
      // would make each addition wait for the previous one.
      let lanes = 2 * channels
      var counts = [UInt32](repeating: 0, count: 256 * lanes)
      for place in block * perBlock..<min(count, (block + 1) * perBlock) {
        let image = set.image(at: indices.map { Int($0[place]) } ?? place)
        Self.count(image, lanes: lanes, into: &counts)
      }
      total.withLock { total in
        for place in counts.indices { total[place % total.count] += Int(counts[place]) }
      }
    }
    bins = total.withLock { $0 }
  }

  private static func count(_ image: Span<UInt8>, lanes: Int, into counts: inout [UInt32]) {
    var bins = counts.mutableSpan
    var place = 0
    if lanes == 6 {
      // Pictures in color; the loop below, unrolled.
      while place &+ 6 <= image.count {
        bins[Int(image[place])] &+= 1
        bins[256 | Int(image[place &+ 1])] &+= 1
        bins[512 | Int(image[place &+ 2])] &+= 1
        bins[768 | Int(image[place &+ 3])] &+= 1
        bins[1024 | Int(image[place &+ 4])] &+= 1
        bins[1280 | Int(image[place &+ 5])] &+= 1
        place &+= 6
      }
    }
    while place &+ lanes <= image.count {
      for lane in 0..<lanes { bins[lane << 8 | Int(image[place &+ lane])] &+= 1 }
      place &+= lanes
    }
    var lane = 0
    while place < image.count {
      bins[lane << 8 | Int(image[place])] &+= 1
      lane += 1
      place += 1
    }
  }

  /// The counts of one channel.
  subscript(channel channel: Int) -> ArraySlice<Int> { bins[256 * channel..<256 * (channel + 1)] }
}
