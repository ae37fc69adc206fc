internal import Files
internal import Samples
internal import Support

/// Picture files as images of one shape.
struct PictureImages {
  let shape: Shape
  /// `[N, H, W, C]`
  let pixels: StoredBytes
  /// The indices of the images' files among the given files: all of them, unless broken ones are skipped.
  let kept: [Int]

  /// The largest size of the images in bytes; a larger size means a folder of photographs that were not resized.
  static let largestByteCount = 1 << 36
  /// The largest size of a picture file in bytes.
  static let largestFile = 1 << 28

  init(shape: Shape, pixels: StoredBytes, kept: [Int]) {
    self.shape = shape
    self.pixels = pixels
    self.kept = kept
  }

  /// Reads and decodes files on several threads, or takes what the cache keeps of an earlier time.
  ///
  /// - Parameter folder: the folder that the files are in, by which the cache names them.
  /// - Throws: `DatasetError` for the first file that cannot be used or has another size than the first one. If broken
  ///   pictures are skipped, only if all of them are broken.
  init(_ files: [String], in folder: String, reading: PictureReading) throws(DatasetError) {
    guard let cache = reading.cache, let key = PictureCacheKey(files, in: folder, reading: reading) else {
      self = try Self.decoded(files, reading: reading)
      return
    }
    // What became gray or colored by itself is the same as what was asked for, so that training and evaluation share a file.
    if let channels = reading.colors.channels,
      case .found(let images) = cache.images(
        for: key.automatic, files: files, log: reading.log, channels: channels)
    {
      self = images
      return
    }
    switch cache.images(for: key, files: files, log: reading.log) {
    case .found(let images):
      self = images
      return
    case .missing: break
    case .broken(let reason): reading.report?(.cacheIsBroken(path: cache.path(of: key), reason: reason))
    }
    if let kept = try cache.keep(files, for: key, in: folder, reading: reading) {
      self = kept
    } else {
      self = try Self.decoded(files, reading: reading)
    }
  }

  /// Decodes files into memory.
  private static func decoded(_ files: [String], reading: PictureReading) throws(DatasetError) -> PictureImages {
    let decoding = try PictureDecoding(files, reading: reading)
    for channels in decoding.channelCounts {
      var pixels: [UInt8] = []
      pixels.reserveCapacity(files.count * decoding.imageByteCount(channels: channels))
      switch decoding.run(channels: channels, { part in pixels += part }) {
      case .needsColor: continue
      case .failed(let error): throw error
      case .done(let outcome):
        return PictureImages(
          shape: decoding.shape(channels: channels), pixels: StoredBytes(pixels), kept: outcome.kept)
      }
    }
    failPrecondition("PictureImages: images in color were refused")
  }
}
