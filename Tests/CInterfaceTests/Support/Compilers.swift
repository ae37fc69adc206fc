import TestSupport
import Testing

/// The programs that these tests need besides Swift.
enum Compilers {
  private static let needed = ["gcc", "g++", "clang", "clang++", "make", "pkg-config", "nm", "readelf", "ldd", "strip"]

  /// Not available with ThreadSanitizer, whose runtime needs libdispatch, which programs in C do not have.
  static var areInstalled: Bool { needed.allSatisfy(Command.exists) && Sanitizer.current != .thread }

  /// The comment of skipped tests.
  static let absence: Comment =
    "one of the programs \(needed.joined(separator: ", ")) is not installed, or ThreadSanitizer is in the library"

  /// Whether valgrind can run the programs; it cannot run programs with a sanitizer.
  static var haveValgrind: Bool { Command.exists("valgrind") && Sanitizer.current == nil }

  /// The comment of skipped memory tests.
  static let valgrindsAbsence: Comment = "valgrind is not installed, or a sanitizer is in its place"

  /// The flags for a program that is linked to a library with this build's sanitizer. The sanitizer's runtime belongs to the program and must come
  /// from the toolchain that built the library.
  static func command(_ compiler: String) -> [String] {
    let toolchains = compiler.hasSuffix("++") ? "clang++" : "clang"
    return switch Sanitizer.current {
    case nil, .thread: [compiler]
    case .address: [toolchains, "-fsanitize=address"]
    }
  }
}
