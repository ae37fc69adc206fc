import CommandTestSupport
import Foundation
import NumPy
import TestSupport
import Testing

/// Data that is larger than the memory that the command gets.
struct LargeDataTests {
  private let tool: Tool

  init() throws { tool = try Tool() }

  /// Writes images of 64 × 64 × 3 and their labels as `.npy` files; the bytes are on the disk, but zero.
  private func writeArrays(count: Int, to name: String) throws {
    let shape = "(\(count), 64, 64, 3)"
    let fields = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
    let padding = String(repeating: " ", count: 117 - fields.utf8.count)
    let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let beginning: [UInt8] = mark + [1, 0, 118, 0] + Array("\(fields)\(padding)\n".utf8)
    let path = try tool.folder.write(beginning, to: "\(name)/x_train.npy")
    let descriptor = unsafe open(path, O_WRONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(posix_fallocate(descriptor, 0, off_t(beginning.count + count * 64 * 64 * 3)) == 0)
    // Different images, so that there are no repetitions to look for.
    for index in 0..<count {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
      try #require(unsafe pwrite(descriptor, bytes, 8, off_t(beginning.count + index * 64 * 64 * 3)) == 8)
    }
    let labels = NumPyArray(shape: [count], bytes: (0..<count).map { UInt8($0 % 3) })
    try tool.folder.write(labels.serialized(), to: "\(name)/y_train.npy")
  }

  @Test(.enabled(if: Sanitizer.current == nil, "sanitizers need memory of their own"))
  func memoryDoesNotGrowWithTheFile() throws {
    try writeArrays(count: 12_000, to: "small")
    try writeArrays(count: 36_000, to: "large")
    let large = try tool.run("data", "info", "--data", "large", "--json")
    #expect(large.status == 0, "\(large.error)")
    #expect(try #require(try large.json()["splits"] as? [[String: Any]])[0]["count"] as? Int == 36_000)
    // 147 MB and 442 MB.
    let memory = try (small: mostMemory("small"), large: mostMemory("large"))
    #expect(memory.large < memory.small + 60 << 20 && memory.large < 260 << 20, "\(memory)")
    // Of memory that is the command's own, there need not be as much as there is data.
    let limited = try tool.shell("ulimit -d 200000; jacquard data info --data large --json")
    #expect(limited.output == large.output && limited.status == 0, "\(limited.error)")
  }

  /// The most memory in bytes that `data info` was seen to hold. What `wait4` says would not do: it counts the process that started it.
  private func mostMemory(_ data: String) throws -> Int {
    let outcome = try tool.shell(
      """
      '\(Tool.path)' data info --data \(data) --json >/dev/null & process=$!
      while kill -0 $process 2>/dev/null; do
        seen=$(grep VmHWM /proc/$process/status 2>/dev/null) && most=$seen
        sleep 0.01
      done
      wait $process && echo $most
      """)
    let kilobytes = outcome.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first
    return try #require(kilobytes, "\(outcome.output) \(outcome.error)") << 10
  }

  /// A file that is cut short while it is read ends the command in one line, and not by a signal. 19 is SIGSTOP: the command waits when
  /// it makes the run's folder, after it has read its data.
  @Test(.enabled(if: Sanitizer.current == nil, "sanitizers catch the signal themselves"))
  func aFileThatIsCutShortMeanwhileEndsTheCommandInOneLine() throws {
    try writeArrays(count: 6_000, to: "data")
    let outcome = try tool.shell(
      """
      ulimit -t 60
      LD_PRELOAD='\(TinyRun.faultLibrary)' FAULT_FOLDER=run/weights/last FAULT_AT=1 FAULT_ACTION=raise:19 \
        '\(Tool.path)' train --data data --model lenet --no-test --epochs 1 --out run --quiet & process=$!
      await $process 'grep -q ^State:.*stopped /proc/$process/status'
      truncate -s 1000 data/x_train.npy
      kill -CONT $process; wait $process; echo $?
      """)
    #expect(outcome.output == "74\n", "\(outcome.error)")
    #expect(
      outcome.error
        == "jacquard: error: data/x_train.npy: cannot read the file: it was cut short, or its disk failed, while it was in "
        + "use; start again when nobody writes to it\n")
  }
}
