internal import Files
package import Support

/// The weights file that a run starts from, as recorded.
package enum InitialWeights {
  /// The file of `--from` or `--init-from`, with its hash; nil for random weights.
  package static func file(of settings: TrainSettings) throws(Failure) -> Provenance.DataFile? {
    try file(settings.source ?? settings.initialWeights)
  }

  /// A file, with its hash; nil for random weights.
  ///
  /// - Parameter path: A run folder or a weights file.
  /// - Throws: a `Failure` of the kind `noInput` if it does not exist.
  package static func file(_ path: String?) throws(Failure) -> Provenance.DataFile? {
    guard let path else { return nil }
    let file = try CheckpointPath.weights(of: path)
    do throws(FileError) {
      return Provenance.DataFile(path: file, sha256: try SHA256.hexadecimal(ofFileAt: file))
    } catch {
      throw Failure(error)
    }
  }
}
