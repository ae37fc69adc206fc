/// The 64-bit hash of the xxHash specification, version 0.1.1, with the seed 0. It detects damage at the speed of
/// memory. It does not detect manipulation; use `SHA256` for that.
package struct XXH64: Sendable {
  private static let primes: [5 of UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5,
  ]

  /// Four accumulators, each of which takes every fourth word.
  private var lanes: [4 of UInt64]
  /// The bytes after the last whole stripe.
  private var waiting: [32 of UInt8] = .init(repeating: 0)
  private var byteCount = 0

  /// Starts an empty hash.
  package init() {
    let primes = Self.primes
    lanes = [primes[0] &+ primes[1], primes[1], 0, 0 &- primes[0]]
  }

  /// Adds bytes to the hash.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      waiting[byteCount & 31] = byte
      byteCount &+= 1
      if byteCount & 31 == 0 { takeStripe(word(0), word(1), word(2), word(3)) }
    }
  }

  /// Adds bytes to the hash, whole stripes of them in place.
  package mutating func update(_ bytes: Span<UInt8>) {
    var index = 0
    if byteCount & 31 == 0 {
      // The condition keeps every word inside of the bytes.
      unsafe bytes.withUnsafeBytes { memory in
        while index + 32 <= memory.count {
          unsafe takeStripe(
            memory.loadUnaligned(fromByteOffset: index, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self))
          index += 32
        }
      }
      byteCount &+= index
    }
    while index < bytes.count {
      update(CollectionOfOne(bytes[index]))
      index += 1
    }
  }

  /// Adds numbers to the hash, each as four bytes, lowest first.
  package mutating func update(_ values: Span<Float>) {
    var index = 0
    // Without waiting bytes, whole stripes are hashed in place.
    if byteCount & 31 == 0 {
      func pair(_ place: Int) -> UInt64 {
        UInt64(values[place].bitPattern) | UInt64(values[place + 1].bitPattern) << 32
      }
      while index + 8 <= values.count {
        takeStripe(pair(index), pair(index + 2), pair(index + 4), pair(index + 6))
        index += 8
      }
      byteCount &+= 4 * index
    }
    while index < values.count {
      let bits = values[index].bitPattern
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        update(CollectionOfOne(UInt8(truncatingIfNeeded: bits >> shift)))
      }
      index += 1
    }
  }

  /// The hash of all bytes added so far.
  package func digest() -> UInt64 {
    let primes = Self.primes
    var hash = primes[4]
    if byteCount >= 32 {
      hash = lanes[0].turned(1) &+ lanes[1].turned(7) &+ lanes[2].turned(12) &+ lanes[3].turned(18)
      for index in 0..<4 { hash = (hash ^ Self.round(0, lanes[index])) &* primes[0] &+ primes[3] }
    }
    hash &+= UInt64(byteCount)
    let rest = byteCount & 31
    var place = 0
    while place + 8 <= rest {
      hash = (hash ^ Self.round(0, bytes(place, 8))).turned(27) &* primes[0] &+ primes[3]
      place += 8
    }
    if place + 4 <= rest {
      hash = (hash ^ bytes(place, 4) &* primes[0]).turned(23) &* primes[1] &+ primes[2]
      place += 4
    }
    while place < rest {
      hash = (hash ^ bytes(place, 1) &* primes[4]).turned(11) &* primes[0]
      place += 1
    }
    hash = (hash ^ hash >> 33) &* primes[1]
    hash = (hash ^ hash >> 29) &* primes[2]
    return hash ^ hash >> 32
  }

  /// The hash in 16 lower-case hexadecimal digits, as `xxhsum` prints it.
  package var hexadecimal: String {
    let digits = String(digest(), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func takeStripe(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    lanes[0] = Self.round(lanes[0], first)
    lanes[1] = Self.round(lanes[1], second)
    lanes[2] = Self.round(lanes[2], third)
    lanes[3] = Self.round(lanes[3], fourth)
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    (lane &+ word &* primes[1]).turned(31) &* primes[0]
  }

  private func word(_ index: Int) -> UInt64 { bytes(8 * index, 8) }

  /// Some of the waiting bytes as a number, lowest first.
  private func bytes(_ start: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(waiting[start + $1]) << UInt64(8 * $1) }
  }
}

extension UInt64 {
  /// The bits rotated to the left.
  fileprivate func turned(_ count: UInt64) -> UInt64 { self &<< count | self &>> (64 - count) }
}
