internal import Files
internal import Support

/// What this process was called with.
enum ProcessArguments {
  /// The arguments after the program's name.
  ///
  /// - Throws: a `Failure` with exit code 64 for one that is not UTF-8: Swift would replace what it cannot read, and work on a file
  ///   of another name.
  static func checked() throws(Failure) -> [String] {
    for (number, bytes) in Environment.argumentBytes.enumerated().dropFirst() where !isText(bytes) {
      throw Failure(
        .usage,
        "argument \(number), \"\(String(decoding: bytes, as: UTF8.self))\", is not UTF-8; rename the file, or lead to it by a link."
      )
    }
    for (name, bytes) in Environment.bytes(prefix: "JACQUARD_") where !isText(bytes) {
      throw Failure(.badConfiguration, "the variable \(name) is not UTF-8; give it another value.")
    }
    return Array(CommandLine.arguments.dropFirst())
  }

  private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
