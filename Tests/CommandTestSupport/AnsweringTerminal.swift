import Foundation
import Glibc
import TestSupport
import Testing

/// A terminal that answers one question, as real ones do: it sends the answer as if typed.
package struct AnsweringTerminal {
  /// Runs a command whose standard input and output are the terminal, and returns the output.
  ///
  /// - Parameters:
  ///   - question: The end of the command's question.
  ///   - answer: The terminal's answer.
  package static func run(_ tool: Tool, _ arguments: [String], question: String, answer: String) throws -> String {
    let master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // Linux's TIOCSPTLCK and TIOCGPTN, which are macros that Swift does not import.
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(unsafe ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    let slave = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = arguments
    process.currentDirectoryURL = tool.folder.url
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": tool.folder.path, "TERM": "xterm-256color"]
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = FileHandle.nullDevice
    try process.run()
    close(slave)

    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var hasAnswered = false
    while true {
      // At the end, when no process has the other side open, reading fails.
      let count = unsafe read(master, &buffer, buffer.count)
      if count <= 0 { break }
      text += buffer[..<count]
      if !hasAnswered, String(decoding: text, as: UTF8.self).contains(question) {
        hasAnswered = true
        let bytes = Array(answer.utf8)
        _ = unsafe write(master, bytes, bytes.count)
      }
    }
    process.waitUntilExit()
    close(master)
    return String(decoding: text, as: UTF8.self)
  }
}
