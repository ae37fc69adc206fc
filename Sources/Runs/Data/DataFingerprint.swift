package import Datasets
internal import Files
internal import Support
internal import Synchronization

/// Identifies data by the content of its files. All pictures of a part, which may be many, share one hash.
package struct DataFingerprint {
  private let source: DataSource
  private let parts: [(part: DataSource.Part, paths: [String])]
  private let others: [String]
  private let teachers: [String]
  private let stamps: [ExactText: FileStamp?]

  /// Records the files of the parts of a data set, other files, and the weights of teachers, before they are read.
  package init(
    of parts: [DataSource.Part], in source: DataSource, besides others: [String] = [], teachers: [String] = []
  ) throws(DatasetError) {
    var found: [(part: DataSource.Part, paths: [String])] = []
    for part in parts { found.append((part, try source.files(of: part))) }
    self.source = source
    self.parts = found
    self.others = others
    self.teachers = teachers
    var stamps: [ExactText: FileStamp?] = [:]
    for path in found.flatMap(\.paths) + others + teachers { stamps[ExactText(path)] = FileStamp(path: path) }
    self.stamps = stamps
  }

  /// The files with their hashes, after reading.
  ///
  /// - Throws: a `Failure` if a file has changed in the meantime: the data read may mix old and new.
  package func files() throws -> [Provenance.DataFile] {
    var files: [Provenance.DataFile]
    switch source.layout {
    case .pictures, .picturesInParts:
      files = try parts.compactMap { part, paths in
        paths.isEmpty
          ? nil : Provenance.DataFile(path: "\(source.path), \(part.name)", sha256: try hash(ofPictures: paths))
      }
    case .idx, .arrays, .archive:
      files = try parts.flatMap(\.paths).withoutRepetitions().map {
        Provenance.DataFile(path: $0, sha256: try SHA256.hexadecimal(ofFileAt: $0))
      }
    }
    files += try others.map {
      Provenance.DataFile(path: $0, sha256: try SHA256.hexadecimal(ofFileAt: $0))
    }
    files += try teachers.map {
      Provenance.DataFile(path: $0, sha256: try SHA256.hexadecimal(ofFileAt: $0), isTeacher: true)
    }
    for path in parts.flatMap(\.paths) + others + teachers where FileStamp(path: path) != stamps[ExactText(path)] {
      throw Failure(
        .inputOutput, "\(path): the file changed while it was being read; start again when no program is writing to it."
      )
    }
    return files
  }

  /// The SHA-256 of a list with each picture's hash and name, as `sha256sum` prints it in the data's folder.
  private func hash(ofPictures paths: [String]) throws(FileError) -> String {
    let hashes = Mutex([Result<String, FileError>?](repeating: nil, count: paths.count))
    Parallel.perform(count: paths.count) { index in
      let result = Result { () throws(FileError) in try SHA256.hexadecimal(ofFileAt: paths[index]) }
      hashes.withLock { $0[index] = result }
    }
    var hash = SHA256()
    for (path, result) in zip(paths, hashes.withLock({ $0 })) {
      let name = String(path.utf8.dropFirst(source.path.utf8.count).drop { $0 == UInt8(ascii: "/") }) ?? path
      let line = Array("\(try result?.get() ?? "")  \(name)\n".utf8)
      hash.update(line.span)
    }
    return hash.hexadecimal
  }
}
