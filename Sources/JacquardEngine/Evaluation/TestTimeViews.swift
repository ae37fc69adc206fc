internal import Support
public import Samples

/// The views of an image whose logits are averaged for its prediction: the image and its mirror image, in place and moved along the diagonal.
///
/// An image and its mirror image have equal weight. The views in place have half of the weight, and those moved down and right, and up and left, a
/// quarter each. Source: K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024, whose views are `flip,shift=1`, with other padding.
public struct TestTimeViews: Hashable, Sendable, LosslessStringConvertible {
  /// Whether mirror images, with left and right exchanged, are views.
  public let flips: Bool
  /// The pixels by which further views are moved; 0 for none.
  public let shift: Int

  /// Only the image itself.
  public static let none = TestTimeViews()

  /// Makes a choice of views; `shift` must not be negative.
  public init(flips: Bool = false, shift: Int = 0) {
    require(shift >= 0, "TestTimeViews: a shift must not be negative, found \(shift)")
    self.flips = flips
    self.shift = shift
  }

  /// Reads `none`, `flip`, `shift=2`, or `flip,shift=2`; `shift` alone is `shift=1`. Returns nil for any other text.
  public init?(_ text: String) {
    var (flips, shift) = (false, 0)
    for part in text == "none" ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
      if part == "flip", !flips {
        flips = true
      } else if shift == 0, let pixels = Self.shift(part) {
        shift = pixels
      } else {
        return nil
      }
    }
    self.init(flips: flips, shift: shift)
  }

  private static func shift(_ part: Substring) -> Int? {
    if part == "shift" { return 1 }
    guard part.hasPrefix("shift="), let pixels = Int(part.dropFirst("shift=".count)), pixels > 0 else { return nil }
    return pixels
  }

  /// The text that gives the same views, such as `flip,shift=1`.
  public var description: String {
    let parts = (flips ? ["flip"] : []) + (shift > 0 ? ["shift=\(shift)"] : [])
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }

  /// The number of views of an image, with the image itself.
  public var count: Int { places.count * (flips ? 2 : 1) }

  /// Whether samples of this shape have these views: only images do, and a move must leave a part of them in view.
  public func fit(_ shape: Shape) -> Bool {
    self == .none || shape.isImage && shift < min(shape.height, shape.width)
  }

  /// The pixels to move down and right, and the weight of an image and its mirror image there; in place first.
  var places: [(offset: Int, weight: Float)] {
    guard shift > 0 else { return [(offset: 0, weight: 1)] }
    return [(offset: 0, weight: 0.5), (offset: shift, weight: 0.25), (offset: -shift, weight: 0.25)]
  }
}

/// A network's answers to samples as they are, and averaged over views.
public struct ViewedPredictions: Sendable {
  /// The answers to the samples themselves.
  public let plain: Predictions
  /// The answers with the mean of the views' logits.
  public let mean: Predictions

  /// Answers with and without views.
  package init(plain: Predictions, mean: Predictions) {
    self.plain = plain
    self.mean = mean
  }

  /// The answers with logits divided by a temperature.
  package func divided(by temperature: Double) -> ViewedPredictions {
    ViewedPredictions(plain: plain.divided(by: temperature), mean: mean.divided(by: temperature))
  }
}

extension Predictor {
  /// The logits and labels of all samples, as they are and averaged over views; the plain ones cost no additional time.
  ///
  /// Pixels that a move uncovers are 0 before normalization, as in an augmentation. A mean depends on its sample alone: it is computed in the order of
  /// the views, in place first, and an image and its mirror image are added before anything else.
  ///
  /// - Parameter shouldStop: Called before each chunk; once it returns true, the result is nil.
  /// - Precondition: the views fit the shape of the samples; for views, the model's `preprocessing.scale` is above 0.
  public func logits(
    of provider: any SampleProvider, views: TestTimeViews, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) -> ViewedPredictions? {
    require(views.fit(provider.shape), "Predictor: samples of the shape \(provider.shape) have no views \(views)")
    guard let plain = computedLogits(of: provider, shouldStop: shouldStop) else { return nil }
    if views == .none { return ViewedPredictions(plain: plain, mean: plain).divided(by: network.temperature) }
    let table = NormalizationTable(network.model.preprocessing, channels: provider.shape.channels)
    let zeros = (0..<table.channels).map { table.value(of: 0, channel: $0) }
    var sums = [Float](repeating: 0, count: plain.logits.count)
    for (offset, weight) in views.places {
      func view(isMirrored: Bool) -> [Float]? {
        let samples = ViewedSamples(provider, isMirrored: isMirrored, offset: offset, zeros: zeros)
        return computedLogits(of: samples, shouldStop: shouldStop)?.logits
      }
      guard let first = offset == 0 ? plain.logits : view(isMirrored: false) else { return nil }
      guard views.flips else {
        for place in sums.indices { sums[place] += weight * first[place] }
        continue
      }
      guard let second = view(isMirrored: true) else { return nil }
      for place in sums.indices { sums[place] += weight * (0.5 * first[place] + 0.5 * second[place]) }
    }
    return ViewedPredictions(plain: plain, mean: Predictions(logits: sums, labels: plain.labels))
      .divided(by: network.temperature)
  }
}
