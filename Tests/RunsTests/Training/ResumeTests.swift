import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --resume`: what continues, what may change, and what is rejected.
struct ResumeTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  /// A run that died after four of its six steps.
  private func interrupt(_ name: String = "run", _ flags: [String] = []) throws {
    // The fourth save of weights by a step; the first is before all steps, and that of the end of the first epoch is in between.
    let faults = ["FAULT_FOLDER": "\(name)/weights/last", "FAULT_AT": "6", "FAULT_ACTION": "kill"]
    try #require(try runs.begin(name, flags, faults: faults).status == 128 + SIGKILL)
    try #require(try runs.savedStep(name) == 4)
  }

  @Test(arguments: [
    ["--augment", "flip,shift=1"],
    ["--augment", "flip=alternate,rotate=10,randaugment=2:9,erase=1:0.4,cutout=4,mixup=0.4,cutmix=1"],
    ["--augment", "flip", "--hardest", "0.5"],
  ])
  func anotherThreadCountGivesTheSameBytes(flags: [String]) throws {
    let whole = try runs.begin("whole", flags).json()
    for threads in ["1", "2", "3", "8"] {
      try interrupt("run", flags)
      let outcome = try runs.resume("run", ["--threads", threads])
      #expect(outcome.status == 0)
      #expect(runs.differences("whole", "run") == [], "\(threads) threads")
      let json = try outcome.json()
      for key in ["epochs", "steps", "seed", "train", "validation", "test", "weights_sha256"] {
        #expect(json[key] as? NSObject == whole[key] as? NSObject, "\(key)")
      }
      #expect(try runs.events("run") == ["start", "epoch", "resume", "epoch", "finish"])
      let sessions = try #require(try runs.tool.json("run/run.json")["sessions"] as? [[String: Any]])
      #expect(sessions.map { $0["status"] as? String } == ["killed", "finished"])
      #expect(sessions.map { $0["first_step"] as? Int } == [0, 4])
      #expect(sessions.map { $0["threads"] as? Int } == [2, Int(threads)])
      runs.tool.folder.remove("run")
    }
  }

  @Test func aFinishedRunHasNothingToResume() throws {
    let first = try runs.begin("run")
    let before = TinyRun.files.map { runs.tool.folder.bytes("run/\($0)") }
    let outcome = try runs.tool.run("train", "--resume", "run/", "--json")
    #expect(
      outcome.error
        == "run: the run is finished, so there is nothing to resume; to train further, raise --epochs or --max-steps.\n"
    )
    #expect(outcome.output == first.output)
    #expect(outcome.status == 0)
    #expect(TinyRun.files.map { runs.tool.folder.bytes("run/\($0)") } == before)
    let text = try runs.tool.run("train", "--resume", "run", "--quiet")
    #expect(text.output.hasPrefix("run         run\nmodel       tiny, 1,058 parameters\n"), "\(text.output)")
    #expect(text.error == "")
    #expect(text.status == 0)
  }

  @Test func aFinishedRunIsOneOfItsData() throws {
    try #require(try runs.begin("run").status == 0)
    try SmallData.write(in: runs.tool.folder, folder: "other", training: 59, test: 20)
    let outcome = try runs.resume("run", ["--data", "other"])
    #expect(outcome.error.contains("run: the data differs: other/train-images-idx3-ubyte has"), "\(outcome.error)")
    #expect(outcome.status == 78)
    #expect(try runs.resume("run", ["--data", "data"]).status == 0)
  }

  /// A test set equal to the training set has the same fingerprint, and its absence is still detected.
  @Test func filesThatWereRemovedAreMissed() throws {
    for kind in ["images-idx3", "labels-idx1"] {
      try runs.tool.folder.write(
        try runs.tool.folder.content("data/train-\(kind)-ubyte"), to: "data/t10k-\(kind)-ubyte")
    }
    #expect(try runs.begin("run", ["--pause-after", "1"]).status == 0)
    for kind in ["images-idx3", "labels-idx1"] { runs.tool.folder.remove("data/t10k-\(kind)-ubyte") }
    let outcome = try runs.resume("run")
    #expect(outcome.status == 78)
    #expect(outcome.error.contains("the data differs: a file with the SHA-256"), "\(outcome.error)")
  }

  /// The state contains all of them, or the values that they are derived from.
  @Test(arguments: ["last", "best"], [[], ["--max-steps", "2"]])
  func weightsThatWereLostComeBack(name: String, flags: [String]) throws {
    _ = try runs.begin("whole", flags)
    _ = try runs.begin("run", flags)
    runs.tool.folder.remove("run/weights/\(name).safetensors")
    let outcome = try runs.resume("run")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "finished")
  }

  @Test func epochsMayGrow() throws {
    _ = try runs.begin("run")
    let outcome = try runs.tool.run("train", "--resume", "run", "--epochs", "4", "--json")
    #expect(outcome.status == 0)
    #expect(try outcome.json()["steps"] as? Int == 12)
    #expect(outcome.error.contains("the cosine schedule now ends with step 12 instead of 6"), "\(outcome.error)")
    let rows = try runs.tool.folder.text("run/metrics.csv").split(separator: "\n")
    #expect(rows.dropFirst().map { $0.prefix(2) } == ["1,", "2,", "3,", "4,"])
    #expect(try runs.tool.json("run/config.json")["epochs"] as? Int == 4)

    // The same run, interrupted in between, gives the same result; a constant rate is not affected at all.
    try interrupt("other", ["--schedule", "constant"])
    #expect(try runs.resume("other", ["--epochs", "3"]).status == 0)
    _ = try runs.begin("whole", ["--schedule", "constant", "--epochs", "3"])
    #expect(runs.differences("whole", "other") == [])
  }

  @Test func stepsMayGrow() throws {
    _ = try runs.begin("whole", ["--schedule", "constant"])
    let part = try runs.begin("run", ["--schedule", "constant", "--max-steps", "4"])
    #expect(try part.json()["steps"] as? Int == 4)
    #expect(try runs.tool.json("run/run.json")["ended_by"] as? String == "max_steps")
    // The row of the epoch that was cut short is removed.
    #expect(try runs.tool.folder.text("run/metrics.csv").contains("\n2,4,"))
    #expect(try runs.resume("run", ["--max-steps", "6"]).status == 0)
    // `max_steps` is part of the weights' provenance, so only the rows are compared.
    #expect(runs.differences("whole", "run") == ["weights/last.safetensors", "weights/best.safetensors"])
  }

  @Test(arguments: [
    (["--lr", "0.1"], "run: \"lr\" was 0.01 when the run began, and is now 0.1; restore it, or start a new run."),
    (["--seed", "2"], "run: \"seed\" was 1 when the run began, and is now 2; restore it, or start a new run."),
    (["--shards", "4"], "run: \"shards\" was 8 when the run began, and is now 4; restore it, or start a new run."),
    (["--no-test"], "run: \"test\" was true when the run began, and is now false; restore it, or start a new run."),
    (
      ["--model", "lenet"],
      "run: \"model\" was \"tiny.json\" when the run began, and is now \"lenet\"; restore it, or start a new run."
    ),
    (["--epochs", "1"], "run: \"epochs\" may grow when a run is resumed, but not shrink; it was 2 and is now 1."),
    (
      ["--max-steps", "5"],
      "run: \"max_steps\" may grow when a run is resumed, but not shrink; it was null and is now 5."
    ),
  ])
  func otherSettingsAreRefusedByTheirKey(flags: [String], message: String) throws {
    try interrupt()
    let before = runs.tool.folder.bytes("run/state/last.safetensors")
    let outcome = try runs.resume("run", flags)
    #expect(outcome.error == "jacquard: error: \(message)\n")
    #expect(outcome.status == 78)
    #expect(runs.tool.folder.bytes("run/state/last.safetensors") == before)
    #expect(try runs.resume("run").status == 0)
  }

  @Test func aConfigurationThatWasEditedIsRefused() throws {
    try interrupt()
    let edited = try runs.tool.folder.text("run/config.json").replacing("\"lr\": 0.01", with: "\"lr\": 0.02")
    try runs.tool.folder.write(edited, to: "run/config.json")
    let outcome = try runs.resume("run")
    #expect(outcome.error.contains("\"lr\" was 0.01 when the run began, and is now 0.02"), "\(outcome.error)")
    #expect(outcome.status == 78)
  }

  @Test func aModelThatWasChangedIsRefused() throws {
    try interrupt()
    let model = try runs.tool.folder.text("tiny.json")
    try runs.tool.folder.write(model.replacing("0.2", with: "0.3"), to: "tiny.json")
    let outcome = try runs.resume("run")
    #expect(
      outcome.error
        == "jacquard: error: run: the model \"tiny.json\" is not the one that the run began with: "
        + "layers[5].rate (0.2, now 0.3) differs; restore the original, or start a new run.\n")
    #expect(outcome.status == 78)
    // The state contains the model, so the file may be missing.
    runs.tool.folder.remove("tiny.json")
    #expect(try runs.resume("run").status == 0)
  }

  @Test func dataThatWasChangedIsRefused() throws {
    try SmallData.write(in: runs.tool.folder, folder: "copy", training: 60, test: 20)
    try interrupt()
    let path = runs.tool.folder.path + "/data/train-images-idx3-ubyte"
    var images = try Data(contentsOf: URL(fileURLWithPath: path))
    images[20_000] ^= 1
    try images.write(to: URL(fileURLWithPath: path))
    let outcome = try runs.resume("run")
    #expect(
      outcome.error.hasPrefix("jacquard: error: run: the data differs: data/train-images-idx3-ubyte has the SHA-256 "),
      "\(outcome.error)")
    #expect(outcome.status == 78)
    // The same data in another place is the same data.
    #expect(try runs.resume("run", ["--data", "copy"]).status == 0)
    _ = try runs.begin("whole", ["--data", "copy"])
    #expect(runs.differences("whole", "run") == [])
  }

  /// Class names are data: another order of names gives labels another meaning.
  @Test func namesOfClassesThatWereChangedAreRefused() throws {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    let file = "data/classes.txt"
    try runs.tool.folder.write(names.joined(separator: "\n"), to: file)
    #expect(try runs.begin("run", ["--model", "lenet", "--max-steps", "2"]).status == 0)
    try runs.tool.folder.write(names.reversed().joined(separator: "\n"), to: file)
    let changed = try runs.resume("run", ["--max-steps", "4"])
    #expect(changed.status == 78)
    #expect(changed.error.contains("the data differs: data/classes.txt has the SHA-256"), "\(changed.error)")
    runs.tool.folder.remove(file)
    let missing = try runs.resume("run", ["--max-steps", "4"])
    #expect(missing.status == 78)
    #expect(missing.error.contains("the data differs: a file with the SHA-256"), "\(missing.error)")
    try runs.tool.folder.write(names.joined(separator: "\n"), to: file)
    #expect(try runs.resume("run", ["--max-steps", "4"]).status == 0)
  }

  @Test func whatIsNoRunIsRefused() throws {
    let missing = try runs.resume("nowhere")
    #expect(missing.error == "jacquard: error: --resume nowhere: there is no such run folder.\n")
    #expect(missing.status == 66)
    let other = try runs.resume("data")
    #expect(
      other.error == "jacquard: error: --resume data: not a run folder; data/config.json is missing.\n")
    #expect(other.status == 66)
    _ = try runs.begin("run")
    runs.tool.folder.remove("run/state/last.safetensors")
    let old = try runs.resume("run")
    #expect(old.error.contains("there are weights but no state to resume from"), "\(old.error)")
    #expect(old.status == 66)
  }

  @Test func damagedFilesAreRefused() throws {
    try interrupt()
    let state = SafetensorsSurgery.withoutChecksum(
      try #require(runs.tool.folder.bytes("run/state/last.safetensors")))
    let events = try #require(runs.tool.folder.bytes("run/events.jsonl"))
    func refusal(_ damage: (inout Data) throws -> Void) throws -> Tool.Outcome {
      var damaged = state
      try damage(&damaged)
      try runs.tool.folder.write(damaged, to: "run/state/last.safetensors")
      return try runs.resume("run")
    }
    func replacing(_ old: String, _ new: String) throws -> Tool.Outcome {
      try refusal { bytes in
        precondition(old.utf8.count == new.utf8.count)
        let range = try #require(bytes.range(of: Data(old.utf8)), "\(old)")
        bytes.replaceSubrange(range, with: Data(new.utf8))
      }
    }
    let cut = try refusal { $0.removeLast() }
    #expect(cut.error.contains("run/state/last.safetensors: not an acceptable safetensors file"), "\(cut.error)")
    #expect(cut.status == 65)
    for (old, new, message) in [
      (#"\"step\":4"#, #"\"step\":5"#, "step 5 is not 20 images into epoch 2; the state is damaged"),
      (#"\"position\":20"#, #"\"position\":21"#, "step 4 is not 21 images into epoch 2"),
      (
        #"\"epoch\":2"#, #"\"epoch\":0"#,
        #""jacquard.state.progress.epoch" must be a whole number from 1 on, but is 0"#
      ),
      (#"\"images\":20"#, #"\"images\":99"#, #"progress.images" must be a whole number from 0 to 20, but is 99"#),
      (#"\"progress\""#, #"\"digress_\""#, #""jacquard.state.progress" must be an object, but is missing"#),
      ("moment.0/conv1.bias", "moment.2/conv1.bias", #"the tensor "moment.0/conv1.bias" [4] is missing"#),
    ] {
      let outcome = try replacing(old, new)
      #expect(outcome.error.contains(message), "\(outcome.error)")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.status == 65, "\(new)")
    }
    let far = try refusal {
      $0 = try SafetensorsSurgery.replacing(#"\"position\":20"#, with: #"\"position\":\#(Int.max)"#, in: $0)
    }
    #expect(far.error.contains("step 4 is not \(Int.max) images into epoch 2; the state is damaged"), "\(far.error)")
    #expect(far.status == 65)
    try runs.tool.folder.write(state, to: "run/state/last.safetensors")
    try runs.tool.folder.write(events.prefix(40), to: "run/events.jsonl")
    let short = try runs.resume("run")
    #expect(
      short.error.contains("run/events.jsonl: cannot read the file: it has 40 bytes, but "), "\(short.error)")
    #expect(short.status == 65)
    try runs.tool.folder.write(events, to: "run/events.jsonl")
    #expect(try runs.resume("run").status == 0)
  }

  @Test func whatIsNewerThanTheStateIsCutBack() throws {
    _ = try runs.begin("whole")
    try interrupt()
    let metrics = try runs.tool.folder.text("run/metrics.csv")
    try runs.tool.folder.write(metrics + "2,6,0.1,0.1,0.1,0.1,0.1\n3,", to: "run/metrics.csv")
    try runs.tool.folder.write("newer", to: "run/weights/best.safetensors")
    runs.tool.folder.remove("run/weights/last.safetensors")
    try runs.tool.folder.write("left behind", to: "run/weights/.jacquard-1.tmp")
    #expect(try runs.resume("run").status == 0)
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.tool.folder.names("run/weights") == ["best.safetensors", "last.safetensors"])
  }

  @Test func onlyOneProcessWorksOnARun() throws {
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      '\(Tool.path)' train --out run \(TinyRun.recipe.joined(separator: " ")) --epochs 100000 > first & process=$!
      await $process '[ -s run/state/last.safetensors ]'
      jacquard train --resume run; echo "resume $?"
      jacquard train --out run --model tiny.json --data data; echo "out $?"
      kill -KILL $process; wait $process
      jacquard train --resume run --quiet --max-time 0.01s > /dev/null; echo "after $?"
      """)
    #expect(outcome.output == "resume 73\nout 73\nafter 0\n")
    let refusal =
      /jacquard: error: run: another process \(\d+\) is training this run; wait until it has ended, or stop it\./
    #expect(outcome.errorLines.count { $0.wholeMatch(of: refusal) != nil } == 2, "\(outcome.error)")
  }
}
