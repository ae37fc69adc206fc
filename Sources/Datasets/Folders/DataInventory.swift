internal import Files
internal import Support

/// The contents of a data set's path: the parts that are read, and the files that are not, with the reason.
public struct DataInventory: Hashable, Sendable {
  /// A part and its files.
  public struct Found: Hashable, Sendable {
    /// The kind of part.
    public let part: DataSource.Part
    /// The names of its files or arrays, or its folder.
    public let names: [String]
  }

  /// An item that is not read.
  public struct LeftOut: Hashable, Sendable {
    /// Its description, such as "3 .heic files".
    public let what: String
    /// The reason why it is not read.
    public let reason: String
  }

  /// The parts, in their order.
  public internal(set) var found: [Found] = []
  /// The items that are not used.
  public internal(set) var leftOut: [LeftOut] = []

  /// Records a part.
  mutating func add(_ part: DataSource.Part, _ names: [String]) { found.append(Found(part: part, names: names)) }

  /// Records files that are not read, counted by file extension, the most frequent first.
  mutating func leaveOut(files names: [String], because reason: String) {
    var counts: [String: Int] = [:]
    for name in names { counts[FileName.ending(of: name), default: 0] += 1 }
    for (ending, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let kind =
        ending.isEmpty ? "file\(count == 1 ? "" : "s") without an ending" : "\(ending) file\(count == 1 ? "" : "s")"
      leftOut.append(LeftOut(what: "\(count) \(kind)", reason: reason))
    }
  }

  /// Records files whose names are not UTF-8.
  mutating func leaveOutUnnamed(_ count: Int) {
    if count > 0 { leaveOut("\(count) file\(count == 1 ? "" : "s")", because: "a name that is not UTF-8") }
  }

  /// Records a single item that is not read.
  mutating func leaveOut(_ what: String, because reason: String) {
    leftOut.append(LeftOut(what: what, reason: reason))
  }

  /// All unused items, in one sentence; nil if everything is used.
  public var leftOutText: String? {
    guard !leftOut.isEmpty else { return nil }
    // Each reason is given once.
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

/// Conclusions from file names.
enum FileName {
  /// Files that operating systems and programs add; they are not data.
  private static let systemNames: Set = [
    "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "lost+found",
    "@eadir", "icon\r",
  ]

  /// Whether a name is that of a system's or an editor's file.
  static func isSystem(_ name: String) -> Bool {
    name.beginsWith(bytesOf: ".") || systemNames.contains(name.lowercased())
  }

  /// The file extension with its dot, in lower case; empty without one.
  static func ending(of name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return name[dot...].lowercased()
  }

  /// The sorted names in a folder, without system files.
  ///
  /// - Throws: `DatasetError` if the folder cannot be read or a name is not UTF-8.
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

  /// The same for folders in which only certain names are read: the UTF-8 names, and the number of others.
  static func textNames(in folder: String) throws(DatasetError) -> (names: [String], others: Int) {
    do throws(FileError) {
      let found = try Folder.textNames(folder)
      return (found.names.filter { !isSystem($0) }, found.others)
    } catch {
      throw DatasetError(path: folder, code: .cannotOpen(errorNumber: error.systemCode ?? 0))
    }
  }
}
