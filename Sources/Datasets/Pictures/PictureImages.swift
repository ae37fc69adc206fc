internal import Support
internal import Synchronization
internal import Samples

/// Files of pictures as images of one shape.
struct PictureImages {
  let shape: Shape
  /// `[N, H, W, C]`
  let pixels: [UInt8]

  /// Pictures that one thread decodes at a time.
  private static let groupSize = 64
  /// The most bytes that images may need: more than this is a folder of photographs that nobody brought to a size.
  static let largestByteCount = 1 << 36
  /// The most bytes of one picture's file.
  static let largestFile = 1 << 28

  /// Reads and decodes files, on all cores.
  ///
  /// - Throws: `DatasetError` for the first file, in their order, that cannot be used or has another size than the first one.
  init(_ files: [String], reading: PictureReading) throws(DatasetError) {
    let first = try Self.decode(files[0], reading)
    let (count, isTooMany) = first.pixels.count.multipliedReportingOverflow(by: files.count)
    guard !isTooMany, count <= Self.largestByteCount else {
      throw DatasetError(
        path: files[0],
        code: .picture(.tooMuch(height: first.height, width: first.width, count: files.count)))
    }
    let groups = (files.count + Self.groupSize - 1) / Self.groupSize
    let results = Mutex<[Int: Result<Group, DatasetError>]>([:])
    Parallel.perform(count: groups) { index in
      let part = files[index * Self.groupSize..<min(files.count, (index + 1) * Self.groupSize)]
      let result = Result { () throws(DatasetError) in
        try Group(part, reading: reading, first: (files[0], first))
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
    pixels.reserveCapacity(count / 3 * channels)
    for index in 0..<groups {
      // Taken out, so that what has been copied does not stay beside its copy.
      guard let group = try decoded.removeValue(forKey: index)?.get() else { continue }
      for picture in group.pictures { pixels += picture.values(channels: channels) }
    }
    shape = Shape.image(height: first.height, width: first.width, channels: channels)
    self.pixels = pixels
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

  /// Some of the pictures.
  private struct Group {
    var pictures: [DecodedPicture] = []
    /// Whether all of them are gray, by themselves or because they are to be.
    var isGray = true

    init(
      _ files: ArraySlice<String>, reading: PictureReading,
      first: (file: String, picture: DecodedPicture)
    ) throws(DatasetError) {
      for file in files {
        let picture = try PictureImages.decode(file, reading)
        guard picture.height == first.picture.height, picture.width == first.picture.width else {
          throw DatasetError(
            path: file,
            code: .picture(
              .sizesDiffer(
                height: picture.height, width: picture.width, firstHeight: first.picture.height,
                firstWidth: first.picture.width, firstPath: first.file)))
        }
        if reading.colors == .automatic, isGray { isGray = picture.isGray }
        pictures.append(picture)
      }
    }
  }
}
