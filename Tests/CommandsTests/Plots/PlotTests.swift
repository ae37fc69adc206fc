import CommandTestSupport
import Foundation
import Photographs
import TestSupport
import Testing

/// `plot` and its figures.
struct PlotTests {
  private func tool(_ flags: String...) throws -> Tool {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let outcome = try tool.run(
      ["train", "--model", "lenet", "--data", "data", "--out", "run", "--batch-size", "20"] + flags)
    try #require(outcome.status == 0, "\(outcome.error)")
    return tool
  }

  /// Draws a figure as SVG and returns its text.
  private func svg(_ tool: Tool, _ arguments: String...) throws -> String { try svg(tool, arguments) }

  private func svg(_ tool: Tool, _ arguments: [String]) throws -> String {
    let outcome = try tool.run(["plot"] + arguments + ["-o", "figure.svg", "--json"])
    #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["figure"] as? String == arguments[0])
    #expect(json["output"] as? String == "figure.svg")
    return try tool.folder.text("figure.svg")
  }

  @Test func curvesHoldEveryEpoch() throws {
    let tool = try tool("--epochs", "3", "--validation", "50")
    let one = try svg(tool, "curves", "run")
    for text in [">Loss<", ">Accuracy<", ">train<", ">validation<", ">test<", ">epoch<"] {
      #expect(one.contains(text), "\(text)")
    }
    // Each point has a description: three epochs of training and validation and one test, in both charts.
    #expect(one.components(separatedBy: "<title>train, epoch ").count == 7)
    #expect(one.components(separatedBy: "<title>validation, epoch ").count == 7)
    #expect(one.components(separatedBy: "<title>test, epoch 3: ").count == 3)
    let metrics = try tool.folder.text("run/metrics.csv").split(separator: "\n")[1].split(separator: ",")
    let loss = try #require(Double(metrics[3]))
    #expect(one.contains("<title>train, epoch 1: \(String(format: "%.4f", loss).trimmingZeros)</title>"))

    let second = try tool.run(
      "train", "--model", "lenet", "--data", "data", "--out", "b/run", "--epochs", "2", "--quiet")
    try #require(second.status == 0)
    let two = try svg(tool, "curves", "run", "b/run")
    // The last parts of the paths are the same, so the whole paths name the runs. Color is the run; dashes are the part.
    for name in ["run", "b/run", "train", "validation", "test"] { #expect(two.contains(">\(name)</text>"), "\(name)") }
    #expect(two.contains("<title>b/run, train, epoch 2: "))
    let lines = two.split(separator: "\n").filter { $0.hasPrefix("<polyline") && $0.contains("stroke-width=\"2\"") }
    func dashes(_ series: Int) -> [Bool] {
      lines.filter { $0.contains("s-series-\(series)\"") }.map { $0.contains("dasharray") }
    }
    // In both charts: the legend's solid sample, and the dashed line of training, before the first run's solid line of validation.
    #expect(dashes(0).count { !$0 } == 4 && dashes(0).count { $0 } == 2)
    #expect(dashes(1).count { !$0 } == 2 && dashes(1).count { $0 } == 2)
    #expect(two.contains(">Learning curves of 2 runs<"))
  }

  @Test func theScheduleIsTheRuns() throws {
    let tool = try tool("--epochs", "2", "--schedule", "onecycle", "--lr", "0.002")
    let text = try svg(tool, "schedule", "run")
    #expect(text.contains(">onecycle</text>"))
    #expect(text.contains(">learning rate</text>"))
    // Twenty steps make twenty points; the legend has a piece of the line.
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("<polyline") && $0.contains("s-series-0") }
    let counts = lines.map { $0.split(separator: "\"")[1].split(separator: " ").count }
    #expect(counts.sorted() == [2, 20])
  }

