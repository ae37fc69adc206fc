import Foundation
import TestSupport

/// Runs programs to their end.
enum Program {
  /// A program ended with another exit code than it should.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The built command line.
  static var jacquard: String { FinishedProgram.built("jacquard") }

  /// Runs a program and returns its standard output; where it fails, the failure has its words.
  ///
  /// - Parameters:
  ///   - folder: The folder that it runs in; nil for that of the tests.
  ///   - exitCodes: Those that are not a failure.
  static func output(
    of program: String, _ arguments: [String], in folder: TemporaryFolder? = nil, exitCodes: Set<Int32> = [0]
  ) throws -> String {
    let finished = try FinishedProgram(program, arguments, in: folder?.path)
    guard exitCodes.contains(finished.status) else {
      throw Failure(description: "\(program) \(arguments): exit code \(finished.status): \(finished.error)")
    }
    return finished.output
  }
}
