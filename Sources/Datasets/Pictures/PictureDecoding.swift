internal import Samples
internal import Support

/// The decoding of picture files on several threads, which delivers their pixels in order.
struct PictureDecoding: Sendable {
  /// How a decoding ended.
  enum Ending {
    /// All pictures were decoded.
    case done(Outcome)
    /// One channel was asked for, but not by the settings, and a picture is in color.
    case needsColor
    /// A file cannot be used; the first in the order of the files.
    case failed(DatasetError)
  }

  /// The images of a finished decoding.
  struct Outcome {
    /// The indices of the files that became images.
    var kept: [Int] = []
    /// The other files, with the reason.
    var broken: [(index: Int, error: DatasetError)] = []
  }

  private let files: [String]
  private let reading: PictureReading
  private let first: (path: String, height: Int, width: Int, isGray: Bool)
  private let groupSize: Int

  /// The bytes of pixels that a thread delivers at a time.
  private static let groupByteCount = 1 << 21

  /// Decodes the first picture, which decides the size.
  ///
  /// - Throws: `DatasetError` if it cannot be used, or for more pixels than the limit.
  init(_ files: [String], reading: PictureReading) throws(DatasetError) {
    let (picture, path) = try Self.first(of: files, reading)
    let (count, isTooMany) = picture.pixels.count.multipliedReportingOverflow(by: files.count)
    guard !isTooMany, count <= PictureImages.largestByteCount else {
      throw DatasetError(
        path: path, code: .picture(.tooMuch(height: picture.height, width: picture.width, count: files.count)))
    }
    self.files = files
    self.reading = reading
    first = (path, picture.height, picture.width, picture.isGray)
    groupSize = max(1, min(64, Self.groupByteCount / picture.pixels.count))
  }

  /// The numbers of channels to try, in this order: images become gray only if all pictures are, which the first one that is in color
  /// decides.
  var channelCounts: [Int] {
    switch reading.colors {
    case .gray: [1]
    case .color: [3]
    case .automatic: first.isGray ? [1, 3] : [3]
    }
  }

  /// The shape of the images.
  func shape(channels: Int) -> Shape { Shape.image(height: first.height, width: first.width, channels: channels) }

  /// The bytes of an image.
  func imageByteCount(channels: Int) -> Int { first.height * first.width * channels }

  /// Decodes all files, and passes the pixels of a few images at a time to `take`, in order, on this thread.
  ///
  /// - Throws: what `take` throws.
  func run<Problem>(
    channels: Int, _ take: (_ pixels: [UInt8]) throws(Problem) -> Void
  ) throws(Problem) -> Ending {
    let decoding = self
    let mustBeGray = channels == 1 && reading.colors == .automatic
    let threads = reading.threads ?? Hardware.processorCount
    var outcome = Outcome()
    var warnings: [(path: String, texts: [String])] = []
    var failure: DatasetError?
    var hasColor = false
    var done = 0
    defer { reading.report?(.ended) }
    try OrderedWork.perform(
      count: (files.count + groupSize - 1) / groupSize, threads: threads, window: 2 * threads + 2,
      compute: { number in
        let range = number * decoding.groupSize..<min(decoding.files.count, (number + 1) * decoding.groupSize)
        return Group(range, of: decoding, channels: channels, mustBeGray: mustBeGray)
      },
      deliver: { (group: Group) throws(Problem) in
        outcome.broken += group.broken
        warnings += group.warnings
        failure = failure ?? group.failure
        hasColor = hasColor || group.hasColor
        // The rest is read too, for the log.
        if failure != nil { return reading.log != nil }
        if hasColor { return false }
        try take(group.pixels)
        outcome.kept += group.kept
        done += group.count
        reading.report?(.decoded(count: done, of: decoding.files.count))
        return true
      })
    if failure == nil, hasColor { return .needsColor }
    if let log = reading.log {
      for (_, error) in outcome.broken { log.note(error) }
      for (path, texts) in warnings { log.note(texts, of: path) }
    }
    return failure.map(Ending.failed) ?? .done(outcome)
  }

  /// The first picture, or the first that is not broken if broken ones are skipped.
  private static func first(
    of files: [String], _ reading: PictureReading
  ) throws(DatasetError) -> (DecodedPicture, path: String) {
    var failure: DatasetError?
    for file in files {
      do throws(DatasetError) {
        return (try decode(file, reading), file)
      } catch {
        failure = failure ?? error
        guard reading.skipsBroken, error.isBrokenPicture else { break }
      }
    }
    // Only if all are broken; then no group is read, which would report them.
    if reading.skipsBroken, let log = reading.log {
      for file in files {
        do throws(DatasetError) { _ = try decode(file, reading) } catch { log.note(error) }
      }
    }
    throw failure ?? DatasetError(path: "", code: .picture(.noPictures(endings: reading.decoder.endings)))
  }

  private static func decode(
    _ file: String, _ reading: PictureReading
  ) throws(DatasetError) -> DecodedPicture {
    let bytes = try InputFile(path: file).allBytes(atMost: PictureImages.largestFile)
    do throws(PictureRefusal) {
      return try reading.decoder.decode(bytes, reading.size)
    } catch {
      throw DatasetError(path: file, code: .picture(.unreadable(error.reason)))
    }
  }

  /// A few pictures, one after the other.
  private struct Group: Sendable {
    let count: Int
    var pixels: [UInt8] = []
    var kept: [Int] = []
    var broken: [(index: Int, error: DatasetError)] = []
    var warnings: [(path: String, texts: [String])] = []
    var failure: DatasetError?
    var hasColor = false

    init(_ range: Range<Int>, of decoding: PictureDecoding, channels: Int, mustBeGray: Bool) {
      count = range.count
      let (reading, first) = (decoding.reading, decoding.first)
      pixels.reserveCapacity(range.count * decoding.imageByteCount(channels: channels))
      var otherSize: DatasetError?
      for index in range {
        let file = decoding.files[index]
        let picture: DecodedPicture
        do throws(DatasetError) {
          picture = try PictureDecoding.decode(file, reading)
        } catch {
          guard reading.skipsBroken, error.isBrokenPicture else {
            failure = otherSize ?? error
            return
          }
          broken.append((index, error))
          continue
        }
        if !picture.warnings.isEmpty { warnings.append((file, picture.warnings)) }
        guard picture.height == first.height, picture.width == first.width else {
          // The rest is read too, for the log.
          otherSize =
            otherSize
            ?? DatasetError(
              path: file,
              code: .picture(
                .sizesDiffer(
                  height: picture.height, width: picture.width, firstHeight: first.height,
                  firstWidth: first.width, firstPath: first.path)))
          if reading.log == nil { break }
          continue
        }
        if mustBeGray, !hasColor { hasColor = !picture.isGray }
        pixels += picture.values(channels: channels)
        kept.append(index)
      }
      failure = otherSize
    }
  }
}

extension DatasetError {
  /// Whether the file is damaged or not a picture, so that skipping it helps.
  var isBrokenPicture: Bool {
    switch code {
    case .picture(.unreadable), .tooLarge: true
    default: false
    }
  }
}
