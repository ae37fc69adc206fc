internal import Foundation

/// What a program left behind that has run to its end.
public struct FinishedProgram: Sendable {
  /// Its exit code; 128 and the signal's number for one that a signal has ended, as shells count.
  public let status: Int32
  /// All of its standard output.
  public let output: String
  /// All of its standard error.
  public let error: String

  /// Runs a program to its end, without anything to read.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - environment: All of its environment; nil for that of the tests.
  ///   - folder: The folder that it runs in; nil for that of the tests.
  public init(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil, in folder: String? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let environment { process.environment = environment }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    // Files instead of pipes: nothing can block on a full pipe.
    let streams = try TemporaryFolder()
    for name in ["output", "error"] { try streams.write("", to: name) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: streams("output"))
    process.standardError = FileHandle(forWritingAtPath: streams("error"))
    try process.run()
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    output = try streams.text("output")
    error = try streams.text("error")
  }

  /// A program of this build, such as the command line: it stands beside the test bundle.
  public static func built(_ name: String) -> String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent(name).path
  }
}
