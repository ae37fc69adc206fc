import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `reproduce`: a run gives the same result again, or the command says what differs.
struct ReproduceTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  @Test func aRunComesOutAgainOnAnyNumberOfThreads() throws {
    let trained = try runs.begin("run").json()
    let before = try runs.snapshot("run")
    for threads in ["1", "2", "3", "8"] {
      let json = try runs.expectSame("run", ["--threads", threads])
      #expect(json["schema"] as? Int == 1)
      #expect(json["run"] as? String == "run")
      #expect(json["model"] as? String == "tiny")
      #expect(json["file"] as? String == "weights/last.safetensors")
      #expect(json["epochs"] as? [String: Int] == ["first": 1, "last": 2])
      #expect(json["steps"] as? [String: Int] == ["first": 0, "last": 6])
      #expect(json["threads"] as? Int == Int(threads))
      let hash = try #require(trained["weights_sha256"] as? String)
      #expect(json["weights_sha256"] as? [String: String] == ["recorded": hash, "now": hash])
      let digests = try #require(json["tensors_sha256"] as? [String: String])
      #expect(digests["recorded"] == digests["now"] && digests["now"] != hash)
      let tensors = try #require(json["tensors"] as? [String: Any])
      #expect(tensors["values"] as? Int == 1066, "1,058 parameters, and 8 statistics")
      #expect(tensors["different"] as? Int == 0)
      #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 2)
      #expect((json["differences"] as? [Any])?.isEmpty == true)
      #expect((json["notes"] as? [Any])?.isEmpty == true)
      #expect(json["out"] is NSNull && json["from_state"] is NSNull)
    }
    #expect(try runs.snapshot("run") == before, "nothing is written into the run")
    #expect(Set(try runs.tool.folder.names()) == ["data", "run", "tiny.json"])
  }

  @Test func peopleReadWhatWasCompared() throws {
    let hash = try #require(try runs.begin("run").json()["weights_sha256"] as? String)
    let outcome = try runs.tool.run("reproduce", "run/", "--threads", "1")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let time = try #require(lines.first { $0.hasPrefix("trained ") })
    #expect(time.wholeMatch(of: /trained      epochs 1\.\.2, 6 steps in .*/) != nil, "\(time)")
    #expect(
      lines.filter { $0 != time } == [
        "run          run",
        "compared     weights/last.safetensors: 8 tensors, 1,066 numbers",
        "SHA-256 of   the weights file",
        "recorded     \(hash)",
        "now          \(hash)",
        "metrics.csv  2 rows, the same",
        "result       the same, bit for bit",
      ])
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(outcome.errorLines.first == "training tiny of run again on 45 images: epochs 1..2, steps 1 to 6")
    #expect(outcome.errorLines.dropFirst().map { $0.prefix(9) } == ["epoch 1/2", "epoch 2/2"])
    #expect(outcome.status == 0)
    let quiet = try runs.tool.run("reproduce", "run", "--quiet")
    #expect(quiet.error == "" && quiet.status == 0)
    #expect(try runs.tool.run("reproduce", "run", "--progress", "none").errorLines.count == 1)
  }

  /// Kernels without fused multiply-add give other bits; the processor may lack the instructions that the others need.
  @Test(.enabled(if: hasAVX2, "the processor runs one family of kernels only"))
  func otherKernelsAreFound() throws {
    var tool = runs.tool
    tool.environment = ["OPENBLAS_CORETYPE": "Haswell"]
    try #require(try tool.run(["train", "--out", "run"] + TinyRun.recipe).status == 0)
    let other = ["OPENBLAS_CORETYPE": "Prescott"]
    let outcome = try runs.reproduce("run", environment: other)
    #expect(outcome.status == 3)
    let json = try outcome.json()
    #expect(json["same"] as? Bool == false)
    let differences = try #require(json["differences"] as? [[String: Any]])
    let kernels = try #require(differences.first { $0["what"] as? String == "blas_core" })
    #expect(kernels["recorded"] as? String == "Haswell" && kernels["now"] as? String == "Prescott")
    let tensors = try #require(json["tensors"] as? [String: Any])
    #expect(tensors["first_different"] as? String == "conv1.weight")
    let largest = try #require(tensors["largest_difference"] as? Double)
    #expect(largest > 0 && largest < 0.1)
    #expect(outcome.errorLines.count == 1)
    #expect(
      outcome.error.hasPrefix("jacquard: error: run: weights/last.safetensors differs: "), "\(outcome.error)"
    )
    for part in [
      "first conv1.weight, by at most ", "blas_core Haswell (now Prescott)",
      "; --gemm portable trains to the same bits on every processor with FMA.",
    ] {
      #expect(outcome.error.contains(part), "\(outcome.error)")
    }
    tool.environment = other
    let text = try tool.run("reproduce", "run", "--progress", "none")
    #expect(text.output.contains("differs      blas_core: Haswell, now Prescott\n"), "\(text.output)")
    #expect(text.output.hasSuffix("result       different\n"))
    #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    // The hash of the file shows this without the file, which names the kernels itself.
    runs.tool.folder.remove("run/weights")
    #expect(try runs.reproduce("run", environment: other).status == 3)
    tool.environment = ["OPENBLAS_CORETYPE": "Haswell"]
    #expect(try tool.run("reproduce", "run", "--quiet").status == 0)
  }

  /// Results that do not use BLAS do not depend on its kernels, nor on the width of the vectors.
  @Test(.enabled(if: hasAVX2, "the processor runs one family of kernels only"))
  func portableProductsComeOutTheSameWithAllKernels() throws {
    var tool = runs.tool
    tool.environment = ["OPENBLAS_CORETYPE": "Haswell"]
    try #require(try tool.run(["train", "--out", "run", "--gemm", "portable"] + TinyRun.recipe).status == 0)
    for vectors in ["avx512", "avx2"] {
      let outcome = try runs.reproduce(
        "run", environment: ["OPENBLAS_CORETYPE": "Prescott", "JACQUARD_VECTORS": vectors])
      #expect(outcome.status == 0 && outcome.error == "", "\(vectors): \(outcome.error)")
      let json = try outcome.json()
      #expect(json["same"] as? Bool == true && json["gemm"] as? String == "portable")
      #expect((json["differences"] as? [[String: Any]])?.contains { $0["what"] as? String == "blas_core" } == true)
    }
    let plain = try runs.reproduce("run", environment: ["JACQUARD_VECTORS": "plain"]).json()
    let differences = try #require(plain["differences"] as? [[String: Any]])
    #expect(differences.contains { $0["what"] as? String == "vectors" && $0["now"] as? String == "plain" })
    // The weights file does not name them either, so its hash is the same.
    runs.tool.folder.remove("run/weights")
    #expect(try runs.reproduce("run", environment: ["OPENBLAS_CORETYPE": "Prescott"]).status == 0)
  }

  private static var hasAVX2: Bool {
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains(" avx2 ") ?? false
  }

  /// A run that was killed has no recorded hash: its weights are compared directly.
  @Test func oneBitIsADifference() throws {
    let faults = ["FAULT_FOLDER": "run/weights/last", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    try #require(try runs.begin("run", faults: faults).status == 128 + SIGKILL)
    let json = try runs.expectSame("run")
    #expect((json["notes"] as? [String])?.count == 1)
    #expect((json["notes"] as? [String])?.first?.contains("recorded no SHA-256") == true)
    // Changed on purpose: the checksum rejects damage.
    try runs.flipBit(in: "run/weights/last.safetensors")
    let changed = try #require(runs.tool.folder.bytes("run/weights/last.safetensors"))
    try runs.tool.folder.write(SafetensorsSurgery.withoutChecksum(changed), to: "run/weights/last.safetensors")
    let outcome = try runs.reproduce("run")
    #expect(outcome.status == 3)
    let tensors = try #require(try outcome.json()["tensors"] as? [String: Any])
    #expect(tensors["different"] as? Int == 1 && tensors["different_values"] as? Int == 1)
    #expect(
      outcome.error.contains("; version, processor, BLAS and kernels are the same as in the run."), "\(outcome.error)")
  }

  @Test func aRunWhoseFilesContradictEachOtherIsRefused() throws {
    try #require(try runs.begin("run").status == 0)
    let (folder, configuration) = (runs.tool.folder, try runs.tool.folder.text("run/config.json"))
    try folder.write(configuration.replacing("\"seed\": 1", with: "\"seed\": 2"), to: "run/config.json")
    var outcome = try runs.reproduce("run")
    #expect(
      outcome.error
        == "jacquard: error: run/config.json: \"seed\" is 2, but the run was trained with 1, as run/weights/last.safetensors "
        + "says; restore the file.\n")
    #expect(outcome.status == 65 && outcome.output == "")
    // Settings that affect no number may change.
    try folder.write(configuration.replacing("\"threads\": 2", with: "\"threads\": 1"), to: "run/config.json")
    #expect(try runs.expectSame("run")["threads"] as? Int == 1)
    try folder.write(configuration, to: "run/config.json")

    try runs.flipBit(in: "run/weights/last.safetensors")
    outcome = try runs.reproduce("run")
    #expect(
      outcome.error.contains(
        /^jacquard: error: run\/weights\/last.safetensors: the file has the SHA-256 [0-9a-f]{64}, but the run ended with/
      ), "\(outcome.error)")
    #expect(outcome.status == 65 && outcome.errorLines.count == 1)
    try runs.flipBit(in: "run/weights/last.safetensors")
    try runs.expectSame("run")
  }

  @Test func onlyTheRunsDataWillDo() throws {
    try #require(try runs.begin("run").status == 0)
    try SmallData.write(in: runs.tool.folder, folder: "copy", training: 60, test: 20)
    try SmallData.write(in: runs.tool.folder, folder: "other", training: 59, test: 20)
    try runs.expectSame("run", ["--data", "copy"])
    let other = try runs.tool.run("reproduce", "run", "--data", "other")
    #expect(
      other.error.contains(
        /^jacquard: error: run: the data differs: other\/train-images-idx3-ubyte has the SHA-256 [0-9a-f]{64}, but the run began with [0-9a-f]{64}; name the run's data with --data\.\n$/
      ), "\(other.error)")
    #expect(other.output == "" && other.status == 78)
    // A message about the pixels would be misleading if the data is not the run's.
    runs.tool.folder.remove("data")
    let pixels = try runs.tool.folder.content("other/train-images-idx3-ubyte")
    try runs.tool.folder.write(Array(pixels.prefix(100)), to: "other/train-images-idx3-ubyte")
    #expect(try runs.reproduce("run", ["--data", "other"]).error.contains("the data differs"))
    let gone = try runs.reproduce("run", ["--data", "nowhere"])
    #expect(gone.status == 66 && gone.errorLines.count == 1, "\(gone.error)")
    try runs.expectSame("run", ["--data", "copy"])
  }

  /// As with a resumed run, only the threads of the environment count.
  @Test func theEnvironmentChangesNoSetting() throws {
    try #require(try runs.begin("run").status == 0)
    let outcome = try runs.reproduce("run", environment: ["JACQUARD_SEED": "7", "JACQUARD_THREADS": "3"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try outcome.json()["threads"] as? Int == 3)
  }

  @Test func whatIsTrainedCanBeKept() throws {
    try #require(try runs.begin("run", ["--keep-states", "2"]).status == 0)
    let before = try runs.snapshot("run")
    let json = try runs.expectSame("run", ["--out", "again", "--threads", "1"])
    #expect(json["out"] as? String == "again")
    #expect(runs.differences("run", "again") == [])
    #expect(try runs.tool.folder.names("again/state") == ["epoch-2.safetensors", "last.safetensors"])
    #expect(try runs.tool.json("again/run.json")["status"] as? String == "finished")
    #expect(try runs.tool.json("again/run.json")["ended_by"] as? String == "epochs")
    let results = try ["run", "again"].map {
      try #require(runs.tool.json("\($0)/run.json")["result"] as? [String: Any])
    }
    for key in ["epochs", "steps", "train", "validation", "test", "weights_sha256"] {
      #expect(results[0][key] as? NSObject == results[1][key] as? NSObject, "\(key)")
    }
    for folder in ["again", "run", "run/"] {
      let refused = try runs.reproduce("run", ["--out", folder])
      #expect(refused.status == 73, "\(refused.error)")
    }
    #expect(try runs.snapshot("run") == before)
    try runs.expectSame("again")
  }

  @Test(arguments: [
    (["reproduce"], "Missing expected argument '<run>'. See 'jacquard reproduce --help' for more information."),
    (
      ["reproduce", "run", "--epoch", "1"],
      "Unknown option '--epoch'. Did you mean '--epochs'? See 'jacquard reproduce --help' for more information."
    ),
    (["reproduce", "run", "--threads", "0"], "--threads must be a whole number from 1 to 256, not '0'."),
    (["reproduce", "run", "--epochs", "0"], "--epochs must be an epoch or a range such as 7..8, not '0'."),
    (["reproduce", "run", "--epochs", "8..7"], "--epochs must be an epoch or a range such as 7..8, not '8..7'."),
    (["reproduce", "run", "--epochs", "7-8"], "--epochs must be an epoch or a range such as 7..8, not '7-8'."),
    (["reproduce", "run", "--epochs", "-1"], "--epochs must be an epoch or a range such as 7..8, not '-1'."),
    (["reproduce", "run", "--epochs", "1..2..3"], "--epochs must be an epoch or a range such as 7..8, not '1..2..3'."),
    (["reproduce", "run", "--epochs", "+1"], "--epochs must be an epoch or a range such as 7..8, not '+1'."),
    (
      ["reprodce", "run"],
      "Unknown verb 'reprodce'. Did you mean 'reproduce'? See 'jacquard --help' for more information."
    ),
  ])
  func wrongUsageIsRefusedInOneLine(arguments: [String], message: String) throws {
    let outcome = try Tool().run(arguments)
    #expect(outcome.error.hasPrefix("jacquard: error: \(message)"), "\(outcome.error)")
    #expect(outcome.errorLines.count == 1 && outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func whatIsNoRunIsRefused() throws {
    try #require(try runs.begin("run").status == 0)
    for (name, message) in [
      ("nowhere", "nowhere: there is no such run folder."),
      ("data", "data: not a run folder; data/config.json is missing."),
      (
        "run/weights/last.safetensors",
        "run/weights/last.safetensors: this is a file, not a run folder; name a run folder, such as run."
      ),
      ("run/config.json", "run/config.json: this is a file, not a run folder; name a run folder."),
    ] {
      let outcome = try runs.reproduce(name)
      #expect(outcome.error == "jacquard: error: \(message)\n")
      #expect(outcome.status == 66 && outcome.output == "")
    }
  }

  /// Each file of a run in turn is missing or broken.
  @Test func brokenRunsAreRefusedByTheFile() throws {
    try #require(try runs.begin("run").status == 0)
    let folder = runs.tool.folder
    func refusal(_ name: String, _ content: String?) throws -> Tool.Outcome {
      let whole = try #require(folder.bytes(name))
      if let content { try folder.write(content, to: name) } else { folder.remove(name) }
      let outcome = try runs.reproduce("run")
      try folder.write(whole, to: name)
      return outcome
    }
    let events = try folder.text("run/events.jsonl")
    for (name, content, status, message) in [
      ("run/config.json", "{\"epochs\": 2,}", Int32(78), "run/config.json: line 1, column 14: expected"),
      ("run/config.json", "{\"epoch\": 2}", 78, "run/config.json: unknown key \"epoch\". Did you mean \"epochs\"?"),
      ("run/run.json", nil, 66, "run/run.json is missing, and no other file records the run's data"),
      ("run/run.json", "{}", 65, "run/run.json: this is not the record of a run; the file is damaged."),
      (
        "run/run.json", "{\"schema\": 1, \"sessions\": []}", 65,
        "run/run.json: the record does not name the run's data"
      ),
      ("run/events.jsonl", "nothing\n", 65, "run/events.jsonl: line 1 is not an event; the file is damaged."),
      ("run/events.jsonl", "", 65, "run/events.jsonl: the run's beginning is missing; the file is damaged."),
      (
        "run/events.jsonl", "{\"event\":\"start\"}\n", 65,
        "run/events.jsonl: line 1 does not record how the run continued; the file is damaged."
      ),
      (
        "run/events.jsonl", events.replacing("\"lr\":0.01", with: "\"lr\":0.02"), 65,
        "run/config.json: \"lr\" is 0.01, but the run was trained with 0.02, as run/events.jsonl says"
      ),
    ] as [(String, String?, Int32, String)] {
      let outcome = try refusal(name, content)
      #expect(outcome.error.hasPrefix("jacquard: error: \(message)"), "\(outcome.error)")
      #expect(outcome.errorLines.count == 1 && outcome.output == "")
      #expect(outcome.status == status, "\(outcome.error)")
    }
    // An incomplete line is ignored, and so is a table that others have written.
    try folder.write(events + "{\"event\":", to: "run/events.jsonl")
    try folder.write("epoch,loss\n1,2\n", to: "run/metrics.csv")
    let json = try runs.expectSame("run")
    #expect((json["metrics"] as? [String: Any])?["epochs"] as? Int == 0)
  }

  /// A record alone, as one keeps it with a paper, still shows whether the weights are reproduced.
  @Test func theHashServesWhereTheWeightsAreGone() throws {
    let trained = try runs.begin("run").json()
    for name in ["weights", "state", "events.jsonl", "metrics.csv"] { runs.tool.folder.remove("run/\(name)") }
    let json = try runs.expectSame("run", compared: "weights_sha256")
    let hash = try #require(trained["weights_sha256"] as? String)
    #expect(json["weights_sha256"] as? [String: String] == ["recorded": hash, "now": hash])
    #expect(json["tensors"] is NSNull && json["tensors_sha256"] is NSNull)
    let record = try runs.tool.folder.text("run/run.json")
    try runs.tool.folder.write(record.replacing(hash, with: String(repeating: "0", count: 64)), to: "run/run.json")
    let other = try runs.reproduce("run")
    #expect(other.error.contains("run: the weights file would have a different SHA-256; version,"), "\(other.error)")
    #expect(other.status == 3)
    try runs.tool.folder.write(record.replacing("\"weights_sha256\"", with: "\"hash\""), to: "run/run.json")
    let nothing = try runs.reproduce("run")
    #expect(nothing.error.contains("there is nothing to compare with."), "\(nothing.error)")
    #expect(nothing.status == 66)
  }

  @Test func theModelIsTheRuns() throws {
    try #require(try runs.begin("run").status == 0)
    let model = try runs.tool.folder.text("tiny.json")
    try runs.tool.folder.write(model.replacing("0.2", with: "0.3"), to: "tiny.json")
    let outcome = try runs.reproduce("run")
    #expect(
      outcome.error.hasPrefix(
        "jacquard: error: run: the model \"tiny.json\" is not the one that was trained: layers[5].rate (0.2, now 0.3) differs;"
      ), "\(outcome.error)")
    #expect(outcome.status == 78)
    // The weights contain the model, so its file may be missing.
    runs.tool.folder.remove("tiny.json")
    try runs.expectSame("run")
    try #require(try runs.begin("named", ["--model", "lenet"]).status == 0)
    try runs.expectSame("named")
  }

  @Test func theWeightsItStartedFromAreTheRuns() throws {
    try #require(try runs.begin("first").status == 0)
    try #require(try runs.begin("run", ["--init-from", "first", "--lr", "0.001"]).status == 0)
    let recorded = try #require(try runs.tool.json("run/run.json")["provenance"] as? [String: Any])
    let file = try #require(recorded["init_from"] as? [String: String])
    #expect(file["path"] == "first/weights/last.safetensors")
    let hash = try #require(try runs.tool.json("first/run.json")["result"] as? [String: Any])["weights_sha256"]
    #expect(file["sha256"] == hash as? String)
    try runs.expectSame("run")
    // It is known after resuming too.
    #expect(try runs.resume("run", ["--epochs", "3"]).status == 0)
    #expect(
      (try runs.tool.json("run/run.json")["provenance"] as? [String: Any])?["init_from"] as? [String: String] == file)
    try runs.expectSame("run")

    try runs.tool.folder.write(try runs.tool.folder.content("first/weights/last.safetensors"), to: "copy.safetensors")
    try runs.flipBit(in: "first/weights/last.safetensors")
    let other = try runs.reproduce("run")
    #expect(
      other.error.contains("the initial weights differ: first/weights/last.safetensors has"),
      "\(other.error)")
    #expect(other.status == 78)
    try runs.expectSame("run", ["--init-from", "copy.safetensors"])
    runs.tool.folder.remove("first")
    #expect(try runs.reproduce("run").status == 66)
    try runs.expectSame("run", ["--init-from", "copy.safetensors"])
    // An older record does not contain the file's hash.
    let record = try runs.tool.folder.text("run/run.json")
    try runs.tool.folder.write(record.replacing("\"init_from\"", with: "\"init\""), to: "run/run.json")
    let json = try runs.expectSame("run", ["--init-from", "copy.safetensors"])
    #expect((json["notes"] as? [String])?.first?.contains("so they may have changed") == true)
    try #require(try runs.begin("plain").status == 0)
    #expect(try runs.reproduce("plain", ["--init-from", "copy.safetensors"]).status == 64)
  }
}
