import Foundation
import TestSupport

/// Runs programs to completion.
enum Program {
  /// A program ended with an unexpected exit code.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The built command line.
  static var jacquard: String { FinishedProgram.built("jacquard") }

  /// Runs a program and returns its standard output; on failure, the error contains the program's message.
  ///
  /// - Parameters:
  ///   - folder: The working directory; nil for that of the tests.
  ///   - exitCodes: The accepted exit codes.
  static func output(
    of program: String, _ arguments: [String], in folder: TemporaryFolder? = nil, exitCodes: Set<Int32> = [0]
  ) throws -> String {
    // The command must keep nothing in the folder of whoever runs the tests.
    let environment = ProcessInfo.processInfo.environment.merging(["JACQUARD_CACHE": "off"]) { $1 }
    let finished = try FinishedProgram(program, arguments, environment: environment, in: folder?.path)
    guard exitCodes.contains(finished.status) else {
      throw Failure(description: "\(program) \(arguments): exit code \(finished.status): \(finished.error)")
    }
    return finished.output
  }
}
