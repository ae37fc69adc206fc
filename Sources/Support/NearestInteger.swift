extension Int {
  /// Rounds an untrusted number to the nearest integer, where `Int(_:)` could trap. Numbers out of range become the
  /// nearest `Int`; NaN becomes 0.
  package init(nearest value: Double) {
    let rounded = value.rounded()
    // No `Double` equals the largest `Int`; the next larger one is its successor.
    if rounded >= 0x1p63 {
      self = .max
    } else if rounded <= -0x1p63 {
      self = .min
    } else {
      self = rounded.isNaN ? 0 : Int(rounded)
    }
  }
}
