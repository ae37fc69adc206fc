import NumPy
import Testing

/// ZIP archives of arrays: ours, and damaged ones.
struct NumPyArchiveTests {
  private static let archive = NumPyArchive([
    NumPyArchive.Member(name: "a", array: NumPyArray(shape: [3], bytes: [1, 2, 3])),
    NumPyArchive.Member(name: "b", array: NumPyArray(shape: [], floats: [0.5])),
  ])
  private static let good = archive.serialized()
  /// The offset of the directory: two files with a header of 30 bytes, a name of 5, and 128 bytes before the data.
  private static let directory = 2 * (30 + 5 + 128) + 3 + 4

  private static func problem(_ bytes: [UInt8], maximum: Int = 1 << 20) -> ZipError.Problem? {
    do throws(NumPyArchiveError) {
      _ = try NumPyArchive(file: bytes, path: "a.npz", maximumByteCount: maximum)
    } catch {
      guard case .zip(let error) = error else { return nil }
      #expect(error.description.hasPrefix("a.npz: not an acceptable .npz file: "))
      return error.problem
    }
    return nil
  }

  /// The good file with some of its bytes replaced.
  private static func changed(_ offset: Int, _ bytes: UInt8...) -> [UInt8] {
    var file = good
    file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    return file
  }

  @Test func roundTrip() throws {
    #expect(try NumPyArchive(file: Self.good, path: "a.npz") == Self.archive)
    #expect(Self.good == Self.archive.serialized())
    #expect(try NumPyArchive(file: NumPyArchive([]).serialized(), path: "a.npz").members.isEmpty)
    #expect(Self.archive["b"]?.floats == [0.5])
    #expect(Self.archive["c"] == nil)
  }

  @Test func whatIsNoArchive() {
    #expect(Self.problem([]) == .noDirectory(guess: "an empty file, 0 bytes"))
    #expect(
      Self.problem(Array("<html>".utf8)) == .noDirectory(guess: "an HTML or XML page, perhaps from a failed download"))
    #expect(Self.problem(Array(Self.good.dropLast())) == .noDirectory(guess: nil))
    #expect(Self.problem(Self.good + [0]) == .noDirectory(guess: nil))
  }

  @Test func wrongDirectories() {
    let first = Self.directory
    #expect(Self.problem(Self.changed(first, 0)) == .damagedDirectory(offset: first))
    // More entries than exist.
    #expect(Self.problem(Self.changed(Self.good.count - 12, 3)) == .damagedDirectory(offset: first + 102))
    // A name that would extend beyond the directory.
    #expect(Self.problem(Self.changed(first + 28, 0xFF, 0xFF)) == .damagedDirectory(offset: first))
    #expect(Self.problem(Self.changed(first + 8, 1)) == .encrypted(name: "a.npy"))
    #expect(Self.problem(Self.changed(first + 10, 12)) == .unknownMethod(name: "a.npy", 12))
    #expect(Self.problem(Self.changed(first + 46, UInt8(ascii: "b"))) == .repeatedName("b.npy"))
    #expect(Self.problem(Self.changed(first + 24, 0xFF, 0xFF, 0xFF, 0xFF)) == .tooLarge)
    #expect(Self.problem(Self.changed(first + 42, 1)) == .damagedHeader(name: "a.npy", offset: 1))
    #expect(
      Self.problem(Self.changed(first + 42, 0, 0, 0, 1)) == .damagedHeader(name: "a.npy", offset: 1 << 24))
    #expect(Self.problem(Self.changed(26, 0xFF, 0xFF)) == .damagedHeader(name: "a.npy", offset: 0))
  }

  @Test func wrongContents() {
    let first = Self.directory
    #expect(Self.problem(Self.changed(first + 24, 9)) == .wrongSize(name: "a.npy", expected: 9, found: 131))
    var twice = Self.good
    twice.replaceSubrange(first + 51 + 42..<first + 51 + 46, with: [0, 0, 0, 0])
    #expect(Self.problem(twice) == .overlap("a.npy", "b.npy") || Self.problem(twice) == .overlap("b.npy", "a.npy"))
    let checksum = Self.good[first + 16..<first + 20].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard case .wrongChecksum(name: "a.npy", expected: checksum, let found) = Self.problem(Self.changed(163, 9)) else {
      Issue.record("a changed byte went unnoticed")
      return
    }
    #expect(found != checksum)
    #expect(Self.problem(Self.good, maximum: 100) == .contentTooLarge(maximum: 100))
  }

  /// An archive of one file whose packed content and sizes are these.
  private static func deflated(_ packed: [UInt8], promising size: Int) -> [UInt8] {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let common =
      bytes(20, 2) + bytes(0, 2) + bytes(8, 2) + bytes(0, 8) + bytes(packed.count, 4) + bytes(size, 4) + bytes(1, 2)
      + bytes(0, 2)
    let file = [0x50, 0x4B, 3, 4] + common + [0x78] + packed
    let entry = [0x50, 0x4B, 1, 2] + bytes(20, 2) + common + bytes(0, 10) + bytes(0, 4) + [0x78]
    return file + entry + [0x50, 0x4B, 5, 6] + bytes(0, 4) + bytes(1, 2) + bytes(1, 2) + bytes(entry.count, 4)
      + bytes(file.count, 4) + bytes(0, 2)
  }

  @Test func wrongDeflation() {
    // Five zeros, as zlib deflates them.
    let zeros: [UInt8] = [0x63, 0x60, 0x00, 0x02, 0x00]
    #expect(Self.problem(Self.deflated(zeros, promising: 4)) == .wrongSize(name: "x", expected: 4, found: 5))
    #expect(Self.problem(Self.deflated(zeros, promising: 6)) == .wrongSize(name: "x", expected: 6, found: 5))
    #expect(Self.problem(Self.deflated(Array(zeros.dropLast()), promising: 5)) == .cutShort(name: "x"))
    #expect(Self.problem(Self.deflated([0xFF], promising: 5)) == .damaged(name: "x", reason: "invalid block type"))
    // More than deflate can reach: rejected before memory is allocated.
    #expect(
      Self.problem(Self.deflated(zeros, promising: 1 << 30), maximum: 1 << 40)
        == .wrongSize(name: "x", expected: 1 << 30, found: 5))
    guard case .wrongChecksum(name: "x", expected: 0, _) = Self.problem(Self.deflated(zeros, promising: 5)) else {
      Issue.record("a wrong checksum went unnoticed")
      return
    }
  }

  @Test func changedBytesCauseOnlyTheReadersErrors() {
    for index in Self.good.indices {
      for value: UInt8 in [0, 8, 0x7F, 0xFF] where Self.good[index] != value {
        var bytes = Self.good
        bytes[index] = value
        do throws(NumPyArchiveError) {
          _ = try NumPyArchive(file: bytes, path: "a.npz", maximumByteCount: 1 << 20)
        } catch {
          #expect(error.description.hasPrefix("a.npz"))
        }
      }
    }
  }
}
