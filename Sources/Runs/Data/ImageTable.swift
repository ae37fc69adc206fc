package import Datasets
internal import Files
package import Support
internal import Terminal

/// A table that names images of a data set's part, each by its index or its path.
///
/// A CSV file begins with the names of its columns. `index` is an image's number, from 0, and `path` the picture's path below the data's folder; of both, the
/// path counts for pictures. Rows whose column `part` names another part are left out. A file without these names has one index or path per line.
package struct ImageTable {
  /// The rows that name images of the part: the image, and the cells by their columns.
  package let rows: [(image: Int32, cells: [String: String])]
  /// The number of rows about other parts.
  package let otherRows: Int

  /// The largest size of a file.
  private static let maximumByteCount = 1 << 30

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - part: The part whose images it names.
  ///   - images: The number of images of the part.
  ///   - paths: The paths of its pictures below the data's folder, in the order of the images; nil for other data.
  ///   - value: The name of a column that must exist beside `index` or `path`; nil if no other must exist.
  /// - Throws: a `Failure` that names the file and the line.
  package init(
    _ file: String, part: DataSource.Part, images: Int, paths: [String]?, value: String? = nil
  ) throws(Failure) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: file, maximumByteCount: Self.maximumByteCount)
    } catch {
      throw Failure(error)
    }
    let isComplete = bytes.last == UInt8(ascii: "\n")
    let lines = CSVText.rows(
      of: (isComplete ? bytes : bytes + [UInt8(ascii: "\n")]).filter { $0 != UInt8(ascii: "\r") })
    var columns = lines.first.map(\.cells) ?? []
    let hasNames = columns.contains("index") || columns.contains("path")
    if !hasNames { columns = value.map { ["", $0] } ?? [""] }
    if let value, hasNames, !columns.contains(value) {
      throw Failure(
        .badData, "\(file): there is no column \"\(value)\"; its columns are \(columns.joined(separator: ", ")).")
    }
    let places: [ExactText: Int32] =
      paths.map { paths in
        Dictionary(paths.enumerated().map { (ExactText($1), Int32($0)) }) { first, _ in first }
      } ?? [:]
    var rows: [(image: Int32, cells: [String: String])] = []
    var others = 0
    for (number, line) in lines.enumerated().dropFirst(hasNames ? 1 : 0) {
      if line.cells == [""] { continue }
      func failure(_ problem: String) -> Failure { Failure(.badData, "\(file), line \(number + 1): \(problem)") }
      guard line.cells.count == columns.count else {
        throw failure("expected \(columns.count) cell\(columns.count == 1 ? "" : "s"), found \(line.cells.count).")
      }
      let cells = Dictionary(zip(columns, line.cells)) { first, _ in first }
      if let named = cells["part"], !named.isEmpty, named != part.name {
        others += 1
        continue
      }
      let path = cells["path"].flatMap { $0.isEmpty ? nil : $0 }
      if let paths, let path {
        guard let image = places[ExactText(path)] else {
          throw failure(
            "the data has no picture \"\(path)\" in its \(part.name) part; paths begin below the data's folder.")
        }
        rows.append((image, cells))
        _ = paths
        continue
      }
      let text = cells["index"] ?? cells[""] ?? ""
      if let image = places[ExactText(text)] {
        rows.append((image, cells))
        continue
      }
      guard let index = Int(text), 0..<images ~= index else {
        throw failure(
          "\"\(text)\" is no image; expected a number from 0 to \(images - 1)\(paths == nil ? "" : ", or a path below the data's folder")."
        )
      }
      rows.append((Int32(index), cells))
    }
    self.rows = rows
    otherRows = others
  }
}
