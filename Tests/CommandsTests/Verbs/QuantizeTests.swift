import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `quantize`, and the verbs that take its result.
struct QuantizeTests {
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "8")
    return tool
  }

  private static let images = "data/t10k-images-idx3-ubyte:0..9"

  @Test func theResultIsSmallAndAnswersTheSame() throws {
    let tool = try tool()
    let outcome = try tool.run("quantize", "run", "--data", "data", "--out", "small.safetensors", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let found = try outcome.json()
    let accuracy = try #require(found["accuracy"] as? [String: Double])
    let bytes = try #require(found["bytes"] as? [String: Int])
    let size = try #require(tool.folder.bytes("small.safetensors")).count
    #expect(bytes["int8"] == size && size * 3 < (bytes["float"] ?? 0))
    #expect(found["split"] as? String == "test" && found["percentile"] as? Double == 99.99)
    #expect(try #require(found["agreement"] as? Double) > 0.9)
    for (file, key) in [("run", "float"), ("small.safetensors", "int8")] {
      let evaluated = try tool.run("evaluate", file, "--data", "data", "--json").json()
      #expect(abs(try #require(evaluated["accuracy"] as? Double) - (try #require(accuracy[key]))) < 1e-6)
    }
  }

  @Test func aPersonReadsWhatChanged() throws {
    let tool = try tool()
    let outcome = try tool.run("quantize", "run/", "--data", "data", "--images", "50", "--split", "train")
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.map { $0.prefix { $0 != " " } } == ["checkpoint", "model", "ranges", "accuracy", "same", "size"])
    #expect(lines[0].hasSuffix(" run-int8.safetensors") && lines[2].hasSuffix(" from 50 training images"))
    #expect(lines[3].contains(" → ") && lines[3].hasSuffix("training images") || lines[3].hasSuffix("train images"))
    #expect(tool.folder.holds("run-int8.safetensors"))
  }

  @Test func answersDependOnNoProcessor() throws {
    var tool = try tool()
    #expect(try tool.run("quantize", "run", "--data", "data", "--out", "a.safetensors", "--threads", "1").status == 0)
    #expect(try tool.run("quantize", "run", "--data", "data", "--out", "b.safetensors", "--threads", "3").status == 0)
    #expect(tool.folder.bytes("a.safetensors") == tool.folder.bytes("b.safetensors"))
    var answers: Set<String> = []
    for instructions in ["avx512", "avx2", "plain"] {
      for threads in ["1", "3"] {
        tool.environment["JACQUARD_VECTORS"] = instructions
        let outcome = try tool.run(
          "predict", "a.safetensors", Self.images, "--data", "data", "--json", "--threads", threads, "--batch-size",
          threads)
        #expect(outcome.status == 0, "\(outcome.error)")
        answers.insert(outcome.output)
      }
    }
    #expect(answers.count == 1)
    #expect(try #require(answers.first).contains("\"probability\""))
  }

  @Test func otherVerbsTakeTheResult() throws {
    let tool = try tool()
    #expect(try tool.run("quantize", "run", "--data", "data", "--out", "s.safetensors", "--quiet").status == 0)
    let batch = try tool.run("batch", "s.safetensors", "--data", "data", "--split", "test", "--json", "--quiet")
    #expect(batch.status == 0 && batch.output.contains("\"accuracy\""), "\(batch.error)")
    #expect(try tool.run("compare", "run", "s.safetensors", "--data", "data").status == 0)
    #expect(try tool.run("summary", "s.safetensors").status == 0)
    #expect(try tool.run("explain", "s.safetensors", Self.images, "--data", "data").status == 0)
    // A file of the same numbers: exporting keeps the bytes.
    #expect(try tool.run("export", "s.safetensors", "--output", "t.safetensors").status == 0)
    let answers = try ["s", "t"].map {
      try tool.run("predict", "\($0).safetensors", Self.images, "--data", "data").output
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)
    #expect(try tool.run("export", "s.safetensors", "--output", "s.onnx").status == 0)
    let graph = try #require(tool.folder.bytes("s.onnx"))
    #expect(Data(graph).range(of: Data("QuantizeLinear".utf8)) != nil)
    // A temperature is stored beside the ranges.
    #expect(
      try tool.run("evaluate", "s.safetensors", "--data", "data", "--fit-temperature", "--split", "train").status == 0)
    let after = try tool.run("predict", "s.safetensors", Self.images, "--data", "data")
    #expect(after.status == 0 && after.output != answers[0])
  }

  @Test func whatCannotBeQuantizedIsRefused() throws {
    let tool = try tool()
    #expect(try tool.run("quantize", "run", "--data", "data", "--out", "s.safetensors", "--quiet").status == 0)
    let again = try tool.run("quantize", "s.safetensors", "--data", "data")
    #expect(
      again.status == 64
        && again.error
          == "jacquard: error: s.safetensors: the network is quantized already; give the checkpoint that it was made from.\n"
    )
    let bytes = try #require(tool.folder.bytes("s.safetensors"))
    try Data(bytes.dropLast(3)).write(to: URL(fileURLWithPath: tool.folder("broken.safetensors")))
    let broken = try tool.run("evaluate", "broken.safetensors", "--data", "data")
    #expect(broken.status == 65 && broken.error.hasPrefix("jacquard: error: broken.safetensors: "), "\(broken.error)")
    let missing = try tool.run("quantize", "run", "--data", "data", "--out", "none/s.safetensors")
    #expect(missing.status == 73, "\(missing.error)")
  }
}
