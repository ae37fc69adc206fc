internal import Files
package import Support

/// Folders that a user named: failures say which option selects another.
extension Folder {
  /// Creates a folder and any missing parents.
  ///
  /// - Parameter option: The option that names the folder, for the message.
  /// - Throws: a `Failure` that names the folder that could not be created.
  package static func makeWithParents(_ path: String, naming option: OptionName = .out) throws(Failure) {
    do throws(FileError) {
      try createWithParents(path)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.advice = ""
      throw Failure(.cannotCreate, "\(diagnostic); choose another with \(option).")
    }
  }

  /// Rejects a file path whose folder is missing, before the work for that file starts.
  package static func requireParent(of path: String) throws(Failure) {
    guard let parent = PathText.folder(path), !parent.isEmpty else { return }
    guard kind(parent) != .folder else { return }
    throw Failure(.cannotCreate, "\(path): the folder \(parent) does not exist; create it first.")
  }
}
