import Foundation
import TestSupport
import Testing

/// The implementation in Swift, compiled against a given header.
enum Implementation {
  /// Has the compiler check the sources of `JacquardC` with the header in a folder.
  static func typecheck(headerFolder: String) throws -> FinishedProgram {
    let sources = InstalledTree.package + "/Sources/JacquardC"
    let files = try #require(FileManager.default.enumerator(atPath: sources)).compactMap { $0 as? String }
      .filter { $0.hasSuffix(".swift") }.sorted().map { sources + "/" + $0 }
    let modules = try FileManager.default.contentsOfDirectory(atPath: InstalledTree.package + "/Modules")
      .flatMap { ["-I", InstalledTree.package + "/Modules/" + $0] }
    let libraries = try Command.run("pkg-config", ["--cflags-only-I", "openblas", "zlib"])
      .output.split(whereSeparator: \.isWhitespace).flatMap { ["-Xcc", String($0)] }
    let features = ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"]
      .flatMap { ["-enable-upcoming-feature", $0] }
    // SwiftPM names a package after its folder.
    let folder = InstalledTree.package.split(separator: "/").last ?? ""
    let package = String(folder.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    return try Command.run(
      "swiftc",
      ["-typecheck", "-swift-version", "6", "-package-name", package, "-module-name", "JacquardC"]
        + ["-enable-experimental-feature", "Lifetimes"] + features
        + ["-I", headerFolder, "-I", InstalledTree.products + "/Modules"] + modules + libraries
        + ["LinearAlgebraProbe", "VectorKernels"].flatMap {
          ["-Xcc", "-fmodule-map-file=\(InstalledTree.products)/\($0).build/module.modulemap"]
        } + files)
  }
}
