import CommandTestSupport
import Figures
import Foundation
import TestSupport
import Testing

/// Every verb on user-provided data.
struct OwnDataTests {
  private static let recipe = [
    "train", "--batch-size", "10", "--epochs", "3", "--lr", "0.003", "--augment", "flip,shift=2,erase", "--quiet",
    "--json",
  ]

  private func tool(_ write: (TemporaryFolder) throws -> Void) throws -> Tool {
    let tool = try Tool()
    try write(tool.folder)
    return tool
  }

  /// The model that a weights file holds.
  private func model(_ tool: Tool, _ run: String) throws -> [String: Any] {
    let metadata = try SafetensorsSurgery.metadata(try #require(tool.folder.bytes("\(run)/weights/last.safetensors")))
    let text = try #require(metadata["jacquard.model"])
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func anArchiveAndItsPicturesTrainTheSameNetworkOnAnyThreads() throws {
    let tool = try tool {
      try OwnData.archive(in: $0)
      try OwnData.pictures(in: $0)
    }
    var weights: [Data] = []
    // The images of a class have another order in folders, so bits are compared only between thread counts.
    for (data, name) in [("own.npz", "a"), ("pictures", "p")] {
      for threads in [1, 3] {
        let run = "\(name)\(threads)"
        let outcome = try tool.run(Self.recipe + ["--data", data, "--out", run, "--threads", "\(threads)"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let test = try #require(try outcome.json()["test"] as? [String: Double])
        #expect(try #require(test["accuracy"]) >= 0.9, "\(outcome.output)")
        weights.append(try #require(tool.folder.bytes("\(run)/weights/last.safetensors")))
      }
    }
    #expect(weights[0] == weights[1])
    #expect(weights[2] == weights[3])
    for run in ["a1", "p1"] {
      let model = try model(tool, run)
      #expect(model["input_shape"] as? [Int] == [20, 22, 3])
      #expect(model["class_names"] as? [String] == OwnData.classNames)
      let preprocessing = try #require(model["preprocessing"] as? [String: Any])
      #expect((preprocessing["mean"] as? [Double])?.count == 3)
    }
    #expect(
      try #require(try model(tool, "a1")["preprocessing"] as? NSDictionary)
        == (try model(tool, "p1")["preprocessing"] as? NSDictionary))
    // A network trained on the archive classifies pictures by the names of their folders, without being told where its data is.
    for flags in [[], ["--data", "pictures"]] {
      let outcome = try tool.run(["evaluate", "a1", "--json"] + flags)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(try #require(try outcome.json()["accuracy"] as? Double) >= 0.9)
      #expect(try outcome.json()["count"] as? Int == 20)
    }
  }

  /// What a training and a cross-validation suggest at their ends works on data without test images.
  @Test func hintsFitDataWithoutTestImages() throws {
    let tool = try tool { try OwnData.archive(in: $0, training: 60, test: nil) }
    let train = ["train", "--data", "own.npz", "--max-steps", "1", "--batch-size", "10", "--out"]
    for (name, flags, split) in [("plain", [], "train"), ("split", ["--validation", "10"], "validation")] {
      let outcome = try tool.run(train + [name] + flags)
      #expect(
        outcome.errorLines.contains { $0 == "next: jacquard evaluate \(name) --split \(split)" }, "\(outcome.error)")
      #expect(try tool.run("evaluate", name, "--split", split).status == 0)
    }
    let folds = try tool.run(
      "crossval", "--data", "own.npz", "--folds", "2", "--max-steps", "1", "--batch-size", "10", "--out", "folds")
    #expect(folds.status == 0 && !folds.error.contains("--ensemble"), "\(folds.error)")
  }

  @Test func theRecordedMeanIsThatOfTheTrainingImages() throws {
    let tool = try tool { try OwnData.archive(in: $0, training: 60, test: nil) }
    let outcome = try tool.run(
      "train", "--data", "own.npz", "--max-steps", "1", "--max-train", "30", "--out", "run", "--json")
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.first == "own.npz: there are no test images, so the result will have no test score")
    #expect(try outcome.json()["test"] is NSNull)
    let pixels = (0..<30).flatMap { OwnData.image($0) }
    for channel in 0..<3 {
      let values = stride(from: channel, to: pixels.count, by: 3).map { Double(pixels[$0]) / 255 }
      let mean = values.reduce(0, +) / Double(values.count)
      let found = try #require(try model(tool, "run")["preprocessing"] as? [String: Any])
      #expect(abs(try #require(found["mean"] as? [Double])[channel] - mean) < 6e-6)
    }
  }

  @Test func aSetWithoutATestPartIsTrainedAndJudgedByOthers() throws {
    let tool = try tool { try OwnData.archive(in: $0, test: nil) }
    #expect(try tool.run(Self.recipe + ["--data", "own.npz", "--out", "run", "--validation", "20"]).status == 0)
    let refused = try tool.run("evaluate", "run", "--data", "own.npz")
    #expect(refused.status == 66)
    #expect(
      refused.error
        == "jacquard: error: own.npz: there are no test images: expected a test part, found a training part "
        + "only; choose --split train or validation, or add test images\n")
    #expect(try tool.run("evaluate", "run", "--split", "validation", "--json").json()["count"] as? Int == 20)
    let report = try tool.run("report", "run")
    #expect(report.status == 0, "\(report.error)")
    let page = try tool.folder.text("run/report.html")
    #expect(page.contains("validation accuracy") && page.contains("cnn on own.npz") && !page.contains("test images"))
    let verified = try tool.run("data", "verify", "--data", "own.npz")
    #expect(verified.status == 0)
    #expect(verified.output.hasSuffix("\ntest    none\n"))
    let info = try tool.run("data", "info", "--data", "own.npz", "--json").json()
    #expect((info["splits"] as? [[String: Any]])?.count == 1)
    #expect(info["test_images_in_train"] is NSNull)
    #expect((info["splits"] as? [[String: Any]])?.first?["channels"] as? Int == 3)
  }

  @Test func everyVerbThatShowsImagesShowsThem() throws {
    let tool = try tool {
      try OwnData.pictures(in: $0, training: 40, test: 10)
      try $0.write(Data(try Bitmap(width: 22, height: 20, channels: 3, pixels: OwnData.image(3)).png()), to: "red.png")
    }
    let data = ["--data", "pictures"]
    #expect(
      try tool.run(["train", "--max-steps", "8", "--batch-size", "10", "--out", "run", "--quiet"] + data).status == 0)
    for arguments in [
      ["data", "show", "-o", "a.svg"] + data, ["data", "show", "--means", "-o", "m.png"] + data,
      ["errors", "run", "--split", "train", "-o", "e.svg", "--csv", "e.csv"] + data,
      ["plot", "confusion", "run", "-o", "c.svg"] + data, ["plot", "features", "run", "-o", "f.svg"] + data,
      ["plot", "activations", "run", "red.png", "-o", "x.svg"], ["report", "run"] + data,
      ["predict", "run", "red.png", "--show-input", "s.png"],
    ] {
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    }
    #expect(try tool.folder.text("a.svg").contains(">yellow</text>"))
    // The picture of the training set and the file of the same pixels get the same answer.
    let rows = try tool.run("predict", "run", "red.png", "pictures/train/red/003.png", "--json").output
      .split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    #expect(rows.count == 2)
    #expect(rows[0]?["probabilities"] as? [Double] == rows[1]?["probabilities"] as? [Double])
  }

  @Test func picturesAreBroughtToASizeThatStaysWithTheRun() throws {
    let tool = try tool { try OwnData.pictures(in: $0, training: 20, test: nil, height: 30, width: 24) }
    let train = ["train", "--data", "pictures", "--max-steps", "2", "--batch-size", "10", "--quiet"]
    #expect(try tool.run(train + ["--image-size", "20x18", "--image-colors", "gray", "--out", "run"]).status == 0)
    #expect(try model(tool, "run")["input_shape"] as? [Int] == [20, 18, 1])
    #expect(try tool.run("evaluate", "run", "--split", "train", "--json").json()["count"] as? Int == 20)
    let resumed = try tool.run("train", "--resume", "run", "--max-steps", "3", "--json")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try resumed.json()["steps"] as? Int == 3)
    let other = try tool.run("train", "--resume", "run", "--image-size", "20", "--max-steps", "4")
    #expect(other.status == 78)
    #expect(other.error.contains("\"image_size\" was \"20x18\" when the run began, and is now \"20x20\""))
    // Replacing a picture by another gives another data set.
    let bitmap = Bitmap(width: 24, height: 30, channels: 3, pixels: OwnData.image(7, height: 30, width: 24))
    try tool.folder.write(Data(try bitmap.png()), to: "pictures/train/blue/000.png")
    let changed = try tool.run("train", "--resume", "run", "--max-steps", "4")
    #expect(changed.status == 78)
    #expect(changed.error.contains("the data differs: pictures, train has the SHA-256"), "\(changed.error)")
    let wrong = try tool.run(train + ["--image-size", "big", "--out", "b"])
    #expect(wrong.status == 64)
    #expect(wrong.error.contains("--image-size must be a size such as 32 or 24x32"))
  }

