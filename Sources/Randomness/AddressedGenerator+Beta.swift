internal import Support

extension AddressedGenerator {
  /// Draws a number in [0, 1] of the beta distribution with both parameters `alpha`: uniform for 1, near 0 or 1 for less, near ½ for more.
  ///
  /// X / (X + Y) of two draws of the gamma distribution; the number of positions varies.
  ///
  /// - Precondition: `alpha` is at least 0.001.
  public mutating func beta(_ alpha: Double) -> Double {
    require(alpha >= 0.001, "AddressedGenerator.beta: alpha must be at least 0.001, found \(alpha).")
    // Logarithms, because with a small alpha both draws may be below the smallest number.
    let difference = logarithmOfGamma(alpha) - logarithmOfGamma(alpha)
    return 1 / (1 + ElementaryFunctions.exponential(difference))
  }

  /// Draws the logarithm of a number of the gamma distribution with this shape and scale 1.
  ///
  /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000): the cube of a normal number, accepted
  /// with the ratio of the densities; a shape below 1 is raised by 1 and corrected by a power of a uniform number.
  private mutating func logarithmOfGamma(_ shape: Double) -> Double {
    guard shape >= 1 else { return logarithmOfGamma(shape + 1) + logarithmOfUnit() / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(normal())
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      // A root near 0 has a cube that is too small to matter, and that the logarithm does not take.
      guard v.isNormal else { continue }
      let logarithm = ElementaryFunctions.logarithm(v)
      if logarithmOfUnit() < 0.5 * x * x + d * (1 - v + logarithm) {
        return ElementaryFunctions.logarithm(d) + logarithm
      }
    }
  }

  /// The logarithm of a uniform number in (0, 1].
  private mutating func logarithmOfUnit() -> Double {
    ElementaryFunctions.logarithm(Double((next() >> 11) + 1) * 0x1p-53)
  }
}
