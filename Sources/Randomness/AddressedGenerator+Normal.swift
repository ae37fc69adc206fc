extension AddressedGenerator {
  /// Draws a number of the standard normal distribution; uses two positions.
  ///
  /// z = √(−2 ln u) · cos 2πv with u in (0, 1] and v in [0, 1), computed in `Double`; |z| is below 8.6.
  ///
  /// Source: Box and Muller, "A note on the generation of random normal deviates", 1958. The second number of the pair
  /// is discarded: a generator that stores it would no longer be just a key and a position.
  public mutating func normal() -> Float {
    let radiusDraw = Double((next() >> 11) + 1) * 0x1p-53
    let turnDraw = unitDouble()
    let radius = (-2 * ElementaryFunctions.logarithm(radiusDraw)).squareRoot()
    return Float(radius * ElementaryFunctions.cosine(turns: turnDraw))
  }
}
