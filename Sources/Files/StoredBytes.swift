internal import Support

/// Bytes that are either in memory or in a file that is mapped into it, behind one interface.
///
/// The bytes never change through this type. Those of a mapped file are as the file is: see `isMapped`.
public struct StoredBytes: Sendable {
  /// The bytes in memory; empty for a mapped file.
  private let array: [UInt8]
  private let file: MappedFile?
  /// The part of the mapped file.
  private let range: Range<Int>

  /// Keeps bytes in memory.
  public init(_ bytes: [UInt8]) {
    array = bytes
    file = nil
    range = 0..<0
  }

  /// Maps the bytes of a file from `offset` on; needs no memory of this process's own.
  ///
  /// - Throws: a `FileError`; `.tooShort` if the file has fewer bytes.
  package init(mapping file: RegularFile, from offset: Int, count: Int) throws(FileError) {
    array = []
    self.file = count == 0 ? nil : try MappedFile(file, from: offset, count: count)
    range = 0..<count
  }

  private init(_ file: MappedFile, _ range: Range<Int>) {
    array = []
    self.file = file
    self.range = range
  }

  /// Some of the bytes; those of a mapped file are not copied.
  ///
  /// - Precondition: The range lies within the bytes.
  package func taking(_ part: Range<Int>) -> StoredBytes {
    guard let file else { return StoredBytes(Array(array[part])) }
    require(part.lowerBound >= 0 && part.upperBound <= count, "StoredBytes: \(part) is outside 0..<\(count).")
    return StoredBytes(file, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  /// Whether the bytes are those of a mapped file. Another program that writes to the file changes them, and one that
  /// cuts it short ends this process with SIGBUS as soon as it reads what is gone.
  public var isMapped: Bool { file != nil }

  /// From this size on, a file is mapped. A smaller one is read: the copy costs next to nothing, and nothing that happens
  /// to the file afterwards matters.
  package static let fewestMappedBytes = 1 << 26

  /// The bytes of a range.
  ///
  /// - Precondition: The range lies within the bytes.
  @_lifetime(borrow self)
  public func part(_ part: Range<Int>) -> Span<UInt8> {
    // The owner of the memory lives as long as `self`.
    guard let file else { return unsafe _overrideLifetime(array.span.extracting(part), borrowing: self) }
    require(
      part.lowerBound >= 0 && part.upperBound <= range.count, "StoredBytes: \(part) is outside 0..<\(range.count).")
    let place = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
    return unsafe _overrideLifetime(file.bytes(place), borrowing: self)
  }

  /// A copy of the bytes of a range.
  ///
  /// - Precondition: The range lies within the bytes.
  package func copy(_ range: Range<Int>) -> ArraySlice<UInt8> {
    guard file != nil else { return array[range] }
    let part = part(range)
    return [UInt8](capacity: range.count) { output in
      for index in part.indices { output.append(part[index]) }
    }[...]
  }

  /// Passes all bytes in pieces, each no larger than 4 MiB; a mapped file is not held in memory as a whole.
  package func forEachPiece(_ body: (Span<UInt8>) -> Void) {
    for first in stride(from: 0, to: count, by: Self.pieceByteCount) {
      body(part(first..<Swift.min(count, first + Self.pieceByteCount)))
    }
  }

  private static let pieceByteCount = 1 << 22
}

extension StoredBytes: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of bytes.
  public var endIndex: Int { file == nil ? array.count : range.count }
  /// A byte.
  ///
  /// - Precondition: The index is below the number of bytes.
  public subscript(index: Int) -> UInt8 { file == nil ? array[index] : part(index..<index + 1)[0] }
  /// Passes all bytes to a function; those of a mapped file are handed out at once.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    if file == nil { return unsafe try array.withContiguousStorageIfAvailable(body) }
    return unsafe try part(0..<count).withUnsafeBufferPointer { unsafe try body($0) }
  }
}

extension StoredBytes: Equatable {
  /// Whether two have the same bytes.
  public static func == (one: StoredBytes, other: StoredBytes) -> Bool { one.elementsEqual(other) }

  /// Whether the bytes are those of an array.
  public static func == (one: StoredBytes, other: [UInt8]) -> Bool { one.elementsEqual(other) }
}

/// Whether there are bytes, and they are those of an array.
public func == (one: StoredBytes?, other: [UInt8]) -> Bool { one.map { $0 == other } ?? false }
