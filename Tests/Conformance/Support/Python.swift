import Foundation
import Testing

/// The Python environment that holds other people's readers and writers.
enum Python {
  /// Whether there is any Python on this machine; if not, these tests are skipped.
  static let isInstalled = pathFolders.contains {
    FileManager.default.isExecutableFile(atPath: $0 + "/python3")
  }

  private static var pathFolders: [String] {
    ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
  }

  /// What a skipped test says.
  static let absence: Comment = "python3 is not installed, so other programs cannot read what was written"

  /// The folder of these tests.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The interpreter, or what went wrong when its environment was made.
  private static let interpreter = Result {
    let output = try run(folder.path + "/make-environment", [])
    return output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs one of the scripts and returns what it printed; a failure of it is a failure of the test, with its words.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    try run(try interpreter.get(), [folder.path + "/python/" + script] + arguments)
  }

  /// Runs one of the scripts, which prints JSON.
  static func json<Value: Decodable>(_ script: String, _ arguments: String..., as type: Value.Type) throws -> Value {
    let output = try run(try interpreter.get(), [folder.path + "/python/" + script] + arguments)
    return try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  /// A program ended with another exit code than 0.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // Files instead of pipes: nothing can block on a full pipe.
    let streams = try ScratchFolder()
    let (output, error) = (streams("output"), streams("error"))
    for path in [output, error] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let said = try String(contentsOfFile: error, encoding: .utf8)
      throw Failure(description: "\(program) \(arguments): exit code \(process.terminationStatus): \(said)")
    }
    return try String(contentsOfFile: output, encoding: .utf8)
  }
}
