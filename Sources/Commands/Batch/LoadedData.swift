internal import Datasets
internal import Interchange

/// Parts of data folders, each read once for as many checkpoints as there are.
final class LoadedData {
  private struct Key: Hashable {
    let folder: String
    let part: DataFolder.Part
    let classNames: [String]
  }

  private var sets: [Key: (set: ImageSet, sha256: String)] = [:]

  /// The images of a part of a folder, and what names them by their content.
  func set(_ part: DataFolder.Part, of folder: DataFolder, classNames: [String]) throws -> (
    set: ImageSet, sha256: String
  ) {
    let key = Key(folder: folder.path, part: part, classNames: classNames)
    if let found = sets[key] { return found }
    let fingerprint = try DataFingerprint(of: [part], in: folder)
    let set = try folder.load(part, classNames: classNames)
    let found = (set: set, sha256: Self.joined(try fingerprint.files()))
    sets[key] = found
    return found
  }

  /// What names the images of a part of a folder by their content; nil where they cannot be read.
  static func sha256(of part: DataFolder.Part, in folder: DataFolder) -> String? {
    guard let fingerprint = try? DataFingerprint(of: [part], in: folder) else { return nil }
    return (try? fingerprint.files()).map(joined)
  }

  private static func joined(_ files: [Provenance.DataFile]) -> String {
    SHA256.hexadecimal(of: Array(files.map { $0.sha256 + "\n" }.joined().utf8))
  }
}
