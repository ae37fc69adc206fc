internal import Files
internal import Glibc
internal import Support

extension PictureCache {
  /// Decodes files into the cache.
  ///
  /// - Returns: nil if the cache cannot be written, which is reported once, or must not be, because a file changed meanwhile.
  /// - Throws: `DatasetError` for pictures that cannot be used.
  func keep(
    _ files: [String], for key: PictureCacheKey, in folder: String, reading: PictureReading
  ) throws(DatasetError) -> PictureImages? {
    guard !isUnusable else { return nil }
    let decoding = try PictureDecoding(files, reading: reading)
    for channels in decoding.channelCounts {
      var ending: PictureDecoding.Ending?
      var isAbandoned = false
      do throws(FileError) {
        try prepare(byteCount: decoding.imageByteCount(channels: channels) * files.count)
        // A picture that changes twice within the system's resolution of time would keep its stamp.
        if abs(SystemClock.secondsSinceEpoch - key.newestChange) < Self.clockResolution {
          SystemClock.wait(microseconds: UInt32(Self.clockResolution * 1e6))
        }
        try AtomicFile.write(to: path(of: key), followsLink: false) { (write) throws(FileError) in
          var checksums = BlockChecksums(blockByteCount: PictureCacheFile.blockByteCount)
          try write(PictureCacheFile.beginning.span)
          let result = try decoding.run(channels: channels) { (pixels) throws(FileError) in
            checksums.add(pixels.span)
            try write(pixels.span)
          }
          ending = result
          guard case .done(let outcome) = result,
            PictureCacheKey(files, in: folder, reading: reading)?.digest == key.digest,
            let description = Self.description(
              outcome, of: key, files: files.count, decoding, channels: channels, checksums: checksums.finished)
          else {
            isAbandoned = true
            throw FileError(path: self.path(of: key), operation: .write, cause: .displaced)
          }
          try write(PictureCacheFile.end(description).span)
        }
        // The log has them already.
        guard case .found(let images) = images(for: key, files: files, log: nil) else { return nil }
        return images
      } catch {
        switch ending {
        case .failed(let error): throw error
        case .needsColor where isAbandoned: continue
        default:
          guard !isAbandoned else { return nil }
          giveUp()
          reading.report?(.cacheFailed(error))
          return nil
        }
      }
    }
    return nil
  }

  /// How finely file systems tell times apart, in seconds.
  private static let clockResolution = 0.02

  /// What a cache file says about itself; nil for broken files that are not described by a reason alone.
  private static func description(
    _ outcome: PictureDecoding.Outcome, of key: PictureCacheKey, files: Int, _ decoding: PictureDecoding,
    channels: Int, checksums: [UInt64]
  ) -> PictureCacheFile.Description? {
    var broken: [(index: Int, reason: String)] = []
    for (index, error) in outcome.broken {
      guard case .picture(.unreadable(let reason)) = error.code else { return nil }
      broken.append((index, reason))
    }
    let shape = decoding.shape(channels: channels)
    return PictureCacheFile.Description(
      digest: key.digest, folder: key.folder, settings: key.settings, fileCount: files, height: shape.height,
      width: shape.width, channels: channels, broken: broken, checksums: checksums)
  }

  /// Makes the folder, and checks that there is space.
  private func prepare(byteCount: Int) throws(FileError) {
    try Folder.createWithParents(folder)
    removeUnfinished(olderThan: 3600)
    if let free = Folder.freeByteCount(folder), free < byteCount + byteCount / 64 + (1 << 20) {
      throw FileError(path: folder, operation: .write, cause: .system(code: ENOSPC))
    }
  }
}

/// The XXH64 of each block of bytes that arrive in pieces of any size.
struct BlockChecksums {
  private let blockByteCount: Int
  private var hash = XXH64()
  private var filled = 0
  private var checksums: [UInt64] = []

  init(blockByteCount: Int) { self.blockByteCount = blockByteCount }

  /// Adds bytes.
  mutating func add(_ bytes: Span<UInt8>) {
    var first = 0
    while first < bytes.count {
      let end = min(bytes.count, first + blockByteCount - filled)
      hash.update(bytes.extracting(first..<end))
      filled += end - first
      first = end
      if filled == blockByteCount {
        checksums.append(hash.digest())
        hash = XXH64()
        filled = 0
      }
    }
  }

  /// The hashes of all blocks; the last one may be shorter.
  var finished: [UInt64] { filled == 0 ? checksums : checksums + [hash.digest()] }
}
