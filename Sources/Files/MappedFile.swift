internal import Glibc
internal import Support
internal import Synchronization

/// A part of a file in memory, read-only: the system loads its pages when they are read, and may drop them again.
///
/// Every access is checked against the size that the file had when it was mapped. If the file is cut short later, reading the lost
/// part raises SIGBUS: see `LostPages`.
@safe final class MappedFile: @unchecked Sendable {
  /// The bytes of the part.
  let count: Int
  /// The page that the part begins in.
  private let pages: UnsafeMutableRawPointer
  private let pageByteCount: Int
  /// Where the part begins in its first page.
  private let start: Int
  private let slot: Int?
  /// The bytes that were handed out since the pages were last dropped.
  private let used = Atomic<Int>(0)

  /// How many bytes are handed out before the pages of all of them are dropped. They stay in the system's cache; this process only
  /// does not hold them any longer.
  static let heldByteCount = 1 << 27

  /// Maps the bytes from `offset` on.
  ///
  /// - Throws: a `FileError`; `.tooShort` if the file has fewer bytes.
  init(_ file: RegularFile, from offset: Int, count: Int) throws(FileError) {
    let path = file.path
    let (end, isOverflow) = offset.addingReportingOverflow(count)
    guard offset >= 0, count > 0, !isOverflow, end <= file.byteCount else {
      throw FileError(
        path: path, operation: .read, cause: .tooShort(minimumByteCount: end, byteCount: file.byteCount))
    }
    let start = offset % Hardware.pageByteCount
    let number = file.number
    unsafe pages = try FileError.naming(path, .read) { () throws(SystemCode) in
      try unsafe SystemCalls.map(number, at: offset - start, byteCount: start + count)
    }
    self.start = start
    pageByteCount = start + count
    self.count = count
    slot = unsafe LostPages.add(UInt(bitPattern: pages), byteCount: pageByteCount, path: path)
  }

  deinit {
    if let slot { LostPages.remove(slot) }
    unsafe munmap(pages, pageByteCount)
  }

  /// The bytes of a range.
  ///
  /// - Precondition: The range lies within the part.
  @_lifetime(borrow self)
  func bytes(_ range: Range<Int>) -> Span<UInt8> {
    require(range.lowerBound >= 0 && range.upperBound <= count, "MappedFile: \(range) is outside 0..<\(count).")
    // A mapping that is read again and again would be counted to this process as a whole, as if it were its own memory.
    if used.wrappingAdd(range.count, ordering: .relaxed).newValue > Self.heldByteCount {
      used.store(range.count, ordering: .relaxed)
      unsafe madvise(pages, pageByteCount, MADV_DONTNEED)
    }
    let first = unsafe pages.advanced(by: start + range.lowerBound).assumingMemoryBound(to: UInt8.self)
    let span = unsafe Span(_unsafeStart: UnsafePointer(first), count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}

extension SystemCalls {
  /// Maps a part of a file, read-only. `offset` is a multiple of the page size.
  @unsafe static func map(
    _ descriptor: Int32, at offset: Int, byteCount: Int
  ) throws(SystemCode) -> UnsafeMutableRawPointer {
    let pages = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, off_t(offset))
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else { throw .last }
    return unsafe pages
  }
}
