package import Files
internal import Support

/// A new event file to which records are appended.
///
/// Records are buffered and written together. A process that is killed loses the buffered records and leaves at most one truncated record, which
/// readers skip. One writer per file; not safe to use from two threads at once.
package final class TensorBoardFile {
  private let file: AppendFile
  private var waiting = MessageWriter()

  /// The number of buffered bytes at which records are written.
  private static let largestWait = 1 << 16

  /// Creates a file in a folder, with its first record.
  ///
  /// - Parameters:
  ///   - names: the names in the folder. Readers sort files by name, so the new name comes after all of them.
  ///   - time: seconds since 1970, a part of the name.
  ///   - process: the number of this process, also part of the name.
  /// - Throws: a `FileError` when it cannot be created.
  package init(folder: String, after names: [String], time: Double, process: Int) throws(FileError) {
    // A name without seconds, or with the largest ten-digit number, does not belong to an event file that the new one could follow.
    let latest = names.compactMap(Self.seconds(in:)).filter { $0 < Self.largestSeconds }.max()
    let seconds = max(min(max(Int(nearest: time.rounded(.down)), 0), Self.largestSeconds), (latest ?? -1) + 1)
    file = try AppendFile(path: folder + "/" + Self.name(seconds, process: process), mayVanish: true)
    append(TensorBoardEvent(time: time, step: 0, .version))
    try flush()
  }

  /// Appends a record; it is written with the next `flush`, or when enough bytes have been buffered.
  ///
  /// Allocates nothing once the buffer has reached its largest size.
  package func append(_ event: TensorBoardEvent) { event.append(to: &waiting) }

  /// Whether enough bytes are buffered to write them.
  package var isFull: Bool { waiting.bytes.count >= Self.largestWait }

  /// Writes all buffered records.
  ///
  /// - Parameter synchronizing: whether to wait until they are on the disk.
  package func flush(synchronizing: Bool = false) throws(FileError) {
    guard !waiting.bytes.isEmpty || synchronizing else { return }
    try file.append(bytes: waiting.bytes, synchronizing: synchronizing)
    waiting.bytes.removeAll(keepingCapacity: true)
  }

  private static let prefix = "events.out.tfevents."

  /// The largest ten-digit number.
  private static let largestSeconds = 9_999_999_999

  /// The seconds in the name of an event file; nil for other names.
  private static func seconds(in name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count).prefix { "0"..."9" ~= $0 }
    // Older versions wrote fewer digits if the clock was wrong. In a comparison of texts, such a number counts as if its digits were the first of
    // ten.
    return 1...10 ~= digits.count ? Int(digits + String(repeating: "0", count: 10 - digits.count)) : nil
  }

  /// Ten digits of seconds sort correctly as texts until the year 2286. A clock that is far behind gives fewer digits, which are padded with zeros.
  private static func name(_ seconds: Int, process: Int) -> String {
    let digits = String(seconds)
    return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + "\(digits).jacquard.\(process)"
  }
}
