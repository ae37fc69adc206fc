import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --config` and `--print-config`.
struct ConfigurationTests {
  @Test func printsEveryDefault() throws {
    let outcome = try Tool().run("train", "--model", "cnn", "--print-config")
    #expect(
      outcome.output == """
        {
          "schema": 1,
          "model": "cnn",
          "epochs": 10,
          "max_steps": null,
          "max_time": null,
          "batch_size": 128,
          "optimizer": "adam",
          "lr": 0.001,
          "momentum": 0.0,
          "nesterov": false,
          "weight_decay": 0.0,
          "schedule": "cosine",
          "warmup_epochs": 0.0,
          "loss": "cross_entropy",
          "focal_gamma": 2.0,
          "class_weights": "none",
          "sampling": "once",
          "label_smoothing": 0.0,
          "clip_norm": null,
          "average": "none",
          "lookahead": "none",
          "hardest": 1.0,
          "prune": 0.0,
          "prune_begin": 0.1,
          "prune_end": 0.75,
          "init": "he",
          "whiten": false,
          "groups": null,
          "freeze": null,
          "unfreeze_after": null,
          "augment": "none",
          "validation": 0,
          "fold": null,
          "fold_groups": null,
          "exclude": null,
          "seed": 1,
          "threads": null,
          "shards": 8,
          "algorithm": "auto",
          "gemm": "blas",
          "from": null,
          "teacher": null,
          "teacher_temperature": 4.0,
          "teacher_weight": 0.7,
          "init_from": null,
          "save_every": null,
          "keep_states": null,
          "tensorboard": false,
          "early_stopping": null,
          "on_nan": "stop",
          "max_train": null,
          "image_size": null,
          "image_colors": "auto",
          "fit": "stretch",
          "invert": "no",
          "skip_broken": false,
          "shuffle": true,
          "test": true
        }

        """)
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test func flagsGoOverTheFileAndTheFileOverTheDefaults() throws {
    let tool = try Tool()
    try tool.folder.write(#"{"epochs": 3, "lr": 0.01, "shuffle": false, "validation": 0.1}"#, to: "a.json")
    let outcome = try tool.run("train", "--config", "a.json", "--lr", "0.02", "--optimizer", "adamw", "--print-config")
    let json = try outcome.json()
    #expect(json["epochs"] as? Int == 3)
    #expect(json["lr"] as? Double == 0.02)
    #expect(json["shuffle"] as? Bool == false)
    #expect(json["validation"] as? Double == 0.1)
    #expect(json["weight_decay"] as? Double == 0.01)
    #expect(json["batch_size"] as? Int == 128)
    #expect(outcome.status == 0)
  }

  @Test func flagsCanTakeBackWhatTheFileTurnedOff() throws {
    let tool = try Tool()
    try tool.folder.write(#"{"shuffle": false, "test": false}"#, to: "a.json")
    let json = try tool.run("train", "--config", "a.json", "--shuffle", "--print-config").json()
    #expect(json["shuffle"] as? Bool == true)
    #expect(json["test"] as? Bool == false)
  }

  @Test func whatIsPrintedReadsBackTheSame() throws {
    let tool = try Tool()
    let first = try tool.run(
      "train", "--print-config", "--model", "lenet", "--epochs", "4", "--max-steps", "9", "--max-time", "1h30m",
      "--batch-size", "64", "--optimizer", "sgd", "--lr", "0.1", "--momentum", "0.8", "--nesterov", "--weight-decay",
      "0.0005", "--schedule", "onecycle", "--warmup-epochs", "0.5", "--label-smoothing", "0.1", "--class-weights",
      "1,2,0.5", "--clip-norm", "1.5", "--average", "swa=0.6", "--lookahead", "6:0.8",
      "--init", "orthogonal", "--groups", "bn*.bias:rate=64;fc1.weight:rate=0.5,decay=0", "--augment",
      "flip,shift=2,erase", "--validation", "0.25", "--seed", "7", "--threads",
      "3", "--shards", "4", "--algorithm", "im2col", "--gemm", "naive", "--init-from", "w.safetensors",
      "--save-every", "30s", "--keep-states", "2", "--early-stopping", "3", "--on-nan", "rollback", "--max-train",
      "1000", "--no-shuffle",
      "--no-test")
    #expect(first.status == 0, "\(first.error)")
    #expect(try first.json()["save_every"] as? String == "30s")
    #expect(try tool.run("train", "--print-config", "--save-every", "5").json()["save_every"] as? Int == 5)
    #expect(try first.json()["max_time"] as? String == "5400s")
    #expect(try first.json()["augment"] as? String == "flip,shift=2,erase")
    try tool.folder.write(first.output, to: "a.json")
    let second = try tool.run("train", "--config", "a.json", "--print-config")
    #expect(second.output == first.output)
    #expect(second.status == 0)
  }

  @Test(arguments: [
    (
      #"{"groups": "bn"}"#,
      "\"groups\" must be a list such as bn*.bias:rate=64: 'bn': expected a pattern, a colon and settings, as in bn*.bias:rate=64."
    ),
    (
      #"{"groups": "bn:rate=-1"}"#,
      "\"groups\" must be a list such as bn*.bias:rate=64: 'rate=-1': expected rate=N, decay=N or epochs=N, with a number from 0 to 1000000."
    ),
    (#"{"epoch": 3}"#, "unknown key \"epoch\". Did you mean \"epochs\"?"),
    (#"{"colour": 3}"#, "unknown key \"colour\". 'jacquard train --print-config' shows all keys."),
    (#"{"epochs": 0}"#, "\"epochs\" must be a whole number from 1 to 100000, not 0."),
    (#"{"epochs": "3"}"#, "\"epochs\" must be a whole number from 1 to 100000, not \"3\"."),
    (#"{"epochs": null}"#, "\"epochs\" must be a whole number from 1 to 100000, not null."),
    (#"{"shuffle": "no"}"#, "\"shuffle\" must be true or false, not \"no\"."),
    (
      #"{"schedule": "cosin"}"#,
      "\"schedule\" must be constant, step, cosine, onecycle or linear, not \"cosin\". Did you mean 'cosine'?"
    ),
    (
      #"{"average": 0.999}"#,
      "\"average\" must be none, ema=DECAY or swa=SHARE, with a number of at least 0 and below 1, such as ema=0.999, not 0.999."
    ),
    (
      #"{"lookahead": 2.5}"#,
      "\"lookahead\" must be none, or steps from 1 to 100000 and a share above 0 and at most 1, such as 5 or 5:0.5, not 2.5."
    ),
    (#"{"schema": 2}"#, "\"schema\" must be 1, not 2; another version wrote this file."),
    (#"{"nesterov": true}"#, "nesterov needs the optimizer sgd with a momentum above 0, not adam with 0.0."),
    (#"[1]"#, #"a configuration is a JSON object, such as {"epochs": 10}."#),
    ("{\n  \"epochs\": 3,\n}", "line 3, column 1: expected a name in quotes, found '}'; correct the file."),
    ("{\"epochs\": 3, \"epochs\": 4}", "line 1, column 15: \"epochs\" occurs twice; correct the file."),
    ("{'epochs': 3}", "line 1, column 2: expected a name in quotes, found '\\''; correct the file."),
    (#"{"lr": -.5}"#, "line 1, column 8: '-.5' is not a number; correct the file."),
    ("", "line 1, column 1: expected a value, found the end of the text; correct the file."),
  ])
  func aWrongFileIsRefusedInOneLine(content: String, message: String) throws {
    let tool = try Tool()
    try tool.folder.write(content, to: "a.json")
    let outcome = try tool.run("train", "--config", "a.json")
    #expect(outcome.error == "jacquard: error: a.json: \(message)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 78)
  }

  @Test func aMissingFileIsMissingInput() throws {
    let outcome = try Tool().run("train", "--config", "a.json")
    #expect(outcome.error.hasPrefix("jacquard: error: a.json: cannot read the file: No such file or directory"))
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.status == 66)
  }
}