  @Test func confusionAndReliabilityAreThoseOfEvaluate() throws {
    let tool = try tool("--epochs", "1")
    let confusion = try #require(
      try tool.run("evaluate", "run", "--data", "data", "--json").json()["confusion"] as? [[Int]])
    let raw = try svg(tool, "confusion", "run", "--data", "data")
    let normalized = try svg(tool, "confusion", "run", "--data", "data", "--normalize")
    #expect(raw.contains("<title>true class T-shirt/top, predicted class T-shirt/top: \(confusion[0][0])</title>"))
    #expect(raw.contains("<title>true class Bag, predicted class Coat: \(confusion[8][4])</title>"))
    let share = String(format: "%.1f", Double(confusion[0][0]) / 5 * 100)
    #expect(normalized.contains("<title>true class T-shirt/top, predicted class T-shirt/top: \(share)</title>"))
    #expect(raw.components(separatedBy: "<title>").count == 101)
    let reliability = try svg(tool, "reliability", "run", "--data", "data")
    #expect(reliability.contains("perfectly calibrated") && reliability.contains("predictions, mean confidence"))
  }

  @Test func filtersActivationsAndFeaturesShowTheNetwork() throws {
    let tool = try tool("--epochs", "1")
    let filters = try svg(tool, "filters", "run")
    // LeNet has six filters of 5 × 5.
    #expect(filters.components(separatedBy: "<image ").count == 7)
    #expect(filters.contains("conv1.weight, 6 filters of 5 × 5, blue −"))
    #expect(!filters.contains("class=\"ink\""))

    let input = "data/t10k-images-idx3-ubyte:3"
    let activations = try svg(tool, "activations", "run", input)
    for layer in [
      "input 28×28×1", "conv1 28×28×6", "relu1 28×28×6", "pool1 14×14×6", "conv2 10×10×16", "pool2 5×5×16", "fc1 120",
      "fc3 10",
    ] {
      #expect(activations.contains(">\(layer)</text>"), "\(layer)")
    }
    #expect(!activations.contains("flatten"))
    let answer = try tool.run("predict", "run", input, "--json").json()
    let probabilities = try #require(answer["probabilities"] as? [Double])
    let label = try #require(answer["label"] as? String)
    let share = String(format: "%.1f", try #require(probabilities.max()) * 100)
    #expect(activations.contains("<title>\(label), \(share) %</title>"))

    let features = try svg(tool, "features", "run", "--data", "data", "--count", "40")
    #expect(features.contains("84 features of 40 test images"))
    #expect(features.contains(/first component, \d+\.\d % of the variance/))
    #expect(features.contains(">Ankle boot</text>"))
    // Four images of each class, five of which have markers that are filled.
    #expect(features.components(separatedBy: "fill-opacity=\"0.7\"").count == 21)
  }

  @Test func featuresHaveMapsOfNeighbors() throws {
    let tool = try tool("--epochs", "1")
    let flags = ["features", "run", "--data", "data", "--count", "40", "--method", "tsne"]
    let map = try svg(tool, flags)
    #expect(map.contains("84 features of 40 test images, t-SNE; trustworthiness "))
    #expect(map.components(separatedBy: "fill-opacity=\"0.7\"").count == 21)
    #expect(try svg(tool, flags + ["--threads", "1"]) == map)
    #expect(try svg(tool, flags + ["--seed", "2"]) != map)
    let pictures = try svg(tool, flags + ["--pictures"])
    let count = pictures.components(separatedBy: "<image ").count - 1
    #expect(count > 5 && count <= 40)
    for (arguments, message) in [
      (["--perplexity", "5"], "--perplexity needs --method tsne."), (["--seed", "2"], "--seed needs --method tsne."),
      (["--method", "tsne", "--perplexity", "0"], "--perplexity must be a number from 1 to 1000, not '0.0'."),
      (["--method", "tsne", "--count", "3"], "a map by tsne needs at least 4 images, found 3."),
    ] {
      let outcome = try tool.run(["plot", "features", "run", "--data", "data", "-o", "a.png"] + arguments)
      #expect(outcome.status == 64 && outcome.error.contains(message), "\(outcome.error)")
    }
  }

  @Test func curvesOverThresholdsAreThoseOfTheClasses() throws {
    let tool = try tool("--epochs", "1")
    for (figure, measure) in [("roc", "mean area under the curve"), ("precision-recall", "mean average precision")] {
      let text = try svg(tool, figure, "run", "--data", "data")
      #expect(text.contains(measure), "\(figure)")
      #expect(text.contains(/>Ankle boot [01]\.\d\d\d<\/text>/))
      // A line for each class, and a piece of it in the legend.
      #expect(text.components(separatedBy: "<polyline").count >= 21)
    }
  }

  @Test func aFigureCanBePNG() throws {
    let tool = try tool("--epochs", "1")
    let outcome = try tool.run("plot", "curves", "run", "-o", "c.png", "--theme", "dark", "--scale", "1")
    #expect(outcome.output == "picture  c.png\n")
    let picture = try Photograph(
      decoding: Array(try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/c.png"))))
    #expect(picture.width == 988 && picture.pixels.prefix(3) == [0x12, 0x16, 0x1C])
  }

  @Test func whatCannotBeDrawnIsSaidInOneLine() throws {
    let tool = try tool("--epochs", "1")
    for name in ["config.json", "run.json"] {
      try tool.folder.write(try tool.folder.text("run/" + name), to: "broken/" + name)
    }
    try tool.folder.write("epoch,steps\n1,x\n", to: "broken/metrics.csv")
    let cases: [([String], Int32, String)] = [
      (["curves", "nowhere", "-o", "a.png"], 66, "nowhere: not a run folder"),
      (["curves", "run/weights/last.safetensors", "-o", "a.png"], 66, "not a run folder"),
      (["curves", "broken", "-o", "a.png"], 65, "broken/metrics.csv: line 2: expected the numbers of an epoch"),
      (["curves", "run"], 64, "no destination for the picture; name a file, such as --output curves.png"),
      (["curves", "-o", "a.png"], 64, "Missing expected argument"),
      (["curves", "run", "--terminal", "-o", "a.png"], 64, "cannot be combined"),
      (["schedule", "run", "--terminal"], 64, "this terminal cannot show pictures"),
      (["activations", "run", "data/t10k-images-idx3-ubyte", "-o", "a.png"], 64, "expected one image, found 50"),
      (["activations", "run", "data/t10k-images-idx3-ubyte:50", "-o", "a.png"], 66, "there is no item 50"),
      (["features", "run", "--count", "1", "-o", "a.png"], 64, "--count must be"),
      (["curvse", "run"], 64, "Unknown verb 'curvse'. Did you mean 'curves'?"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try tool.run(["plot"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.error)")
      #expect(outcome.output == "")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
    let layers = #"[{"type": "flatten"}, {"type": "dense", "output_features": 10}]"#
    try tool.folder.write(
      #"{"name": "flat", "input_shape": [28, 28, 1], "layers": \#(layers)}"#, to: "flat.json")
    let flat = try tool.run(
      "train", "--model", "flat.json", "--data", "data", "--out", "flat", "--max-steps", "1", "--quiet")
    try #require(flat.status == 0, "\(flat.error)")
    let none = try tool.run("plot", "filters", "flat", "-o", "a.png")
    #expect(none.status == 64)
    #expect(none.error.contains("has no convolution, so it has no filters to show"))
  }
}

extension String {
  /// A number without zeros at its end.
  fileprivate var trimmingZeros: String {
    var text = self
    while text.last == "0" { text.removeLast() }
    return text.last == "." ? String(text.dropLast()) : text
  }
}
