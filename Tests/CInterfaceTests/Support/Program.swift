import Foundation
import TestSupport
import Testing

/// A program in C or C++, compiled against the installed tree.
struct Program {
  /// The kind of linking.
  enum Linking: String, CaseIterable {
    case shared, `static`
  }

  let folder: TemporaryFolder
  private let path: String
  private let environment: [String: String]

  /// Compiles a source file of this package; every warning is an error.
  init(_ source: String, compiler: String = "gcc", linking: Linking = .shared) throws {
    folder = try TemporaryFolder()
    path = folder.path + "/program"
    let standard = source.hasSuffix(".cpp") ? "-std=c++11" : "-std=c11"
    let libraries =
      switch linking {
      case .shared: try InstalledTree.flags("--cflags", "--libs", "jacquard")
      case .static:
        try InstalledTree.flags("--cflags", "--libs", "--static", "jacquard")
          .map { $0 == "-ljacquard" ? "-l:libjacquard.a" : $0 }
      }
    let command = Compilers.command(compiler)
    let outcome = try Command.run(
      command[0],
      command.dropFirst() + [standard, "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1", "-pthread"]
        + [InstalledTree.package + "/" + source, "-o", path] + libraries + ["-lz", "-lm"])
    try #require(outcome.status == 0, "\(compiler) \(source), \(linking): \(outcome.text)")
    environment = linking == .shared ? ["LD_LIBRARY_PATH": try InstalledTree.path("/usr/lib")] : [:]
  }

  /// Runs the program in its folder.
  ///
  /// - Parameter libraries: A folder whose libraries come before all others.
  func run(_ arguments: String..., libraries: String? = nil) throws -> FinishedProgram {
    var environment = environment
    environment["LD_LIBRARY_PATH"] =
      [libraries, environment["LD_LIBRARY_PATH"], ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]]
      .compactMap { $0 }.joined(separator: ":")
    return try Command.run(path, arguments, environment: environment, in: folder.path)
  }

  /// Runs the program under valgrind: a memory error or a leak gives exit code 99.
  func runChecked(_ arguments: String..., environment: [String: String] = [:]) throws -> FinishedProgram {
    let suppressions = InstalledTree.package + "/Tests/CInterfaceTests/valgrind.supp"
    return try Command.run(
      "valgrind",
      ["--quiet", "--error-exitcode=99", "--leak-check=full", "--suppressions=\(suppressions)"]
        + ["--show-leak-kinds=definite,indirect,possible", "--errors-for-leak-kinds=definite,indirect,possible", path]
        + arguments,
      environment: environment.merging(["LD_LIBRARY_PATH": try InstalledTree.named.get().path]) { $1 }, in: folder.path)
  }
}
