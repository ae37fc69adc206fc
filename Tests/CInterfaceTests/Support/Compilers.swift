import TestSupport
import Testing

/// The programs that these tests need besides Swift.
enum Compilers {
  private static let needed = ["gcc", "g++", "clang", "clang++", "make", "pkg-config", "nm", "readelf", "ldd", "strip"]

  /// Not of use for ThreadSanitizer, whose run time wants libdispatch, which programs in C do not have.
  static var areInstalled: Bool { needed.allSatisfy(Command.exists) && Sanitizer.current != .thread }

  /// What skipped tests say.
  static let absence: Comment =
    "one of the programs \(needed.joined(separator: ", ")) is not installed, or ThreadSanitizer is in the library"

  /// Whether valgrind can run the programs; it cannot run programs with a sanitizer.
  static var haveValgrind: Bool { Command.exists("valgrind") && Sanitizer.current == nil }

  /// What skipped tests of memory say.
  static let valgrindsAbsence: Comment = "valgrind is not installed, or a sanitizer is in its place"

  /// How a program is compiled that a library with this build's sanitizer is linked to: its run time comes with the program, and from the
  /// toolchain that has built the library.
  static func command(_ compiler: String) -> [String] {
    let toolchains = compiler.hasSuffix("++") ? "clang++" : "clang"
    return switch Sanitizer.current {
    case nil, .thread: [compiler]
    case .address: [toolchains, "-fsanitize=address"]
    }
  }
}
