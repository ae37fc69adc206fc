extension Int {
  /// The whole number nearest to a number that may come from anywhere, where `Int(_:)` would end the process: what is too large or too
  /// small becomes the nearest that an `Int` holds, what is not a number 0.
  package init(nearest value: Double) {
    let rounded = value.rounded()
    // The largest `Int` is no `Double`; the next one is its successor.
    if rounded >= 0x1p63 {
      self = .max
    } else if rounded <= -0x1p63 {
      self = .min
    } else {
      self = rounded.isNaN ? 0 : Int(rounded)
    }
  }
}
