internal import Datasets
internal import Files
internal import Runs

/// Parts of data sets, each read once for all checkpoints.
final class LoadedData {
  private struct Key: Hashable {
    let path: String
    let part: DataSource.Part
    let classNames: [String]
    let size: PictureSize?
    let colors: PictureColors
    let decoder: String
    let skipsBroken: Bool
  }

  private var sets: [Key: (set: ImageSet, sha256: String)] = [:]

  /// The images of a part of a data set, and a hash that identifies them.
  func set(_ part: DataSource.Part, of source: DataSource, classNames: [String]) throws -> (
    set: ImageSet, sha256: String
  ) {
    let key = Key(
      path: source.path, part: part, classNames: classNames, size: source.pictures.size, colors: source.pictures.colors,
      decoder: source.pictures.decoder.name, skipsBroken: source.pictures.skipsBroken)
    if let found = sets[key] { return found }
    let fingerprint = try DataFingerprint(of: [part], in: source)
    let set = try source.load(part, classNames: classNames)
    let found = (set: set, sha256: Self.joined(try fingerprint.files()))
    sets[key] = found
    return found
  }

  /// The hash that identifies the images of a part of a data set; nil if they cannot be read.
  static func sha256(of part: DataSource.Part, in source: DataSource) -> String? {
    guard let fingerprint = try? DataFingerprint(of: [part], in: source) else { return nil }
    return (try? fingerprint.files()).flatMap { $0.isEmpty ? nil : joined($0) }
  }

  private static func joined(_ files: [Provenance.DataFile]) -> String {
    SHA256.hexadecimal(of: Array(files.map { $0.sha256 + "\n" }.joined().utf8))
  }
}
