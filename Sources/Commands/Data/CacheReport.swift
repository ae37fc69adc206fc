internal import Datasets
internal import Files
internal import Support
internal import Terminal

/// The result of `data cache`.
struct CacheReport {
  /// The folder; nil if nothing is kept.
  let folder: String?
  /// The files that are there.
  let entries: [PictureCache.Entry]
  /// The files that were removed.
  let removed: [PictureCache.Entry]

  /// The files for programs.
  var json: JSONValue {
    [
      "schema": 1, "cache": folder.map(JSONValue.string) ?? .null,
      "bytes": .integer(Self.byteCount(entries)), "files": .array(entries.map(Self.json)),
      "removed": .array(removed.map { .string($0.name) }), "removed_bytes": .integer(Self.byteCount(removed)),
    ]
  }

  private static func json(_ entry: PictureCache.Entry) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init(name: "name", value: .string(entry.name)), .init(name: "path", value: .string(entry.path)),
      .init(name: "state", value: .string(state(entry))), .init(name: "bytes", value: .integer(entry.byteCount)),
      .init(name: "written", value: .string(SystemClock.timestamp(secondsSinceEpoch: entry.seconds))),
    ]
    if let content = entry.content {
      members += [
        .init(name: "data", value: .string(content.folder)), .init(name: "count", value: .integer(content.count)),
        .init(name: "height", value: .integer(content.height)), .init(name: "width", value: .integer(content.width)),
        .init(name: "channels", value: .integer(content.channels)),
      ]
    }
    return .object(members)
  }

  /// The files for people.
  var lines: [String] {
    guard let folder else { return [] }
    var pairs = [(name: "cache", value: folder)]
    if !removed.isEmpty {
      let files = removed.count == 1 ? "1 file" : "\(NumberText.grouped(removed.count)) files"
      pairs.append(("removed", "\(files), \(NumberText.bytes(Self.byteCount(removed)))"))
    }
    pairs.append(("kept", entries.isEmpty ? "nothing" : NumberText.bytes(Self.byteCount(entries))))
    guard !entries.isEmpty else { return TextTable.pairs(pairs) }
    var table = TextTable([
      ("name", .left), ("images", .right), ("shape", .left), ("size", .right), ("written", .left), ("data", .left),
    ])
    for entry in entries {
      let content = entry.content
      table.append([
        entry.name, content.map { NumberText.grouped($0.count) } ?? "–",
        content.map { "\($0.height) × \($0.width)" + ($0.channels == 1 ? "" : " × \($0.channels)") } ?? "–",
        NumberText.bytes(entry.byteCount), SystemClock.timestamp(secondsSinceEpoch: entry.seconds),
        content?.folder ?? Self.state(entry),
      ])
    }
    return TextTable.pairs(pairs) + [""] + table.lines
  }

  private static func state(_ entry: PictureCache.Entry) -> String {
    entry.isUnfinished ? "unfinished" : entry.content == nil ? "damaged" : "ready"
  }

  private static func byteCount(_ entries: [PictureCache.Entry]) -> Int { entries.reduce(0) { $0 + $1.byteCount } }
}
