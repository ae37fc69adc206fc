import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `lr-find`: its output, its files, and what it leaves unchanged.
struct LRFindTests {
  /// A data set with only a training part, and a small model.
  private func prepared() throws -> Tool {
    let runs = try TinyRun()
    runs.tool.folder.remove("data/t10k-images-idx3-ubyte")
    runs.tool.folder.remove("data/t10k-labels-idx1-ubyte")
    return runs.tool
  }

  private static let flags = [
    "lr-find", "--model", "tiny.json", "--data", "data", "--batch-size", "20", "--steps", "60",
  ]

  @Test func aRateIsSuggestedFromTrainingImagesAlone() throws {
    let tool = try prepared()
    let before = try tool.folder.names()
    let outcome = try tool.run(Self.flags + ["--json", "--from", "1e-5", "--to", "100"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "schema", "model", "parameters", "optimizer", "batch_size", "seed", "threads", "from", "to", "steps",
        "ended_by",
        "suggestion", "lowest_loss_at", "seconds", "points", "command", "picture", "csv",
      ])
    let rate = try #require(json["suggestion"] as? Double)
    let points = try #require(json["points"] as? [[String: Double]])
    #expect(points.count == json["steps"] as? Int)
    let rates = points.compactMap { $0["lr"] }
    #expect(rates.first == 1e-5 && (rates.first ?? 0) < rate && rate < (rates.last ?? 0))
    // By the same factor at every step.
    for (one, next) in zip(rates, rates.dropFirst()) { #expect(abs(log(next / one) - log(1e7) / 59) < 1e-3) }
    #expect(json["ended_by"] as? String == "divergence")
    let command = try #require(json["command"] as? String)
    #expect(command == "jacquard train --model tiny.json --batch-size 20 --data data --lr \(rate)")
    // No run folder, and no other file.
    #expect(try tool.folder.names() == before)
    // The suggested command works.
    let data = try SmallData.write(in: tool.folder, folder: "whole", training: 60, test: 20)
    let words = command.replacingOccurrences(of: "--data data", with: "--data \(data)").split(separator: " ").map(
      String.init)
    #expect(try tool.run(Array(words.dropFirst()) + ["--epochs", "1", "--quiet"]).status == 0)
  }

  @Test func theSameBitsOnAnyNumberOfThreads() throws {
    let tool = try prepared()
    for threads in ["1", "2", "3"] {
      let outcome = try tool.run(Self.flags + ["--csv", "\(threads).csv", "--threads", threads, "--quiet"])
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    let one = try tool.folder.text("1.csv")
    #expect(try tool.folder.text("2.csv") == one)
    #expect(try tool.folder.text("3.csv") == one)
    let lines = one.split(separator: "\n")
    #expect(lines.first == "step,learning_rate,loss,smoothed_loss")
    #expect(lines.dropFirst().allSatisfy { $0.split(separator: ",").compactMap { Float($0) }.count == 4 })
  }

  @Test func filesAreNamedAndHoldWhatTheyShould() throws {
    let tool = try prepared()
    let outcome = try tool.run(
      Self.flags + [
        "--output", "rates.svg", "--csv", "it's rates.csv", "--label-smoothing", "0.1", "--no-shuffle", "--quiet",
      ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    #expect(outcome.output.contains("picture         rates.svg\n"), "\(outcome.output)")
    #expect(outcome.output.contains("table           it's rates.csv\n"))
    let command =
      "jacquard train --model tiny.json --batch-size 20 --label-smoothing 0.1 --no-shuffle --data data --lr "
    #expect(outcome.output.contains(command), "\(outcome.output)")
    let picture = try tool.folder.text("rates.svg")
    #expect(picture.hasPrefix("<svg"))
    for text in [">learning rate<", ">mean loss<", ">smoothed loss<", ">loss of the batch<"] {
      #expect(picture.contains(text), "\(text)")
    }
    #expect(picture.contains("suggested: "))
  }

  @Test func settingsComeFromTheUsualLayers() throws {
    var tool = try prepared()
    try tool.folder.write(
      #"{"model": "tiny.json", "batch_size": 10, "optimizer": "sgd", "epochs": 1, "lr": 7}"#, to: "a.json")
    tool.environment = ["JACQUARD_BATCH_SIZE": "15", "JACQUARD_THREADS": "1"]
    let outcome = try tool.run(
      "lr-find", "--config", "a.json", "--data", "data", "--seed", "3", "--steps", "40", "--json", "--quiet")
    #expect(outcome.status == 0, "\(outcome.error)")
    let json = try outcome.json()
    #expect(json["batch_size"] as? Int == 15)
    #expect(json["optimizer"] as? String == "sgd")
    #expect(json["threads"] as? Int == 1)
    #expect(
      (json["command"] as? String)?.hasPrefix("jacquard train --config a.json --seed 3 --data data --lr ") == true)
    tool.environment = ["JACQUARD_BATCHSIZE": "15"]
    #expect(try tool.run(Self.flags).status == 78)
  }

  @Test func aLossThatDoesNotFallSuggestsNothing() throws {
    let tool = try prepared()
    let outcome = try tool.run(Self.flags + ["--from", "1e-12", "--to", "1e-10", "--quiet"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("none: the loss hardly falls"), "\(outcome.output)")
    #expect(!outcome.output.contains("train with it"))
    #expect(outcome.errorLines.count == 1 && outcome.error.contains("warning: the loss hardly falls"))
    let json = try tool.run(Self.flags + ["--from", "1e-12", "--to", "1e-10", "--quiet", "--json"]).json()
    #expect(json["suggestion"] is NSNull && json["command"] is NSNull)
    #expect(json["ended_by"] as? String == "range")
  }

  @Test(arguments: [
    (["--from", "0"], 64, "--from and --to must be numbers"),
    (["--from", "2", "--to", "1"], 64, "--from and --to must be"),
    (["--from", "1e-310"], 64, "--from and --to must be numbers from 1e-30 to 1000"),
    (["--steps", "9"], 64, "--steps must be a whole number from 10 to 100000, not '9'."),
    (["--lr", "1"], 64, "--lr"), (["--out", "run"], 64, "--out"), (["--epochs", "1"], 64, "--epochs"),
    (["--output", "rates.gif"], 64, "expected a name that ends in .png or .svg"),
    (["--csv", "nowhere/rates.csv"], 73, "nowhere"), (["--terminal", "--json"], 64, "--json cannot print pictures"),
    (["--protocol", "characters"], 64, "this terminal cannot show pictures"),
    (["--model", "lenett"], 64, "lenet"), (["--data", "nowhere"], 66, "nowhere"),
  ])
  func wrongFlagsAreRefused(flags: [String], status: Int32, message: String) throws {
    let tool = try prepared()
    let outcome = try tool.run(["lr-find", "--model", "tiny.json", "--data", "data"] + flags)
    #expect(outcome.status == status, "\(flags): \(outcome.error)")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.output == "")
  }

  @Test func weightsThatGiveNoFiniteLossAreBadData() throws {
    let tool = try prepared()
    let recipe = ["train", "--model", "tiny.json", "--data", "data", "--no-test", "--max-steps", "1", "--quiet"]
    #expect(try tool.run(recipe + ["--out", "run"]).status == 0)
    var file = try #require(tool.folder.bytes("run/weights/last.safetensors"))
    let start = 8 + (0..<8).reduce(0) { $0 | Int(file[$1]) << (8 * $1) }
    // The largest float, everywhere.
    for place in stride(from: start, to: file.count, by: 4) {
      file.replaceSubrange(place..<place + 4, with: [0xFF, 0xFF, 0x7F, 0x7F])
    }
    try tool.folder.write(SafetensorsSurgery.withoutChecksum(file), to: "large.safetensors")
    let outcome = try tool.run(Self.flags + ["--init-from", "large.safetensors", "--quiet"])
    #expect(outcome.status == 65, "\(outcome.error)")
    #expect(outcome.error.contains("the loss is not finite after 0 steps, even at a rate of 1e-06"))
    #expect(outcome.output == "")
  }

  @Test func aModelIsNamedWhereItWasMistyped() throws {
    let tool = try prepared()
    try tool.folder.write(#"{"model": "lenett"}"#, to: "a.json")
    let outcome = try tool.run("lr-find", "--config", "a.json", "--data", "data")
    #expect(outcome.status == 78)
    #expect(outcome.error.hasPrefix("jacquard: error: a.json: "))
  }
}
