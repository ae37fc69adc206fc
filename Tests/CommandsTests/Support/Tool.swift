import Foundation
import TestSupport
import Testing

/// Runs the built command, as a user would.
struct Tool {
  /// What a finished command left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let error: String

    /// Standard output as one JSON object.
    func json() throws -> [String: Any] {
      let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return try #require(value as? [String: Any], "standard output is no JSON object: \(output)")
    }

    /// The lines of standard error.
    var errorLines: [Substring] { error.split(separator: "\n") }
  }

  /// The folder that the command runs in; new and empty, and removed by `Scratch`.
  let folder: Scratch
  /// Variables besides `PATH`, `HOME` and `TERM`.
  var environment: [String: String] = [:]

  /// - Parameter isInMemory: Whether its folder should be in memory and not on a disk.
  init(environment: [String: String] = [:], isInMemory: Bool = false) throws {
    folder = try Scratch(isInMemory: isInMemory)
    self.environment = environment
  }

  /// The command stands beside the test bundle.
  static var path: String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("jacquard").path
  }

  /// Runs the command with these arguments to its end.
  func run(_ arguments: String...) throws -> Outcome {
    try run(executable: Self.path, arguments)
  }

  /// Runs the command with these arguments to its end.
  func run(_ arguments: [String]) throws -> Outcome {
    try run(executable: Self.path, arguments)
  }

  /// Runs a shell command in which `jacquard` is the built command.
  func shell(_ command: String) throws -> Outcome {
    try run(executable: "/bin/bash", ["-c", "jacquard() { '\(Self.path)' \"$@\"; }; \(command)"])
  }

  private func run(executable: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let fixed = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "xterm"].merging(Sanitizer.environment) { $1 }
    process.environment = fixed.merging(environment) { $1 }
    // Files instead of pipes: nothing can block on a full pipe.
    let streams = try Scratch()
    let (output, error) = (streams.path + "/output", streams.path + "/error")
    for path in [output, error] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      error: try String(contentsOfFile: error, encoding: .utf8))
  }
}
