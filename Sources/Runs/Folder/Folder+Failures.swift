internal import Files
package import Support

/// Folders that a user named: a failure says by which option to name another one.
extension Folder {
  /// Makes a folder and those above it that are missing.
  ///
  /// - Parameter option: The option that names the folder, for the message.
  /// - Throws: a `Failure` that names the folder that could not be made.
  package static func makeWithParents(_ path: String, naming option: OptionName = .out) throws(Failure) {
    do throws(FileError) {
      try createWithParents(path)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.advice = ""
      throw Failure(.cannotCreate, "\(diagnostic); choose another with \(option).")
    }
  }

  /// Refuses the path of a file whose folder is missing, before the work that the file is for.
  package static func requireParent(of path: String) throws(Failure) {
    guard let parent = PathText.folder(path), !parent.isEmpty else { return }
    guard kind(parent) != .folder else { return }
    throw Failure(.cannotCreate, "\(path): the folder \(parent) does not exist; create it first.")
  }
}
