import Foundation

/// The Python environment with the readers and writers of other projects.
enum Python {
  /// The folder of these tests.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The interpreter, or what went wrong when its environment was made.
  private static let interpreter = Result {
    let output = try Program.output(of: folder.path + "/make-environment", [])
    return output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs one of the scripts and returns its output; if it fails, the test fails with its message.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    try Program.output(of: try interpreter.get(), [folder.path + "/python/" + script] + arguments)
  }

  /// Runs one of the scripts, which prints JSON.
  static func json<Value: Decodable>(_ script: String, _ arguments: String..., as type: Value.Type) throws -> Value {
    try json(script, arguments, as: type)
  }

  /// Runs one of the scripts, which prints JSON.
  static func json<Value: Decodable>(_ script: String, _ arguments: [String], as type: Value.Type) throws -> Value {
    let output = try Program.output(of: try interpreter.get(), [folder.path + "/python/" + script] + arguments)
    return try JSONDecoder().decode(type, from: Data(output.utf8))
  }
}
