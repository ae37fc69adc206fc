internal import Datasets
internal import Interchange

/// Names data files by their content.
enum DataFingerprint {
  /// The files of the parts of a folder, each with its hash.
  static func files(of parts: [DataFolder.Part], in folder: DataFolder) throws -> [Provenance.DataFile] {
    try parts.flatMap { part in
      try [folder.imagesPath(part), folder.labelsPath(part)].map { path in
        Provenance.DataFile(path: path, sha256: try SHA256.hexadecimal(ofFileAt: path))
      }
    }
  }
}
