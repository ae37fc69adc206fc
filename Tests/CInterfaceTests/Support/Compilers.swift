import Testing

/// The programs that these tests need besides Swift.
enum Compilers {
  private static let needed = ["gcc", "g++", "clang", "clang++", "make", "pkg-config", "nm", "readelf", "ldd", "strip"]

  static var areInstalled: Bool { needed.allSatisfy(Command.exists) }

  /// What skipped tests say.
  static let absence: Comment = "one of the programs \(needed.joined(separator: ", ")) is not installed"

  static var isValgrindInstalled: Bool { Command.exists("valgrind") }
}
