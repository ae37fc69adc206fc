import Foundation

/// Runs programs to their end.
enum Program {
  /// A program ended with another exit code than it should.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The built command line, which stands beside the test bundle.
  static var jacquard: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("jacquard").path
  }

  /// Runs a program and returns its standard output; where it fails, the failure has its words.
  ///
  /// - Parameters:
  ///   - folder: The folder that it runs in; nil for that of the tests.
  ///   - exitCodes: Those that are not a failure.
  static func output(
    of program: String, _ arguments: [String], in folder: ScratchFolder? = nil, exitCodes: Set<Int32> = [0]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder.path) }
    // Files instead of pipes: nothing can block on a full pipe.
    let streams = try ScratchFolder()
    let (output, error) = (streams("output"), streams("error"))
    for path in [output, error] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, exitCodes.contains(process.terminationStatus) else {
      let said = try String(contentsOfFile: error, encoding: .utf8)
      throw Failure(description: "\(program) \(arguments): exit code \(process.terminationStatus): \(said)")
    }
    return try String(contentsOfFile: output, encoding: .utf8)
  }
}
