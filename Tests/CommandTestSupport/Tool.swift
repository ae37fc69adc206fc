import Foundation
package import TestSupport
import Testing

/// Runs the built command, as a user would.
package struct Tool {
  /// The result of a finished command.
  package typealias Outcome = FinishedProgram

  /// The working directory of the command; new and empty.
  package let folder: TemporaryFolder
  /// Where the command keeps decoded pictures.
  package let cache: TemporaryFolder
  /// Variables besides `PATH`, `HOME`, `TERM` and `JACQUARD_CACHE`.
  package var environment: [String: String] = [:]

  /// - Parameter isInMemory: Whether its folder should be in memory and not on a disk.
  package init(environment: [String: String] = [:], isInMemory: Bool = false) throws {
    folder = try TemporaryFolder(isInMemory: isInMemory)
    cache = try TemporaryFolder(isInMemory: isInMemory)
    self.environment = environment
  }

  /// The path of the command.
  package static var path: String { FinishedProgram.built("jacquard") }

  /// Runs the command with these arguments to completion.
  package func run(_ arguments: String...) throws -> Outcome {
    try run(executable: Self.path, arguments)
  }

  /// Runs the command with these arguments to completion.
  package func run(_ arguments: [String]) throws -> Outcome {
    try run(executable: Self.path, arguments)
  }

  /// Runs a shell command in which `jacquard` is the built command, and `await PROCESS CONDITION` waits until a condition holds or the process has
  /// ended, so that it never waits forever.
  package func shell(_ command: String) throws -> Outcome {
    let functions = """
      jacquard() { '\(Self.path)' "$@"; }
      await() { until eval "$2" || ! grep -qs '^State:.[^Z]' /proc/$1/status; do sleep 0.01; done; }
      """
    return try run(executable: "/bin/bash", ["-c", functions + "\n" + command])
  }

  /// Runs another program in the command's folder and environment.
  package func run(executable: String, _ arguments: [String]) throws -> Outcome {
    // Not in the folder of whoever runs the tests, and not beside what the command writes.
    let fixed = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "xterm", "JACQUARD_CACHE": cache.path,
    ].merging(Sanitizer.environment) { $1 }
    return try FinishedProgram(
      executable, arguments, environment: fixed.merging(environment) { $1 }, in: folder.path)
  }
}

extension FinishedProgram {
  /// Standard output as one JSON object.
  package func json() throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(value as? [String: Any], "standard output is no JSON object: \(output)")
  }

  /// The lines of standard error.
  package var errorLines: [Substring] { error.split(separator: "\n") }
}
