import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train` on small data: its output and its files.
struct TrainTests {
  @Test func theResultIsOneObject() throws {
    let tool = try Tool()
    let outcome = try tool.trainSmall("--epochs", "8", "--seed", "3", "--threads", "2", "--validation", "0.2")
    #expect(outcome.output.split(separator: "\n").count == 1)
    let json = try outcome.json()
    #expect(
      Set(json.keys) == [
        "schema", "run", "model", "parameters", "epochs", "steps", "seed", "threads", "shards", "seconds",
        "images_per_second", "train", "validation", "test", "weights", "weights_sha256",
      ])
    #expect(json["schema"] as? Int == 1)
    #expect(json["run"] as? String == "run")
    #expect(json["model"] as? String == "lenet")
    #expect(json["parameters"] as? Int == 61706)
    #expect(json["epochs"] as? Int == 8)
    // 160 of 200 images in batches of 20.
    #expect(json["steps"] as? Int == 64)
    #expect(json["seed"] as? Int == 3)
    #expect(json["threads"] as? Int == 2)
    #expect(json["shards"] as? Int == 8)
    for name in ["train", "validation", "test"] {
      let score = try #require(json[name] as? [String: Any], "\(name)")
      // Squares in ten positions are easy to distinguish: a correct network must reach this with any seed.
      #expect(try #require(score["accuracy"] as? Double) > 0.9, "\(name)")
      #expect(try #require(score["loss"] as? Double) < 1, "\(name)")
    }
    let weights = try #require(json["weights"] as? String)
    #expect(weights == "run/weights/last.safetensors")
    let hash = try tool.shell("sha256sum \(weights)").output.prefix(64)
    #expect(json["weights_sha256"] as? String == String(hash))
  }

  @Test func theRunFolderIsComplete() throws {
    let tool = try Tool()
    let outcome = try tool.trainSmall("--epochs", "2", "--validation", "40", "--schedule", "constant")
    #expect(
      try tool.folder.names("run") == ["config.json", "events.jsonl", "metrics.csv", "run.json", "state", "weights"])
    #expect(try tool.folder.names("run/state") == ["last.safetensors"])
    #expect(try tool.folder.names("run/weights") == ["best.safetensors", "last.safetensors"])

    let rows = try tool.folder.text("run/metrics.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      rows[0].joined(separator: ",")
        == "epoch,steps,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy"
    )
    #expect(rows.count == 3)
    #expect(rows.allSatisfy { $0.count == 7 })
    #expect(rows[1][0...2] == ["1", "8", "0.001"])
    #expect(rows[2][0...1] == ["2", "16"])

    let events = try tool.folder.text("run/events.jsonl").split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(events.map { $0["event"] as? String } == ["start", "epoch", "epoch", "finish"])
    #expect(events[1]["best"] as? Bool == true)

    let record = try tool.json("run/run.json")
    #expect(record["status"] as? String == "finished")
    #expect(record["threads"] as? Int == (try outcome.json()["threads"] as? Int))
    let recorded = try #require(record["result"] as? NSDictionary)
    #expect(recorded == (try outcome.json() as NSDictionary))
    let provenance = try #require(record["provenance"] as? [String: Any])
    let files = try #require(provenance["data"] as? [[String: Any]])
    for file in files {
      let path = try #require(file["path"] as? String)
      #expect(file["sha256"] as? String == String(try tool.shell("sha256sum '\(path)'").output.prefix(64)))
    }
    // Four of images and labels, and the names of the classes.
    #expect(files.count == 5)
  }

  @Test func withoutAValidationSetThereAreNoBestWeights() throws {
    let tool = try Tool()
    let outcome = try tool.trainSmall("--epochs", "1", "--no-test")
    #expect(try outcome.json()["validation"] is NSNull)
    #expect(try outcome.json()["test"] is NSNull)
    #expect(try tool.folder.names("run/weights") == ["last.safetensors"])
    let row = try tool.folder.text("run/metrics.csv").split(separator: "\n")[1]
    #expect(row.split(separator: ",", omittingEmptySubsequences: false)[5...6] == ["", ""])
  }

  @Test func theConfigurationOfARunRepeatsIt() throws {
    let tool = try Tool()
    let first = try tool.trainSmall("--epochs", "1", "--augment", "flip,shift=2", "--optimizer", "sgd", "--lr", "0.05")
    let data = tool.folder.path + "/data"
    let second = try tool.run("train", "--config", "run/config.json", "--data", data, "--out", "again", "--json")
    #expect(second.status == 0, "\(second.error)")
    #expect(try first.json()["weights_sha256"] as? String == second.json()["weights_sha256"] as? String)
    #expect(try tool.folder.text("run/config.json") == tool.folder.text("again/config.json"))
  }

  @Test func threadsDoNotChangeTheWeights() throws {
    let tool = try Tool()
    let hashes = try ["1", "2", "3", "4"].map { threads in
      let flags = ["--epochs", "1", "--threads", threads, "--augment", "flip,shift=1,erase"]
      let data = try SmallData.write(in: tool.folder)
      let outcome = try tool.run(
        ["train", "--model", "lenet", "--data", data, "--out", "run-\(threads)", "--json"] + flags)
      return try outcome.json()["weights_sha256"] as? String
    }
    #expect(hashes[0] != nil)
    #expect(Set(hashes).count == 1, "\(hashes)")
  }

  @Test func theSeedChangesTheWeights() throws {
    let tool = try Tool()
    let one = try tool.trainSmall("--epochs", "1", "--seed", "1", into: "one").json()["weights_sha256"] as? String
    let two = try tool.trainSmall("--epochs", "1", "--seed", "2", into: "two").json()["weights_sha256"] as? String
    #expect(one != two)
  }

  @Test func runFoldersAreNumbered() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    for expected in ["runs/lenet-1", "runs/lenet-2"] {
      let outcome = try tool.run("train", "--model", "lenet", "--data", data, "--max-steps", "1", "--no-test", "--json")
      #expect(try outcome.json()["run"] as? String == expected)
    }
  }

  @Test func runsThatStartTogetherGetFoldersOfTheirOwn() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let command = "jacquard train --model lenet --data data --max-steps 1 --no-test --quiet --json"
    let outcome = try tool.shell("\(command) & \(command) & \(command) & wait")
    #expect(outcome.error == "")
    #expect(try tool.folder.names("runs") == ["lenet-1", "lenet-2", "lenet-3"])
  }

  @Test func trainingCanStartFromWeights() throws {
    let tool = try Tool()
    let first = try tool.trainSmall("--epochs", "4")
    let second = try tool.trainSmall(
      "--max-steps", "1", "--lr", "1e-9", "--init-from", "run/weights/last.safetensors", into: "second")
    let (before, after) = (try first.json()["test"] as? [String: Any], try second.json()["test"] as? [String: Any])
    #expect(before?["accuracy"] as? Double == after?["accuracy"] as? Double)
    #expect(
      abs(try #require(before?["loss"] as? Double) - #require(after?["loss"] as? Double)) < 1e-5)
  }

  @Test func maximumTimeEndsTheRunNormally() throws {
    let tool = try Tool()
    let outcome = try tool.trainSmall("--epochs", "100000", "--max-time", "0.3s")
    // More epochs are possible, so it is not finished; but it has a result.
    #expect(try tool.json("run/run.json")["status"] as? String == "stopped")
    #expect(try tool.json("run/run.json")["ended_by"] as? String == "max_time")
    #expect(try #require(outcome.json()["steps"] as? Int) < 1_000_000)
    #expect(try outcome.json()["test"] is [String: Any])
    #expect(outcome.error.hasSuffix("resume with: jacquard train --resume run\n"), "\(outcome.error)")
  }

  @Test func badFoldersAreRefusedBeforeTraining() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    try tool.folder.write("x", to: "full/x")
    let full = try tool.run("train", "--data", data, "--out", "full")
    #expect(
      full.error
        == "jacquard: error: --out full: the folder is not empty; name an empty or a new folder.\n")
    #expect(full.status == 73)
    #expect(try tool.folder.names("full") == ["x"])

    let file = try tool.run("train", "--data", data, "--out", "full/x")
    #expect(file.status == 73)
    let below = try tool.run("train", "--data", data, "--out", "full/x/y")
    #expect(below.error.contains("full/x"), "\(below.error)")
    #expect(below.errorLines.count == 1)
    #expect(below.status == 73)
  }

  @Test func modelsComeFromFilesToo() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    try tool.folder.write(
      #"{"name": "tiny net", "input_shape": [28, 28, 1], "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}"#,
      to: "tiny.json")
    let outcome = try tool.run("train", "--model", "tiny.json", "--data", data, "--max-steps", "2", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["run"] as? String == "runs/tiny-net-1")
    #expect(try outcome.json()["parameters"] as? Int == 7850)

    try tool.folder.write(#"{"name": "x", "input_shape": [28, 28, 1], "layer": []}"#, to: "wrong.json")
    let wrong = try tool.run("train", "--model", "wrong.json", "--data", data)
    #expect(wrong.error.hasPrefix("jacquard: error: wrong.json: "))
    #expect(wrong.error.contains("did you mean \"layers\"?"), "\(wrong.error)")
    #expect(wrong.errorLines.count == 1)
    #expect(wrong.status == 78)
  }

  @Test(arguments: [
    (["--model", "cnm"], "Unknown model 'cnm'. Did you mean 'cnn'?", Int32(64)),
    (["--model", "nowhere.json"], "nowhere.json: cannot read the file", 66),
    (["--init-from", "nowhere.safetensors"], "nowhere.safetensors: there is no such checkpoint", 66),
    (["--batch-size", "65536", "--model", "huge.json"], "choose a smaller batch.", 64),
    (["--validation", "200"], "validation: '200'", 64),
    (["--augment", "shift=28"], "augment: 'shift=28'", 64),
  ])
  func wrongInputsAreRefusedBeforeTraining(flags: [String], message: String, status: Int32) throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    let conv = #"{"type": "conv2d", "output_channels": 512, "kernel_size": 3, "padding": 1}"#
    try tool.folder.write(
      #"{"name": "huge", "input_shape": [28, 28, 1], "layers": ["#
        + Array(repeating: conv, count: 20).joined(separator: ",")
        + #", {"type": "global_average_pool"}, {"type": "dense", "output_features": 10}]}"#, to: "huge.json")
    let outcome = try tool.run(["train", "--data", data] + flags)
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.output == "")
    #expect(outcome.status == status)
    #expect(try !tool.folder.names().contains("runs"))
  }

  @Test func aModelOfAnotherShapeIsRefused() throws {
    let tool = try Tool()
    let data = try SmallData.write(in: tool.folder)
    try tool.folder.write(
      #"{"name": "wide", "input_shape": [32, 32, 3], "preprocessing": {"scale": 0.004, "mean": [0.5], "deviation": [0.5]}, "layers": [{"type": "flatten"}, {"type": "dense", "output_features": 10}]}"#,
      to: "wide.json")
    let outcome = try tool.run("train", "--model", "wide.json", "--data", data)
    #expect(outcome.error.contains("images are 28×28×1, but the model \"wide\" takes 32×32×3"), "\(outcome.error)")
    #expect(outcome.status == 65)
  }
}
