internal import Support

/// A counter-based generator: the number at each position is a pure function of the generator's key and that position.
///
/// Copies are independent and produce the same numbers. No draw allocates memory. Not for cryptography.
public struct AddressedGenerator: RandomNumberGenerator, Sendable, Hashable {
  private let key: UInt64
  private var position: UInt64 = 0

  init(key: UInt64) {
    self.key = key
  }

  /// The 64 bits at `position`, regardless of earlier draws; `next()` uses the positions 0, 1, 2, …
  public func bits(at position: UInt64) -> UInt64 {
    Mixing.bits(of: key, at: position)
  }

  /// The uniform number in [0, 1) that `unitFloat()` returns at `position`.
  public func unitFloat(at position: UInt64) -> Float {
    Self.unitFloat(bits(at: position))
  }

  /// Draws 64 uniform bits.
  public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return bits(at: position)
  }

  /// Draws a uniform number in [0, 1): a multiple of 2⁻²⁴.
  public mutating func unitFloat() -> Float {
    Self.unitFloat(next())
  }

  /// Draws a uniform number in [0, 1): a multiple of 2⁻⁵³.
  public mutating func unitDouble() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Draws a uniform number of a range; its upper bound may only come from rounding.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + unitDouble() * (range.upperBound - range.lowerBound)
  }

  /// Draws true or false, each with probability ½.
  public mutating func coin() -> Bool {
    next() >> 63 == 1
  }

  /// Draws a uniform integer in 0 ..< `bound`, without bias.
  ///
  /// Multiplies instead of dividing, and redraws in the rare biased part. It does not call the standard library's
  /// `random(in:)`, whose algorithm may change between versions.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
  ///
  /// - Precondition: `bound` is above zero.
  public mutating func integer(below bound: Int) -> Int {
    require(bound > 0, "AddressedGenerator.integer(below:): the bound must be above 0, not \(bound).")
    let width = UInt64(bound)
    var product = next().multipliedFullWidth(by: width)
    if product.low < width {
      let uneven = (0 &- width) % width
      while product.low < uneven {
        product = next().multipliedFullWidth(by: width)
      }
    }
    return Int(product.high)
  }

  private static func unitFloat(_ bits: UInt64) -> Float {
    Float(bits >> 40) * 0x1p-24
  }
}
