import Foundation
import TestSupport
import Testing

/// The tree that `make install` puts below a folder, made once for all tests.
enum InstalledTree {
  /// The folder of this package.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path

  /// SwiftPM's folder for build products, which contains the test bundle too.
  static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .path

  /// The folder that acts as the root.
  static let root = Result {
    // `make` must not build while these tests run, so its products must exist.
    for name in ["jacquard", "libJacquardC.so", "JacquardC.product/Objects.LinkFileList"] {
      try #require(FileManager.default.fileExists(atPath: products + "/" + name), "\(name) is not built")
    }
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      "make", ["-C", package, "install", "DESTDIR=\(folder.path)", "PREFIX=/usr", "BUILD=\(products)"])
    try #require(outcome.status == 0, "\(outcome.text)")
    return folder
  }

  /// A folder with the shared library, with function names for suppressions but without the parts that valgrind cannot read.
  static let named = Result {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      "strip", ["--strip-debug", "-o", folder.path + "/libjacquard.so.1", products + "/libJacquardC.so"])
    try #require(outcome.status == 0, "\(outcome.text)")
    return folder
  }

  /// A path below the installed root.
  static func path(_ name: String) throws -> String { try root.get().path + name }

  /// The output of `pkg-config` for the installed tree.
  static func flags(_ arguments: String...) throws -> [String] {
    // The paths in the file follow from its location, because the tree is not where it will finally be installed.
    let outcome = try Command.run(
      "pkg-config", ["--define-prefix"] + arguments,
      environment: ["PKG_CONFIG_PATH": try path("/usr/lib/pkgconfig")])
    try #require(outcome.status == 0, "\(outcome.text)")
    return outcome.output.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
