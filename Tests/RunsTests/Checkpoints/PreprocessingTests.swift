import CommandTestSupport
import Figures
import Foundation
import Interchange
import TestSupport
import Testing

/// The preprocessing of pixels: its sources, and the default if there is none.
struct PreprocessingTests {
  /// A run on small data, its weights without provenance, and a model without preprocessing.
  private func tool() throws -> Tool {
    let run = try TinyRun()
    #expect(try run.begin("run", ["--max-steps", "1"]).status == 0)
    let file = try SafetensorsFile(contentsOf: run.tool.folder("run/weights/last.safetensors"))
    try SafetensorsFile(tensors: file.tensors).write(to: run.tool.folder("bare.safetensors"))
    try SafetensorsFile(
      tensors: file.tensors.map { NamedTensor(name: "module." + $0.name, shape: $0.shape, values: $0.values) }
    ).write(to: run.tool.folder("parallel.safetensors"))
    return run.tool
  }

  @Test func whatIsAssumedIsWarnedOfAndWhatIsSaidIsSaid() throws {
    let tool = try tool()
    let recorded = try tool.run("evaluate", "run", "--data", "data", "--json")
    #expect(recorded.error == "")
    #expect(try recorded.json()["preprocessing_from"] as? String == "file")
    let bare = ["evaluate", "bare.safetensors", "--model", "tiny.json", "--data", "data"]
    let assumed = try tool.run(bare + ["--json"])
    #expect(
      assumed.error.hasPrefix(
        "jacquard: warning: bare.safetensors: the file does not say how pixels become the model's inputs; assuming Fashion-MNIST's mean"
      ))
    #expect(assumed.errorLines.count == 1)
    #expect(try assumed.json()["preprocessing_from"] as? String == "default")
    #expect(try assumed.json()["loss"] as? Double == recorded.json()["loss"] as? Double)
    #expect(
      try tool.run(bare).output.contains(
        "preprocessing      pixel / 255, minus 0.28604, divided by 0.35302, assumed\n"))
    let said = try tool.run(bare + ["--mean", "0.28604", "--deviation", "0.35302", "--json"])
    #expect(said.error == "")
    #expect(try said.json()["preprocessing_from"] as? String == "flags")
    #expect(try said.json()["loss"] as? Double == recorded.json()["loss"] as? Double)
    let items = ["bare.safetensors", "data/t10k-images-idx3-ubyte:0..3", "--model", "tiny.json"]
    #expect(try tool.run(["predict"] + items).error.contains("does not say how pixels"))
    #expect(try tool.run(["predict"] + items + ["--mean", "unit"]).error == "")
  }

  @Test func namesStandForMeanAndDeviation() throws {
    let tool = try tool()
    for (flags, scale, mean, deviation) in [
      (["--mean", "half"], 1 / 255.0, [0.5], [0.5]), (["--mean", "unit"], 1 / 255.0, [0], [1]),
      (["--scale", "1"], 1, [0], [1]), (["--scale", "1/128", "--mean", "1"], 1 / 128.0, [1], [1]),
      (["--mean=-0.5", "--deviation", "0.25"], 1 / 255.0, [-0.5], [0.25]), (["--pixel-scale", "1"], 1, [0], [1]),
    ] as [([String], Double, [Double], [Double])] {
      let outcome = try tool.run(["evaluate", "run", "--data", "data", "--json"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      let found = try #require(try outcome.json()["preprocessing"] as? [String: Any])
      // The other JSON reader may be off by the last bit.
      let difference = abs(try #require(found["scale"] as? Double) - scale)
      #expect(difference < 1e-15 && found["mean"] as? [Double] == mean, "\(flags): \(found)")
      #expect(found["deviation"] as? [Double] == deviation, "\(flags)")
    }
    for (flags, words) in [
      (["--mean", "imagenet"], "--mean has 3 numbers, but the model of"),
      (["--mean", "x"], "or imagenet, half or unit, not 'x'"),
      (["--deviation", "0"], "--deviation must be above 0"), (["--scale", "0"], "--scale must be a number above 0"),
      (["--mean", "half", "--deviation", "1"], "remove one of the two flags"),
    ] {
      let outcome = try tool.run(["evaluate", "run", "--data", "data"] + flags)
      #expect(outcome.status == 64 && outcome.error.contains(words), "\(flags): \(outcome.error)")
    }
  }

  @Test func importWritesWhatTheFlagsSay() throws {
    let tool = try tool()
    #expect(try tool.run("export", "run", "--output", "m.onnx").status == 0)
    let outcome = try tool.run("import", "m.onnx", "--mean", "half", "--output", "h.safetensors", "--json")
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    #expect(try outcome.json()["preprocessing_from"] as? String == "flags")
    let evaluated = try tool.run("evaluate", "h.safetensors", "--data", "data", "--json").json()
    #expect((evaluated["preprocessing"] as? [String: Any])?["mean"] as? [Double] == [0.5])
    #expect(evaluated["preprocessing_from"] as? String == "file")
  }

  @Test func namesOfWrappersAreLeftOutAndNamed() throws {
    let tool = try tool()
    let flags = ["--model", "tiny.json", "--data", "data", "--json", "--mean", "0.28604", "--deviation", "0.35302"]
    let outcome = try tool.run(["evaluate", "parallel.safetensors"] + flags)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.error.contains(
        "parallel.safetensors: ignored the prefix \"module.\" of all names, which wrappers of PyTorch add"))
    #expect(
      try outcome.json()["loss"] as? Double == tool.run("evaluate", "run", "--data", "data", "--json").json()["loss"]
        as? Double)
  }

  @Test(arguments: [
    ("a.pth", "it has no ZIP directory at its end"), ("b.pt", "not an acceptable PyTorch file"),
    ("c.keras", "keras.Model.export"), ("d.h5", "numpy.savez"),
  ])
  func otherProgramsOwnFilesComeWithARecipe(name: String, words: String) throws {
    let tool = try Tool()
    try tool.folder.write("PK", to: name)
    for arguments in [
      ["import", name, "--model", "cnn", "--output", "x.safetensors"], ["evaluate", name, "--model", "cnn"],
    ] {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 65 && outcome.errorLines.count == 1, "\(outcome.error)")
      #expect(outcome.error.contains(words), "\(outcome.error)")
    }
  }

  /// Only for a model of Fashion-MNIST's classes are pictures prepared as clothes.
  @Test func picturesOfOtherModelsAreResizedAndInvertedByFlag() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    try tool.folder.write((0..<10).map { "digit \($0)\n" }.joined(), to: "data/classes.txt")
    #expect(
      try tool.run("train", "--data", "data", "--model", "lenet", "--max-steps", "1", "--out", "run", "--quiet").status
        == 0)
    let ink = (0..<56 * 56).map { UInt8(20..<36 ~= $0 % 56 && 20..<36 ~= $0 / 56 ? 30 : 250) }
    try tool.folder.write(Data(try Bitmap(width: 56, height: 56, pixels: ink).png()), to: "ink.png")
    let chalk = ink.map { 255 - $0 }
    try tool.folder.write(Data(try Bitmap(width: 56, height: 56, pixels: chalk).png()), to: "chalk.png")
    // Half the size, each pixel the mean of four equal ones: not trimmed, not sharpened.
    let small = (0..<784).map { place in UInt8(255 - Int(ink[place / 28 * 112 + place % 28 * 2])) }
    try tool.folder.write(SmallData.header(type: 0x08, [1, 28, 28]) + Data(small), to: "small-idx3-ubyte")
    func answer(_ arguments: String...) throws -> [Double]? {
      let outcome = try tool.run(["predict", "run", "--json"] + arguments)
      #expect(outcome.status == 0, "\(outcome.error)")
      return try outcome.json()["probabilities"] as? [Double]
    }
    let expected = try #require(try answer("small-idx3-ubyte"))
    #expect(try answer("chalk.png") == expected)
    #expect(try answer("ink.png", "--invert", "auto") == expected)
    #expect(try answer("ink.png", "--invert", "yes") == expected)
    #expect(try answer("chalk.png", "--invert", "auto") == expected)
    #expect(try answer("ink.png") != expected)
    let wrong = try tool.run("predict", "run", "ink.png", "--fit", "cut")
    #expect(
      wrong.status == 64 && wrong.error.contains("--fit must be stretch, crop or pad, not 'cut'"), "\(wrong.error)")
  }
}
