import Foundation
import TestSupport
import Testing

/// A machine for `scripts/install-dependencies`, simulated by small programs: `PATH` contains nothing else. A log records their arguments.
struct StubMachine {
  let folder: TemporaryFolder

  /// Makes the machine.
  ///
  /// - Parameters:
  ///   - missing: The libraries that `pkg-config` does not find until `apt-get` has installed something.
  ///   - lacksPkgConfig: Whether `pkg-config` itself is missing until then.
  ///   - isRoot: Whether the user is root.
  ///   - hasSudo: Whether `sudo` exists and asks for no password.
  ///   - installed: The packages that `dpkg-query` reports as installed.
  init(
    missing: [String] = [], lacksPkgConfig: Bool = false, isRoot: Bool = true, hasSudo: Bool = false,
    installed: [String] = []
  ) throws {
    folder = try TemporaryFolder()
    for name in ["sh", "env", "grep", "cut", "uname", "cat", "mkdir", "chmod", "cp"] {
      let program = try #require(["/usr/bin/", "/bin/"].map { $0 + name }.first(where: Self.isProgram))
      try FileManager.default.createDirectory(atPath: folder("bin"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: folder("bin/" + name), withDestinationPath: program)
    }
    let pkgConfig = """
      [ ! -e "$MACHINE/done" ] || exit 0
      for word; do case " \(missing.joined(separator: " ")) " in *" $word "*) exit 1 ;; esac; done
      """
    try program(lacksPkgConfig ? "later" : "pkg-config", pkgConfig)
    // Data and pkg-config come with the packages.
    try program(
      "apt-get",
      """
      echo "apt-get $*" >> "$MACHINE/log"
      [ "$1" = install ] || exit 0
      : > "$MACHINE/done"
      [ ! -e "$MACHINE/bin/later" ] || cp "$MACHINE/bin/later" "$MACHINE/bin/pkg-config"
      mkdir -p "$XDG_DATA_HOME/jacquard/fashion-mnist"
      : > "$XDG_DATA_HOME/jacquard/fashion-mnist/train-images-idx3-ubyte"
      """)
    try program(
      "dpkg-query",
      """
      for name; do :; done
      case " \(installed.joined(separator: " ")) " in *" $name "*) echo ii ;; *) exit 1 ;; esac
      """)
    try program("id", "echo \(isRoot ? 0 : 1000)")
    try program(
      "ldconfig", "[ -e \"$MACHINE/done\" ] || [ -z '\(missing.joined())' ] && echo '  liblapacke.so.3 (libc6,x86-64)'")
    if hasSudo {
      try program(
        "sudo",
        """
        echo "sudo $*" >> "$MACHINE/log"
        [ "$1" != -n ] || shift
        [ "$1" != true ] || exit 0
        exec "$@"
        """)
    }
  }

  private static func isProgram(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

  private func program(_ name: String, _ script: String) throws {
    let path = try folder.write("#!/bin/sh\n" + script + "\n", to: "bin/" + name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  /// Puts data where the script looks for it.
  func addData() throws { try folder.write("", to: "data/jacquard/fashion-mnist/train-images-idx3-ubyte") }

  /// Runs the script with arguments.
  func run(_ arguments: String...) throws -> FinishedProgram {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try FinishedProgram(
      "/bin/sh", [root.path + "/scripts/install-dependencies"] + arguments,
      environment: [
        "PATH": folder("bin"), "MACHINE": folder.path, "XDG_DATA_HOME": folder("data"), "HOME": folder.path,
        "SWIFT": "sh",
      ])
  }

  /// The calls of the programs, line by line.
  var log: [String] { (try? folder.text("log"))?.split(separator: "\n").map(String.init) ?? [] }

  /// The packages that were requested, in all calls.
  var packages: [String] {
    log.filter { $0.hasPrefix("apt-get install") }.flatMap { $0.split(separator: " ").dropFirst(2).map(String.init) }
      .filter { !$0.hasPrefix("-") }
  }
}
