internal import ArgumentParser
internal import JacquardEngine
internal import Support

/// How pixels become a model's inputs, if its file does not say.
typealias PreprocessingOptions = PreprocessingFlags<PlainScale>

/// The same for verbs that draw pictures.
typealias PicturePreprocessingOptions = PreprocessingFlags<PictureScale>

/// The names of the flag for the factor of pixels.
protocol PixelScaleNames {
  /// All names.
  static var names: NameSpecification { get }
  /// The name for messages.
  static var name: String { get }
}

/// The names in verbs without pictures.
enum PlainScale: PixelScaleNames {
  static var names: NameSpecification { [.customLong("scale"), .customLong("pixel-scale")] }
  static var name: String { "--scale" }
}

/// The name in verbs with pictures, where --scale is the scale of a PNG file.
enum PictureScale: PixelScaleNames {
  static var names: NameSpecification { .customLong("pixel-scale") }
  static var name: String { "--pixel-scale" }
}

/// Flags for how pixels become a model's inputs.
struct PreprocessingFlags<Scale: PixelScaleNames>: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Subtracted from scaled pixels: one number, or one per channel, such as 0.485,0.456,0.406 (0); imagenet, half and unit also set the deviation.",
      valueName: "list|name"))
  var mean: String?

  @Option(
    help: ArgumentHelp("Divides the result: one number, or one per channel (1).", valueName: "list"))
  var deviation: String?

  @Option(
    name: Scale.names,
    help: ArgumentHelp("Factor for pixels from 0 to 255, such as 1 or 1/255 (1/255).", valueName: "x"))
  var scale: String?

  func validate() throws {
    do throws(Failure) { _ = try stated } catch { throw ValidationError(error.text) }
  }

  /// Whether any flag is given.
  var isStated: Bool { mean != nil || deviation != nil || scale != nil }

  /// The normalization that the flags define; nil without any flag.
  var stated: Normalization? {
    get throws(Failure) {
      guard isStated else { return nil }
      let known = mean.flatMap { Self.known[$0] }
      let means: [Double]
      if let known { means = known.mean } else { means = try Self.numbers(mean, or: 0, flag: "--mean") }
      if known != nil, deviation != nil {
        throw Failure(.usage, "--mean \(mean ?? "") already sets the deviation; remove one of the two flags.")
      }
      let deviations: [Double]
      if let known {
        deviations = known.deviation
      } else {
        deviations = try Self.numbers(deviation, or: 1, flag: "--deviation")
      }
      guard deviations.allSatisfy({ $0 > 0 }) else {
        throw Failure(.usage, "--deviation must be above 0, not '\(deviation ?? "")'.")
      }
      guard let factor = Self.factor(scale ?? "1/255") else {
        throw Failure(.usage, "\(Scale.name) must be a number above 0, such as 1 or 1/255, not '\(scale ?? "")'.")
      }
      return Normalization(scale: factor, mean: means, deviation: deviations)
    }
  }

  /// The flags for another process.
  var arguments: [String] {
    [("--mean", mean), ("--deviation", deviation), ("--pixel-scale", scale)].flatMap { flag, text in
      text.map { ["\(flag)=\($0)"] } ?? []
    }
  }

  /// Named preprocessings: of ImageNet's images, of Inception and its relatives, and pixels from 0 to 1.
  private static var known: [String: (mean: [Double], deviation: [Double])] {
    ["imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), "half": ([0.5], [0.5]), "unit": ([0], [1])]
  }

  private static func numbers(_ text: String?, or missing: Double, flag: String) throws(Failure) -> [Double] {
    guard let text else { return [missing] }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard !numbers.contains(where: { $0?.isFinite != true }) else {
      let names = flag == "--mean" ? ", or imagenet, half or unit" : ""
      throw Failure(.usage, "\(flag) must be numbers separated by commas\(names), not '\(text)'.")
    }
    return numbers.compactMap(\.self)
  }

  private static func factor(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count <= 2, let first = parts[0], let last = parts.count == 2 ? parts[1] : 1 else { return nil }
    let factor = first / last
    return factor.isFinite && factor > 0 ? factor : nil
  }
}
