internal import Glibc
internal import Support

/// Another program that takes the place of this one.
package enum Program {
  /// The path of a program: in the folder of this one, else in a folder of `PATH`; nil if it is in neither.
  package static func path(named name: String) -> String? {
    let own = PathText.folder(Folder.absolutePath("/proc/self/exe")) ?? ""
    let folders =
      [own] + (Environment.value("PATH") ?? "").parts(separatedBy: ":").filter { !$0.isEmpty }
    return folders.map { PathText.joined($0, name) }.first { isExecutable($0) }
  }

  private static func isExecutable(_ path: String) -> Bool {
    unsafe Folder.isRegularFile(path) && access(path, X_OK) == 0
  }

  /// Replaces this process by a program; it keeps the process's number, streams, folder and environment.
  ///
  /// - Parameter arguments: The arguments after the program's name.
  /// - Returns: Why the system refused; on success it does not return.
  package static func replaceProcess(by path: String, _ arguments: [String]) -> SystemCode {
    _ = unsafe CStrings.with([path] + arguments) { words in unsafe execv(path, words) }
    return .last
  }
}
