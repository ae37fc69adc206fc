import Foundation
import TestSupport
import Testing

/// The header agrees with compilers, with the symbols of the libraries, and with the implementation.
@Suite(.enabled(if: Compilers.areInstalled, Compilers.absence))
struct HeaderTests {
  private static let header = InstalledTree.package + "/Sources/JacquardC/include/jacquard.h"

  private static func text() throws -> String { try String(contentsOfFile: header, encoding: .utf8) }

  @Test(arguments: [
    ("gcc", "-std=c11", "c"), ("gcc", "-std=c2x", "c"), ("clang", "-std=c11", "c"), ("g++", "-std=c++11", "c++"),
    ("clang++", "-std=c++20", "c++"),
  ])
  func compilersAcceptIt(_ compiler: String, _ standard: String, _ language: String) throws {
    let outcome = try Command.run(
      compiler,
      [standard, "-x", language, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", Self.header])
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.text)")
  }

  /// The functions that the header declares: all names with our prefix that are followed by arguments, outside of comments.
  private static func declaredFunctions() throws -> Set<String> {
    let code = try text().replacing(/(?s)\/\*.*?\*\//, with: "")
    return Set(code.matches(of: /\b(jacquard_[a-z0-9_]+)\(/).map { String($0.1) })
  }

  /// A sanitizer adds its own names.
  @Test(.enabled(if: Sanitizer.current == nil))
  func librariesHoldWhatItDeclaresAndNothingElse() throws {
    let declared = try Self.declaredFunctions()
    #expect(declared.count == 25)
    let shared = try InstalledTree.path("/usr/lib/libjacquard.so")
    let archive = try InstalledTree.path("/usr/lib/libjacquard.a")
    for arguments in [["-D", "--defined-only", shared], ["-g", "--defined-only", archive]] {
      let outcome = try Command.run("nm", arguments)
      try #require(outcome.status == 0, "\(outcome.text)")
      let symbols = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 3 }
      #expect(Set(symbols.map { String($0[2]) }) == declared, "\(arguments)")
    }
  }

  @Test func sharedLibraryNeedsNoSwift() throws {
    let shared = try InstalledTree.path("/usr/lib/libjacquard.so")
    let needed = try Command.run("readelf", ["-d", shared]).output
    #expect(needed.contains("Library soname: [libjacquard.so.1]"))
    let libraries = needed.matches(of: /NEEDED.*\[(.*?)\.so/).map { String($0.1) }
    #expect(libraries.contains("libopenblas"))
    #expect(
      Set(libraries).isSubset(of: [
        "libopenblas", "libcrypto", "libz", "libm", "libstdc++", "libgcc_s", "libc", "ld-linux-x86-64",
        "ld-linux-aarch64",
      ]), "\(libraries)")
    let all = try Command.run("ldd", [shared]).output
    #expect(!all.lowercased().contains("swift") && !all.contains("not found"), "\(all)")
  }

  @Test func versionIsTheSameEverywhere() throws {
    let header = try Self.text()
    let version = try #require(header.firstMatch(of: /JACQUARD_VERSION "(.*)"/)?.1)
    let abi = try #require(header.firstMatch(of: /JACQUARD_ABI (\d+)/)?.1)
    let tool = try Command.run(InstalledTree.products + "/jacquard", ["--version"]).output
    #expect(tool.contains(" \(version)"), "\(tool)")
    #expect(try InstalledTree.flags("--modversion", "jacquard") == [String(version)])
    let program = try Program("Tests/CInterfaceTests/Programs/interface.cpp", compiler: "g++").run()
    #expect(program.output.hasPrefix("\(version) \(abi) "), "\(program.text)")
    #expect(FileManager.default.fileExists(atPath: try InstalledTree.path("/usr/lib/libjacquard.so.\(abi)")))
  }

  /// A header that differs from the implementation does not compile.
  @Test(arguments: [
    ("", "", nil),
    ("uint64_t seed, jacquard_model **model", "uint32_t seed, jacquard_model **model", "jacquard_model_create"),
    ("int32_t jacquard_abi(void)", "int64_t jacquard_abi(void)", "jacquard_abi"),
    ("jacquard_trainer_free(jacquard", "jacquard_trainer_release(jacquard", "jacquard_trainer_free"),
    ("size_t rank;", "size_t dimensions;", "rank"),
    ("float *probabilities,", "double *probabilities,", "jacquard_predict"),
  ])
  func driftDoesNotCompile(_ original: String, _ changed: String, _ complaint: String?) throws {
    let folder = try TemporaryFolder()
    var header = try Self.text()
    if !original.isEmpty {
      let range = try #require(header.range(of: original))
      header.replaceSubrange(range, with: changed)
    }
    try header.write(toFile: folder.path + "/jacquard.h", atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      atPath: InstalledTree.package + "/Sources/JacquardC/include/module.modulemap",
      toPath: folder.path + "/module.modulemap")
    let outcome = try Implementation.typecheck(headerFolder: folder.path)
    if let complaint {
      #expect(outcome.status != 0 && outcome.error.contains(complaint), "\(outcome.text)")
    } else {
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
