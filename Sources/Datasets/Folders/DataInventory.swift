internal import Files
internal import Support

/// What stands at the path of a data set: the parts that are read, and what is left out, with the reason.
public struct DataInventory: Hashable, Sendable {
  /// A part and where it is.
  public struct Found: Hashable, Sendable {
    /// Which part it is.
    public let part: DataSource.Part
    /// The names of its files or arrays, or of its folder.
    public let names: [String]
  }

  /// Something that is not read.
  public struct LeftOut: Hashable, Sendable {
    /// What it is, such as "3 .heic files".
    public let what: String
    /// Why it is not read.
    public let reason: String
  }

  /// The parts, in their order.
  public internal(set) var found: [Found] = []
  /// What is left out.
  public internal(set) var leftOut: [LeftOut] = []

  /// Notes that a part is there.
  mutating func add(_ part: DataSource.Part, _ names: [String]) { found.append(Found(part: part, names: names)) }

  /// Notes files that are not read: counted by the endings of their names, the most frequent first.
  mutating func leaveOut(files names: [String], because reason: String) {
    var counts: [String: Int] = [:]
    for name in names { counts[FileName.ending(of: name), default: 0] += 1 }
    for (ending, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let kind =
        ending.isEmpty ? "file\(count == 1 ? "" : "s") without an ending" : "\(ending) file\(count == 1 ? "" : "s")"
      leftOut.append(LeftOut(what: "\(count) \(kind)", reason: reason))
    }
  }

  /// Notes files whose names are no text.
  mutating func leaveOutUnnamed(_ count: Int) {
    if count > 0 { leaveOut("\(count) file\(count == 1 ? "" : "s")", because: "a name that is not UTF-8") }
  }

  /// Notes a single thing that is not read.
  mutating func leaveOut(_ what: String, because reason: String) {
    leftOut.append(LeftOut(what: what, reason: reason))
  }

  /// Everything that is left out, in one sentence; nil where nothing is.
  public var leftOutText: String? {
    guard !leftOut.isEmpty else { return nil }
    // One reason is given once.
    var groups: [(reason: String, whats: [String])] = []
    for item in leftOut {
      if let index = groups.firstIndex(where: { $0.reason == item.reason }) {
        groups[index].whats.append(item.what)
      } else {
        groups.append((item.reason, [item.what]))
      }
    }
    return groups.map { group in
      let shown = group.whats.prefix(12).joined(separator: ", ") + (group.whats.count > 12 ? ", …" : "")
      return "\(shown) (\(group.reason))"
    }.joined(separator: ", ")
  }
}

/// What names of files say.
enum FileName {
  /// What operating systems and programs put beside people's files; nothing of it is data.
  private static let systemNames: Set = [
    "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "lost+found",
    "@eadir", "icon\r",
  ]

  /// Whether a name is that of the system's or an editor's files.
  static func isSystem(_ name: String) -> Bool {
    name.beginsWith(bytesOf: ".") || systemNames.contains(name.lowercased())
  }

  /// The ending of a name with its dot, in lower case; empty if it has no ending.
  static func ending(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return name[dot...].lowercased()
  }

  /// The names in a folder, in order, without the system's.
  ///
  /// - Throws: `DatasetError` if the folder cannot be read, or one of the names is no text.
  static func names(in folder: String) throws(DatasetError) -> [String] {
    do throws(FileError) {
      return try Folder.names(folder).filter { !isSystem($0) }
    } catch {
      if case .nameNotUTF8(let bytes) = error.cause {
        throw DatasetError(path: folder, code: .picture(.nameNotUTF8(bytes)))
      }
      throw DatasetError(path: folder, code: .cannotOpen(errorNumber: error.systemCode ?? 0))
    }
  }

  /// The same where only files of certain names are read: those that are text, and how many are not.
  static func textNames(in folder: String) throws(DatasetError) -> (names: [String], others: Int) {
    do throws(FileError) {
      let found = try Folder.textNames(folder)
      return (found.names.filter { !isSystem($0) }, found.others)
    } catch {
      throw DatasetError(path: folder, code: .cannotOpen(errorNumber: error.systemCode ?? 0))
    }
  }
}
