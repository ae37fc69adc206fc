internal import Files
internal import Support

/// The arguments of this process.
enum ProcessArguments {
  /// The arguments after the program's name.
  ///
  /// - Throws: a `Failure` with exit code 64 for an argument that is not UTF-8: Swift would replace the bytes it cannot read, and use a file
  ///   with another name.
  static func checked() throws(Failure) -> [String] {
    for (number, bytes) in Environment.argumentBytes.enumerated().dropFirst() where !isText(bytes) {
      throw Failure(
        .usage,
        "argument \(number), \"\(String(decoding: bytes, as: UTF8.self))\", is not UTF-8; rename the file, or use a symbolic link to it."
      )
    }
    for (name, bytes) in Environment.bytes(prefix: "JACQUARD_") where !isText(bytes) {
      throw Failure(.badConfiguration, "the variable \(name) is not UTF-8; change its value.")
    }
    return Array(CommandLine.arguments.dropFirst())
  }

  private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}
