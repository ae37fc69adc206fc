/// A new event file, to which records are added.
///
/// Records are collected and go out together; a process that is killed loses those that have not gone out, and leaves at most one
/// behind that is cut, which readers pass by. One writer per file; not safe to use from two threads at once.
package final class TensorBoardFile {
  private let file: AppendFile
  private var waiting: [UInt8] = []

  /// Records that go out at the latest when there are so many bytes of them.
  private static let largestWait = 1 << 16

  /// Creates a file in a folder, with its first record.
  ///
  /// - Parameters:
  ///   - names: the names in the folder. Readers take the files in the order of their names, so the new one's comes after all of them.
  ///   - time: seconds since 1970, a part of the name.
  ///   - process: the number of this process, another part.
  /// - Throws: a `FileError` when it cannot be created.
  package init(folder: String, after names: [String], time: Double, process: Int) throws(FileError) {
    var seconds = Int(time)
    while names.contains(where: { $0 >= Self.name(seconds, process: nil) && Self.isEventFile($0) }) { seconds += 1 }
    file = try AppendFile(path: folder + "/" + Self.name(seconds, process: process))
    append(TensorBoardEvent(time: time, step: 0, .version))
    try flush()
  }

  /// Adds a record; it goes out with the next `flush`, or when enough have come together.
  package func append(_ event: TensorBoardEvent) { waiting += event.record() }

  /// Whether so much is waiting that it should go out.
  package var isFull: Bool { waiting.count >= Self.largestWait }

  /// Lets all records go out that wait.
  ///
  /// - Parameter synchronizing: whether to wait until they are on the disk.
  package func flush(synchronizing: Bool = false) throws(FileError) {
    guard !waiting.isEmpty || synchronizing else { return }
    try file.append(bytes: waiting, synchronizing: synchronizing)
    waiting.removeAll(keepingCapacity: true)
  }

  private static let prefix = "events.out.tfevents."

  private static func isEventFile(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Ten digits of seconds keep their order as texts until the year 2286.
  private static func name(_ seconds: Int, process: Int?) -> String {
    prefix + "\(seconds)" + (process.map { ".jacquard.\($0)" } ?? "")
  }
}
