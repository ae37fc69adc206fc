package import Files
internal import Support

/// A new event file, to which records are added.
///
/// Records are collected and go out together; a process that is killed loses those that have not gone out, and leaves at most one
/// behind that is cut, which readers pass by. One writer per file; not safe to use from two threads at once.
package final class TensorBoardFile {
  private let file: AppendFile
  private var waiting = MessageWriter()

  /// The number of waiting bytes at which records are written.
  private static let largestWait = 1 << 16

  /// Creates a file in a folder, with its first record.
  ///
  /// - Parameters:
  ///   - names: the names in the folder. Readers take the files in the order of their names, so the new one's comes after all of them.
  ///   - time: seconds since 1970, a part of the name.
  ///   - process: the number of this process, another part.
  /// - Throws: a `FileError` when it cannot be created.
  package init(folder: String, after names: [String], time: Double, process: Int) throws(FileError) {
    // A name without seconds, or with the largest of ten digits, is not an event file to be followed.
    let latest = names.compactMap(Self.seconds(in:)).filter { $0 < Self.largestSeconds }.max()
    let seconds = max(min(max(Int(nearest: time.rounded(.down)), 0), Self.largestSeconds), (latest ?? -1) + 1)
    file = try AppendFile(path: folder + "/" + Self.name(seconds, process: process), mayVanish: true)
    append(TensorBoardEvent(time: time, step: 0, .version))
    try flush()
  }

  /// Adds a record; it goes out with the next `flush`, or when enough have come together.
  ///
  /// Takes no memory once there is room for as many bytes as wait at most.
  package func append(_ event: TensorBoardEvent) { event.append(to: &waiting) }

  /// Whether so much is waiting that it should go out.
  package var isFull: Bool { waiting.bytes.count >= Self.largestWait }

  /// Lets all records go out that wait.
  ///
  /// - Parameter synchronizing: whether to wait until they are on the disk.
  package func flush(synchronizing: Bool = false) throws(FileError) {
    guard !waiting.bytes.isEmpty || synchronizing else { return }
    try file.append(bytes: waiting.bytes, synchronizing: synchronizing)
    waiting.bytes.removeAll(keepingCapacity: true)
  }

  private static let prefix = "events.out.tfevents."

  /// The largest number of ten digits.
  private static let largestSeconds = 9_999_999_999

  /// The seconds in the name of an event file; nil for any other name.
  private static func seconds(in name: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count).prefix { "0"..."9" ~= $0 }
    // Fewer digits, as older versions wrote with a clock behind its time: as a text such a number stands where its digits would be the first
    // of ten.
    return 1...10 ~= digits.count ? Int(digits + String(repeating: "0", count: 10 - digits.count)) : nil
  }

  /// Ten digits of seconds keep their order as texts until the year 2286; a clock that is behind its time has fewer, and zeros before them.
  private static func name(_ seconds: Int, process: Int) -> String {
    let digits = String(seconds)
    return prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + "\(digits).jacquard.\(process)"
  }
}
