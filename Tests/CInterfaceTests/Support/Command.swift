import Foundation
import TestSupport

/// Runs other programs.
enum Command {
  /// Whether a program is on this machine.
  static func exists(_ program: String) -> Bool {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  /// Runs a program to its end.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
  ) throws -> FinishedProgram {
    // A `make` that runs these tests must not pass variables to the one that they run.
    let inherited = ProcessInfo.processInfo.environment.filter {
      !["MAKEFLAGS", "MAKELEVEL", "MFLAGS"].contains($0.key)
    }
    return try FinishedProgram(
      "/usr/bin/env", [program] + arguments, environment: inherited.merging(environment) { $1 }, in: folder)
  }
}

extension FinishedProgram {
  /// Both streams, for messages.
  var text: String { output + error }
}
