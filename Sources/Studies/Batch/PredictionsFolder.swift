package import Files
internal import Interchange
internal import NumPy
internal import Runs
package import Support

/// The folder of a batch's probabilities: one array `[images][classes]` per row.
package struct PredictionsFolder: Sendable {
  /// The folder.
  package let path: String

  /// Names a folder, and creates it if it is missing.
  package init(_ path: String) throws(Failure) {
    try Folder.makeWithParents(path, naming: .predictions)
    self.path = PathText.joined(path, "")
  }

  /// Writes a row's probabilities atomically, and returns the file's path.
  package func write(_ values: [Float], classes: Int, of identity: BatchRow.Identity) throws(FileError) -> String {
    let file = path + Self.name(identity)
    try NumPyArray(shape: [values.count / classes, classes], floats: values).write(to: file)
    return file
  }

  /// A readable name with a hash that makes it unique to the row.
  package static func name(_ identity: BatchRow.Identity) -> String {
    let kept = identity.checkpoint.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
    let all = [
      identity.checkpoint, identity.weightsSHA256, identity.data, identity.dataSHA256, identity.split, identity.views,
    ]
    let hash = SHA256.hexadecimal(of: Array(all.joined(separator: "\n").utf8)).prefix(12)
    return "\(String(kept.suffix(80)))-\(identity.split)-\(hash).npy"
  }
}
