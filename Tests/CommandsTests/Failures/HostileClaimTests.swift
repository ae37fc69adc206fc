import CommandTestSupport
import Figures
import Foundation
import TestSupport
import Testing

/// Small files that claim to be large: a message appears before memory is allocated, under a limit that would end the process.
@Suite(.enabled(if: Sanitizer.current == nil))
struct HostileClaimTests {
  /// Runs a command with a limit of little more than a gigabyte.
  private func limited(_ tool: Tool, _ command: String) throws -> Tool.Outcome {
    try tool.shell("export OPENBLAS_NUM_THREADS=1; ulimit -t 120 -v 1300000; \(command)")
  }

  private func expectRefusal(_ outcome: Tool.Outcome, _ statuses: Set<Int32>, _ words: String) {
    #expect(statuses.contains(outcome.status), "\(outcome.status): \(outcome.error)")
    #expect(outcome.errorLines.count == 1 && outcome.error.hasPrefix("jacquard: error: "), "\(outcome.error)")
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  /// 3.8 MB that no deflate stream could compress further, after a header that claims 3.9 GB: the largest size that such a stream may unpack to.
  @Test func aGzipFileThatClaimsGigabytesIsRefused() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let header = SmallData.header(type: 8, [4_970_000, 28, 28])
    try tool.folder.write(header, to: "header")
    let name = "data/train-images-idx3-ubyte"
    let made = try tool.shell(
      "rm -f \(name)*; { cat header; head -c 3800000 /dev/urandom; } | gzip -1 > \(name).gz; ls \(name).gz")
    try #require(made.status == 0, "\(made.error)")
    for verb in ["data info", "data verify", "train --model lenet --max-steps 1 --out run --threads 1"] {
      expectRefusal(try limited(tool, "jacquard \(verb) --data data"), [65, 74], "\(name).gz: ")
    }
    #expect(!tool.folder.holds("run/state"))
  }

  /// Files without an end, or of any claimed size.
  @Test(arguments: ["/dev/zero", "/dev/urandom", "/dev/full"])
  func aDeviceIsNoCheckpoint(path: String) throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    for command in [
      "evaluate \(path) --data data", "predict \(path) data/t10k-images-idx3-ubyte:0", "summary \(path)",
      "train --data data --init-from \(path) --out run", "export \(path) --output x.onnx",
      "import \(path) --model cnn --output x.safetensors", "verify \(path)", "report \(path) --output r.html",
    ] {
      let outcome = try limited(tool, "jacquard \(command)")
      #expect([64, 65, 66, 74].contains(outcome.status), "\(command): \(outcome.status) \(outcome.error)")
      #expect(outcome.errorLines.count == 1, "\(command): \(outcome.error)")
    }
  }

  /// One label of 59,000 makes that many classes; a count of all pairs of classes would have billions of entries.
  @Test func aLabelThatMakesManyClassesIsRefusedOrCounted() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder, training: 60, test: 20)
    for (part, count) in [("train", 60), ("t10k", 20)] {
      var labels = SmallData.header(type: 12, [count])
      for index in 0..<count {
        let label = index == 3 ? 59_000 : index % 10
        labels += Data([0, 0, UInt8(label >> 8), UInt8(label & 0xFF)])
      }
      tool.folder.remove("data/\(part)-labels-idx1-ubyte")
      try tool.folder.write(labels, to: "data/\(part)-labels-idx1-ubyte")
    }
    for verb in [
      "data info --data data", "data verify --data data",
      "train --model lenet --data data --max-steps 1 --batch-size 4 --threads 1 --out run --quiet",
      "evaluate run --data data --threads 1", "errors run --data data --threads 1",
      "plot confusion run --data data --output c.png --threads 1",
    ] {
      let outcome = try limited(tool, "jacquard \(verb)")
      #expect([0, 64, 65, 66, 74, 78].contains(outcome.status), "\(verb): \(outcome.status) \(outcome.error)")
      #expect(
        outcome.status == 0 || outcome.errorLines.allSatisfy { $0.hasPrefix("jacquard: error: ") },
        "\(verb): \(outcome.error)")
      // A line for each file that is wrong, where all are looked at.
      #expect(outcome.errorLines.count <= (verb.hasPrefix("data verify") ? 2 : 1), "\(verb): \(outcome.error)")
    }
  }
}

/// Lines of `predict`, whose cells are separated by tabs.
struct PredictionLineTests {
  /// Names contain tabs, line feeds, escapes and text that looks like another answer; each picture is still one line of five cells.
  @Test func everyInputIsOneLineOfCells() throws {
    let run = try TinyRun()
    try #require(try run.begin("run").status == 0)
    let picture = Data(try Bitmap(width: 28, height: 28, pixels: (0..<784).map { 300..<500 ~= $0 ? 200 : 9 }).png())
    var names = HostileText.texts(120, seed: 23, isForSystem: true).filter {
      !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "/")) && $0.utf8.count < 200
    }
    names += ["a\tb", "a\nb\tT-shirt\t1.0", "a\u{1B}[2Jb", "a\r", "\"a\"", "=1+1"]
    for name in names { try run.tool.folder.write(picture, to: "pictures/\(name).png") }
    let count = try FileManager.default.contentsOfDirectory(atPath: run.tool.folder("pictures")).count
    #expect(count >= 100)
    let plain = try run.tool.run("predict", "run", "data/t10k-images-idx3-ubyte:0")
    let cells = try #require(plain.output.split(separator: "\n").first).split(separator: "\t").count
    let outcome = try run.tool.run("predict", "run", "pictures")
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == count)
    for line in lines {
      #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == cells, "\(line)")
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }, "\(line)")
    }
  }
}
