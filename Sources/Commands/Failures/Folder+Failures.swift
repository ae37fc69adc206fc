internal import Support
internal import Files

/// Folders that a user named: a failure says by which flag to name another one.
extension Folder {
  /// Makes a folder and those above it that are missing.
  ///
  /// - Parameter flag: The flag that names the folder, for the message.
  /// - Throws: a `CommandFailure` that names the folder that could not be made.
  static func makeWithParents(_ path: String, flag: String = "--out") throws(CommandFailure) {
    do throws(FileError) {
      try createWithParents(path)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.advice = "choose another with \(flag)."
      throw CommandFailure(.cannotCreate, diagnostic.description)
    }
  }

  /// Refuses the path of a file whose folder is missing, before the work that the file is for.
  static func requireParent(of path: String) throws(CommandFailure) {
    guard let parent = PathText.folder(path), !parent.isEmpty else { return }
    guard kind(parent) != .folder else { return }
    throw CommandFailure(.cannotCreate, "\(path): the folder \(parent) does not exist; create it first.")
  }
}
