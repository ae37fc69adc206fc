public import Files
internal import Support

/// How to turn the pictures of a folder into images.
public struct PictureReading: Sendable {
  /// The decoder of the files.
  public var decoder: PictureDecoder
  /// The size to which every picture is resized; nil if the pictures already have the same size.
  public var size: PictureSize?
  /// Whether images are gray or in color.
  public var colors: PictureColors
  /// Whether to skip pictures that cannot be decoded; otherwise the first of them is an error.
  public var skipsBroken: Bool
  /// The log for problems of files; nil for none.
  public var log: PictureLog?

  /// Where decoded pictures are kept for the next time; nil for nowhere.
  public var cache: PictureCache?
  /// How many threads decode; nil for one per processor. Images do not depend on it.
  public var threads: Int?
  /// Receives what happens while pictures are decoded; nil if it does not matter.
  public var report: (@Sendable (PictureEvent) -> Void)?

  /// Describes how to read pictures.
  public init(
    decoder: PictureDecoder = .photographs, size: PictureSize? = nil, colors: PictureColors = .automatic,
    skipsBroken: Bool = false, log: PictureLog? = nil, cache: PictureCache? = nil, threads: Int? = nil,
    report: (@Sendable (PictureEvent) -> Void)? = nil
  ) {
    self.decoder = decoder
    self.size = size
    self.colors = colors
    self.skipsBroken = skipsBroken
    self.log = log
    self.cache = cache
    self.threads = threads
    self.report = report
  }
}

/// What happens while pictures are decoded.
public enum PictureEvent: Sendable {
  /// `count` pictures of all are decoded.
  case decoded(count: Int, of: Int)
  /// No more pictures will be decoded.
  case ended
  /// A cache file is damaged or foreign; its pictures are decoded again.
  case cacheIsBroken(path: String, reason: String)
  /// The cache cannot be written, for the reason given; the work goes on without it.
  case cacheFailed(FileError)
}

/// Whether images made from pictures are gray or in color.
public enum PictureColors: String, CaseIterable, Hashable, Sendable {
  /// Gray if every picture is gray, otherwise in color.
  case automatic = "auto"
  /// One channel: 0.2126 red + 0.7152 green + 0.0722 blue, rounded (ITU-R BT.709).
  case gray
  /// Three channels: red, green and blue.
  case color

  /// The number of channels; nil if it depends on the pictures.
  var channels: Int? {
    switch self {
    case .automatic: nil
    case .gray: 1
    case .color: 3
    }
  }
}

/// The height and width to which pictures are resized.
public struct PictureSize: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public let height: Int
  /// Pixels in a row.
  public let width: Int

  /// The largest height or width.
  public static let largestExtent = 4096

  /// Makes a size.
  ///
  /// - Precondition: both are in 1 … `largestExtent`.
  public init(height: Int, width: Int) {
    require(
      (1...Self.largestExtent).contains(height) && (1...Self.largestExtent).contains(width),
      "PictureSize: \(height) × \(width) is outside 1...\(Self.largestExtent).")
    self.height = height
    self.width = width
  }

  /// Reads "32" as a square and "24x32" as a height and a width; nil for anything else.
  public init?(parsing text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count <= 2, let height = parts[0], let width = parts[parts.count - 1],
      (1...Self.largestExtent).contains(height), (1...Self.largestExtent).contains(width)
    else { return nil }
    self.init(height: height, width: width)
  }

  /// The text that reads back as this size, with both extents.
  public var description: String { "\(height)x\(width)" }
}