  @Test func settingsForPicturesAreRefusedForOtherDataInATraining() throws {
    var tool = try tool { try OwnData.archive(in: $0) }
    let train = ["train", "--data", "own.npz", "--max-steps", "1", "--batch-size", "10", "--quiet", "--out", "run"]
    let reason = "applies only to pictures, but own.npz contains arrays; remove it, or give pictures.\n"
    for flag in [["--image-size", "24"], ["--image-colors", "auto"], ["--fit", "pad"], ["--invert", "no"]] {
      let outcome = try tool.run(train + flag)
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(outcome.error == "jacquard: error: \(flag[0]) \(reason)", "\(outcome.error)")
    }
    try tool.folder.write(#"{"image_size": "24x24", "epochs": 1}"#, to: "recipe.json")
    let file = try tool.run(train + ["--config", "recipe.json"])
    #expect(file.status == 78 && file.output == "")
    #expect(file.error == "jacquard: error: recipe.json: \"image_size\" \(reason)", "\(file.error)")
    try tool.folder.write(#"{"base": {"validation": 0.2, "fit": "crop"}, "list": [{}]}"#, to: "sweep.json")
    let sweep = try tool.run("sweep", "sweep.json", "--data", "own.npz", "--out", "sweep")
    #expect(sweep.status == 78 && sweep.error == "jacquard: error: sweep.json: \"fit\" \(reason)", "\(sweep.error)")
    tool.environment = ["JACQUARD_INVERT": "yes"]
    let variable = try tool.run(train)
    #expect(variable.status == 78 && variable.output == "")
    #expect(variable.error == "jacquard: error: JACQUARD_INVERT \(reason)", "\(variable.error)")
    tool.environment = [:]
    #expect(!tool.folder.holds("run") && !tool.folder.holds("sweep"))
    // A file written by the program contains every setting; its defaults are not the user's wish.
    try tool.folder.write(try tool.run("train", "--print-config").output, to: "printed.json")
    let trained = try tool.run(train + ["--config", "printed.json"])
    #expect(trained.status == 0, "\(trained.error)")
  }

  @Test func settingsForPicturesAreRefusedForOtherDataAfterATraining() throws {
    let tool = try tool { scratch in
      try OwnData.archive(in: scratch)
      try OwnData.pictures(in: scratch, training: 20)
    }
    // What the run recorded for its pictures is not the user's wish for arrays.
    let run = try tool.run(
      "train", "--data", "pictures", "--image-size", "20x22", "--fit", "pad", "--max-steps", "1", "--batch-size", "10",
      "--quiet", "--out", "run")
    #expect(run.status == 0, "\(run.error)")
    let onArrays = try tool.run("evaluate", "run", "--data", "own.npz", "--json")
    #expect(onArrays.status == 0, "\(onArrays.error)")
    #expect(try onArrays.json()["count"] as? Int == 20)
    let reason = "applies only to pictures, but own.npz contains arrays; remove it, or give pictures.\n"
    for arguments in [
      ["evaluate", "run"], ["data", "info"], ["errors", "run"], ["plot", "confusion", "run", "-o", "c.svg"],
    ] {
      let outcome = try tool.run(arguments + ["--data", "own.npz", "--image-size", "20x22"])
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(outcome.error.hasSuffix("jacquard: error: --image-size \(reason)"), "\(arguments): \(outcome.error)")
    }
  }

  @Test func aPredictionOfItemsRefusesSettingsForPictures() throws {
    let tool = try Tool()
    try tool.trainSmall("--max-steps", "1")
    let items = "data/t10k-images-idx3-ubyte:0"
    try tool.folder.write(try OwnData.picture(90), to: "gray.png")
    let outcome = try tool.run("predict", "run", "gray.png", items, "--fit", "pad")
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n")
    try #require(lines.count == 2)
    #expect(lines[0].hasPrefix("gray.png\t") && !lines[0].contains("error"))
    let reason =
      "--fit applies only to pictures, but data/t10k-images-idx3-ubyte contains arrays; remove it, or give pictures."
    #expect(String(lines[1]) == "\(items)\terror\t\(reason)")
  }

  /// The library states the problem; the command line names the flag that helps.
  @Test func refusedPicturesComeWithTheFlagThatHelps() throws {
    let tool = try tool { try OwnData.pictures(in: $0, training: 10, test: nil, height: 10, width: 11) }
    let bitmap = Bitmap(width: 24, height: 30, channels: 3, pixels: OwnData.image(7, height: 30, width: 24))
    try tool.folder.write(Data(try bitmap.png()), to: "pictures/train/red/999.png")
    let outcome = try tool.run("data", "info", "--data", "pictures")
    #expect(outcome.status == 65)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("pictures have different sizes: expected 10 × 11, as in "), "\(outcome.error)")
    #expect(
      outcome.error.hasSuffix(
        ", found 30 × 24; resize all of them with --image-size 10x11 or another size\n"), "\(outcome.error)")
  }

  /// Named models become what the data needs; the names and shapes of their tensors are enough to know what they were for.
  @Test func weightsOfNamedModelsSayWhatTheyAreFor() throws {
    let tool = try tool { try OwnData.pictures(in: $0, training: 10, test: nil, height: 32, width: 32) }
    for name in ["mobilenet", "resnet18"] {
      let trained = try tool.run(
        "train", "--data", "pictures", "--model", name, "--batch-size", "4", "--max-steps", "1", "--out", name)
      #expect(trained.status == 0, "\(trained.error)")
      try tool.folder.write(
        try SafetensorsSurgery.withoutMetadata(tool.folder.path + "/\(name)/weights/last.safetensors"),
        to: "bare.safetensors")
      let imported = try tool.run("import", "bare.safetensors", "--model", name, "--output", "again.safetensors")
      #expect(imported.status == 0, "\(imported.error)")
      let summary = try tool.run("summary", "again.safetensors", "--json").json()
      #expect(summary["input_shape"] as? [Int] == [32, 32, 3])
      #expect(summary["classes"] as? [String] == ["0", "1", "2", "3", "4"])
    }
  }

  @Test func imagesThatAModelCannotTakeAreRefusedWithTheReason() throws {
    let tool = try tool { try OwnData.pictures(in: $0, training: 10, test: nil, height: 10, width: 11) }
    let outcome = try tool.run("train", "--data", "pictures", "--model", "lenet", "--out", "run")
    #expect(outcome.status == 65)
    #expect(outcome.errorLines.count == 1)
    #expect(
      outcome.error.hasPrefix(
        "jacquard: error: pictures: images of 10×11×3 are too small for the model \"lenet\": layer "))
    #expect(outcome.error.contains("\"lenet\" needs at least 12×12 pixels; resize the pictures with --image-size"))
    #expect(!tool.folder.holds("run"))
    let mobile = try tool.run("train", "--data", "pictures", "--model", "mobilenet", "--out", "run")
    #expect(mobile.error.contains("divides the sides of its images by 16, so 10×11×3 is too small for it; "))
    #expect(mobile.error.contains("\"mobilenet\" needs at least 16×16 pixels; resize the pictures with"))
    #expect(mobile.status == 65)
    let shaped = try tool.run("train", "--data", "pictures", "--model", "vgg:10x11x3", "--out", "run")
    #expect(shaped.error.contains("the data says what images and classes there are; give 'vgg' alone."))
    #expect(shaped.status == 64)
    try tool.folder.write(
      """
      {"name": "flat", "input_shape": [10, 11, 3], "class_names": ["blue", "cyan", "green", "red", "violet"],
       "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 5}]}
      """, to: "flat.json")
    let names = try tool.run("train", "--data", "pictures", "--model", "flat.json", "--out", "run")
    #expect(names.status == 65)
    #expect(names.error.contains("pictures/train: a class that the model does not have"), "\(names.error)")
  }
}
