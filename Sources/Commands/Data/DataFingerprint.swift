internal import Datasets
internal import Interchange

/// Names data files by their content.
struct DataFingerprint {
  private let paths: [String]
  private let stamps: [[Int]?]

  /// Looks at the files of the parts of a folder, before they are read.
  init(of parts: [DataFolder.Part], in folder: DataFolder) throws(DatasetError) {
    var paths: [String] = []
    for part in parts { paths += [try folder.imagesPath(part), try folder.labelsPath(part)] }
    self.paths = paths
    stamps = paths.map(Folder.stamp)
  }

  /// The files, each with its hash, after they were read.
  ///
  /// - Throws: a `CommandFailure` for a file that has changed since it was looked at: what was read may be a mixture of old and new.
  func files() throws -> [Provenance.DataFile] {
    let files = try paths.map { Provenance.DataFile(path: $0, sha256: try SHA256.hexadecimal(ofFileAt: $0)) }
    for (path, stamp) in zip(paths, stamps) where Folder.stamp(path) != stamp {
      throw CommandFailure(
        .inputOutput, "\(path): the file changed while it was being read; start again when nobody writes to it.")
    }
    return files
  }
}
