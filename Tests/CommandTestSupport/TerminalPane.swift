import Foundation
import Glibc
import TestSupport
import Testing

/// The output of a command in a terminal of a given width, line by line.
package struct TerminalPane {
  /// All output without control sequences; a line that was overwritten appears in every version.
  package let lines: [String]
  /// The command's exit code.
  package let status: Int32

  /// Runs a command whose standard output and error are the terminal; `environment` is added to a terminal's usual variables.
  package init(
    _ tool: Tool, _ arguments: [String], columns: UInt16 = 80, environment: [String: String] = [:]
  ) throws {
    let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // Linux's TIOCSPTLCK, TIOCGPTN and TIOCSWINSZ, which are macros that Swift does not import.
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(unsafe ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    let slave = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(unsafe ioctl(slave, 0x5414, &size) == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = arguments
    process.currentDirectoryURL = tool.folder.url
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": tool.folder.path, "TERM": "xterm-256color", "LANG": "C.UTF-8",
    ].merging(Sanitizer.environment) { $1 }.merging(environment) { $1 }
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    close(slave)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      // Fails at the end, when the other side is closed.
      let count = unsafe read(master, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    process.waitUntilExit()
    close(master)
    status = process.terminationStatus
    let text = String(decoding: bytes, as: UTF8.self).replacing(/\u{1B}\[[0-9;?]*[A-Za-z]|\u{1B}[=>78]/, with: "")
    lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }.map(String.init)
  }
}
