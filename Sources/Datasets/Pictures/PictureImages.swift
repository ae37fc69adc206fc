internal import Support
internal import Synchronization
internal import Samples

/// Picture files as images of one shape.
struct PictureImages {
  let shape: Shape
  /// `[N, H, W, C]`
  let pixels: [UInt8]
  /// The indices of the images' files among the given files: all of them, unless broken ones are skipped.
  let kept: [Int]

  /// The number of pictures that a thread decodes at a time.
  private static let groupSize = 64
  /// The largest size of the images in bytes; a larger size means a folder of photographs that were not resized.
  static let largestByteCount = 1 << 36
  /// The largest size of a picture file in bytes.
  static let largestFile = 1 << 28

  /// Reads and decodes files, on all cores.
  ///
  /// - Throws: `DatasetError` for the first file that cannot be used or has another size than the first one. If broken
  ///   pictures are skipped, only if all of them are broken.
  init(_ files: [String], reading: PictureReading) throws(DatasetError) {
    let (first, firstPath) = try Self.first(of: files, reading)
    let (count, isTooMany) = first.pixels.count.multipliedReportingOverflow(by: files.count)
    guard !isTooMany, count <= Self.largestByteCount else {
      throw DatasetError(
        path: firstPath,
        code: .picture(.tooMuch(height: first.height, width: first.width, count: files.count)))
    }
    let groups = (files.count + Self.groupSize - 1) / Self.groupSize
    let results = Mutex<[Int: Result<Group, DatasetError>]>([:])
    Parallel.perform(count: groups) { index in
      let part = files[index * Self.groupSize..<min(files.count, (index + 1) * Self.groupSize)]
      let result = Result { () throws(DatasetError) in
        try Group(part, reading: reading, first: (firstPath, first))
      }
      results.withLock { $0[index] = result }
    }
    var decoded = results.withLock { $0 }
    var isGray = reading.colors != .color
    for index in 0..<groups {
      guard let group = try decoded[index]?.get() else { continue }
      isGray = isGray && group.isGray
    }
    let channels = isGray ? 1 : 3
    var pixels: [UInt8] = []
    var kept: [Int] = []
    pixels.reserveCapacity(count / 3 * channels)
    for index in 0..<groups {
      // Removed after copying, so that no second copy stays in memory.
      guard let group = try decoded.removeValue(forKey: index)?.get() else { continue }
      for picture in group.pictures { pixels += picture.values(channels: channels) }
      kept += group.kept
    }
    shape = Shape.image(height: first.height, width: first.width, channels: channels)
    self.pixels = pixels
    self.kept = kept
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
    let bytes = try InputFile(path: file).allBytes(atMost: largestFile)
    do throws(PictureRefusal) {
      return try reading.decoder.decode(bytes, reading.size)
    } catch {
      throw DatasetError(path: file, code: .picture(.unreadable(error.reason)))
    }
  }

  /// A group of pictures.
  private struct Group {
    var pictures: [DecodedPicture] = []
    var kept: [Int] = []
    /// Whether all of them are gray or become gray.
    var isGray = true

    init(
      _ files: ArraySlice<String>, reading: PictureReading,
      first: (file: String, picture: DecodedPicture)
    ) throws(DatasetError) {
      var otherSize: DatasetError?
      for (place, file) in zip(files.indices, files) {
        let picture: DecodedPicture
        do throws(DatasetError) {
          picture = try PictureImages.decode(file, reading)
        } catch {
          guard reading.skipsBroken, error.isBrokenPicture else { throw otherSize ?? error }
          reading.log?.note(error)
          continue
        }
        reading.log?.note(picture.warnings, of: file)
        guard picture.height == first.picture.height, picture.width == first.picture.width else {
          // The remaining pictures are read too, for the log.
          otherSize =
            otherSize
            ?? DatasetError(
              path: file,
              code: .picture(
                .sizesDiffer(
                  height: picture.height, width: picture.width, firstHeight: first.picture.height,
                  firstWidth: first.picture.width, firstPath: first.file)))
          if reading.log == nil { break }
          continue
        }
        if reading.colors == .automatic, isGray { isGray = picture.isGray }
        pictures.append(picture)
        kept.append(place)
      }
      if let otherSize { throw otherSize }
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
