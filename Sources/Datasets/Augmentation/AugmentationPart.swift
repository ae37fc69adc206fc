internal import Support

/// One change as the text of an augmentation has it: `NAME`, `NAME=VALUE` or `NAME=VALUE:VALUE`.
struct AugmentationPart: Sendable {
  /// The name before the "=".
  let name: String
  /// Its forms and the values that they take, to follow "expected".
  let form: String
  /// Sets the change from its values; false if there are too few or too many, or if one is not allowed.
  let read: @Sendable (inout Augmentation, [String]) -> Bool
  /// What follows the name; nil if the change is off.
  let write: @Sendable (Augmentation) -> String?

  /// Every change, in the order in which images are changed.
  static let all = [
    AugmentationPart(name: "flip", form: "flip or flip=alternate") { augmentation, values in
      guard values == [] || values == ["alternate"] else { return false }
      augmentation.mirroring = values.isEmpty ? .random : .alternating
      return true
    } write: {
      $0.mirroring.map { $0 == .random ? "" : "=alternate" }
    },
    number("rotate", in: .above(0, upTo: 180), \.rotation, off: 0),
    number("scale", in: .above(1, upTo: 4), \.scale, off: 1),
    pixels("shift", \.shift),
    AugmentationPart(
      name: "randaugment",
      form: "randaugment=N:M with N operations from 1 to \(RandAugment.largestCount) and M from 0 to 10"
    ) { augmentation, values in
      guard values.count == 2, let count = Int(values[0]), let magnitude = Int(values[1]),
        1...RandAugment.largestCount ~= count, 0...10 ~= magnitude
      else { return false }
      augmentation.randAugment = RandAugment(count: count, magnitude: magnitude)
      return true
    } write: {
      $0.randAugment.map { "=\($0.count):\($0.magnitude)" }
    },
    number("brightness", in: .above(0, upTo: 1), \.brightness, off: 0),
    number("contrast", in: .above(0, upTo: 1), \.contrast, off: 0),
    number("saturation", in: .above(0, upTo: 1), \.saturation, off: 0),
    AugmentationPart(
      name: "erase",
      form:
        "erase, erase=P or erase=P:AREA with a probability P above 0 and an area above \(RandomErasing.smallestArea), both up to 1"
    ) { augmentation, values in
      var erasing = RandomErasing()
      if values.count > 0 {
        guard values.count <= 2, let probability = decimal(values[0], in: .above(0, upTo: 1)) else { return false }
        erasing.probability = probability
      }
      if values.count == 2 {
        guard let area = decimal(values[1], in: .above(RandomErasing.smallestArea, upTo: 1)) else { return false }
        erasing.largestArea = area
      }
      augmentation.erasing = erasing
      return true
    } write: { augmentation in
      guard let erasing = augmentation.erasing else { return nil }
      let plain = RandomErasing()
      let area = erasing.largestArea == plain.largestArea ? "" : ":\(text(erasing.largestArea))"
      return erasing.probability == plain.probability && area.isEmpty ? "" : "=\(text(erasing.probability))\(area)"
    },
    pixels("cutout", \.cutout),
    number("mixup", in: .from(0.01, upTo: 100), \.mixup, off: 0),
    number("cutmix", in: .from(0.01, upTo: 100), \.cutmix, off: 0),
  ]

  /// A number without a needless ".0".
  static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? number.description }

  private static func pixels(
    _ name: String, _ path: any WritableKeyPath<Augmentation, Int> & Sendable
  ) -> AugmentationPart {
    AugmentationPart(name: name, form: "\(name)=N with N pixels, from 1 on") { augmentation, values in
      guard values.count == 1, let pixels = Int(values[0]), pixels > 0 else { return false }
      augmentation[keyPath: path] = pixels
      return true
    } write: {
      $0[keyPath: path] == 0 ? nil : "=\($0[keyPath: path])"
    }
  }

  private static func number(
    _ name: String, in range: NumberRange, _ path: any WritableKeyPath<Augmentation, Double> & Sendable, off: Double
  ) -> AugmentationPart {
    AugmentationPart(name: name, form: "\(name)=X with \(range.text)") { augmentation, values in
      guard values.count == 1, let number = decimal(values[0], in: range) else { return false }
      augmentation[keyPath: path] = number
      return true
    } write: {
      $0[keyPath: path] == off ? nil : "=\(text($0[keyPath: path]))"
    }
  }

  private static func decimal(_ text: String, in range: NumberRange) -> Double? {
    Double(text).flatMap { range.contains($0) ? $0 : nil }
  }
}
