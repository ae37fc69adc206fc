import CommandTestSupport
import TestSupport
import Testing

/// Wrong command lines: one line on standard error, exit code 64, nothing on standard output.
struct UsageTests {
  @Test(arguments: [
    (["trian"], "Unknown verb 'trian'. Did you mean 'train'? See 'jacquard --help' for more information."),
    (
      ["data", "verfy"], "Unknown verb 'verfy'. Did you mean 'verify'? See 'jacquard data --help' for more information."
    ),
    (
      ["bench", "modle"],
      "Unknown verb 'modle'. Did you mean 'model'? See 'jacquard bench --help' for more information."
    ),
    (["help", "docter"], "Unknown verb 'docter'. Did you mean 'doctor'? See 'jacquard --help' for more information."),
    (
      ["train", "--epcohs", "3"],
      "Unknown option '--epcohs'. Did you mean '--epochs'? See 'jacquard train --help' for more information."
    ),
    (
      ["quantize", "run", "--images", "0"],
      "--images must be a whole number from 1 to 1000000, not '0'. See 'jacquard quantize --help' for more information."
    ),
    (
      ["quantize", "run", "--percentile", "50"],
      "--percentile must be a number above 50 and at most 100, not '50.0'. See 'jacquard quantize --help' for more information."
    ),
    (
      ["quantize", "run", "--out", "a.onnx"],
      "--out must end in .safetensors, not 'a.onnx'; 'export' writes the result in other formats. See 'jacquard quantize --help' for more information."
    ),
    (["doctor", "now"], "Unexpected argument 'now'. See 'jacquard doctor --help' for more information."),
    (["explain", "run"], "Name an input, or use --mistakes. See 'jacquard explain --help' for more information."),
    (
      ["explain", "run", "a.png", "--mistakes"],
      "--mistakes cannot be combined with inputs. See 'jacquard explain --help' for more information."
    ),
    (
      ["explain", "run", "a.png", "--count", "3"],
      "--count needs --mistakes. See 'jacquard explain --help' for more information."
    ),
    (
      ["explain", "run", "a.png", "--patch", "3"],
      "--patch needs --method occlusion. See 'jacquard explain --help' for more information."
    ),
    (
      ["explain", "run", "a.png", "--method", "gradient", "--layer", "x"],
      "--layer needs --method gradcam. See 'jacquard explain --help' for more information."
    ),
    (
      ["explain", "run", "--mistakes", "--count", "0"],
      "--count must be a whole number from 1 to 200, not '0'. See 'jacquard explain --help' for more information."
    ),
    (
      ["runs", "--sort", "acuracy"],
      "--sort must be name, state, started, epochs, accuracy, loss or seconds, or the key of a setting, not 'acuracy'. Did you mean 'accuracy'? See 'jacquard runs --help' for more information."
    ),
    (
      ["serve", "fast", "--host", "0.0.0.0"],
      "--host 0.0.0.0 lets other computers ask; choose a token for them with --token-file. See 'jacquard serve --help' for more information."
    ),
    (
      ["serve", "fast", "--port", "65536"],
      "--port must be a whole number from 0 to 65535, not '65536'. See 'jacquard serve --help' for more information."
    ),
    (
      ["serve", "a/b c.safetensors"],
      "a/b c.safetensors: \"b c\" cannot be the name of a model; choose one of letters, digits, '.', '_' and '-', as in shoes=a/b c.safetensors."
    ),
    (["train", "--epochs"], "Missing value for '--epochs <n>'. See 'jacquard train --help' for more information."),
    (
      ["train", "--optimizer", "adma"],
      "--optimizer must be sgd, adam, adamw, lion or muon, not 'adma'. Did you mean 'adam'?"
    ),
    (["train", "--batch-size", "0"], "--batch-size must be a whole number from 1 to 65536, not '0'."),
    (["train", "--batch-size", "1e3"], "--batch-size must be a whole number from 1 to 65536, not '1e3'."),
    (["train", "--max-steps", "0"], "--max-steps must be a whole number of at least 1, not '0'."),
    (["train", "--lr", "0"], "--lr must be a number above 0 and at most 100, not '0'."),
    (["train", "--lr", "nan"], "--lr must be a number above 0 and at most 100, not 'nan'."),
    (["train", "--label-smoothing", "1"], "--label-smoothing must be a number of at least 0 and below 1, not '1'."),
    (["train", "--max-time", "10x"], "--max-time must be a time such as 90s, 10m or 1h30m, not '10x'."),
    (
      ["train", "--validation", "1.5"],
      "--validation must be a number of images, a fraction above 0 and below 1, or 0, not '1.5'."
    ),
    (
      ["train", "--augment", "flop"],
      "--augment must be a list such as flip,shift=2,erase: 'flop': expected a list of flip, rotate, scale, shift, randaugment, brightness, contrast, saturation, erase, cutout, mixup, cutmix, or none. Did you mean 'flip'?"
    ),
    (
      ["train", "--nesterov"],
      "nesterov needs the optimizer sgd with a momentum above 0, not adam with 0.0."
    ),
    (["train", "--momentum", "0.8"], "--momentum applies only to the optimizer sgd; adam has its own."),
    (
      ["train", "--epochs", "2", "--warmup-epochs", "3"],
      "warmup_epochs must be at most epochs, but 3.0 is more than 2."
    ),
    (
      ["train", "--early-stopping", "3"],
      "early_stopping needs a validation set; set images aside with validation."
    ),
    (
      ["train", "--save-every", "0"],
      "--save-every must be a number of steps, or a time such as 30s or 10m, not '0'."
    ),
    (
      ["train", "--save-every", "1.5"],
      "--save-every must be a number of steps, or a time such as 30s or 10m, not '1.5'."
    ),
    (
      ["train", "--on-nan", "skp"],
      "--on-nan must be stop, skip or rollback, not 'skp'. Did you mean 'skip'?"
    ),
    (
      ["train", "--resume", "run", "--out", "other"],
      "--out cannot be combined with --resume; the run stays in its folder."
    ),
  ])
  func isRefusedInOneLine(arguments: [String], message: String) throws {
    let outcome = try Tool().run(arguments)
    #expect(outcome.error == "jacquard: error: \(message)\n")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  @Test func unknownVerbWithoutANeighborListsTheVerbs() throws {
    let outcome = try Tool().run("zzz")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("The verbs are train, "))
    #expect(outcome.status == 64)
  }

  @Test func controlCharactersOfAnArgumentDoNotReachTheTerminal() throws {
    let outcome = try Tool().run("train", "--optimizer", "a\u{1B}[31mb\nc")
    let allowed = "sgd, adam, adamw, lion or muon"
    #expect(outcome.error == "jacquard: error: --optimizer must be \(allowed), not 'a\\u{1B}[31mb c'.\n")
    #expect(outcome.status == 64)
  }

  /// No input causes an internal error, so a library is made to fail where it never does.
  @Test func aFaultOfTheProgramSaysSoInOneLine() throws {
    let run = try TinyRun()
    _ = try run.begin("run")
    var tool = run.tool
    tool.environment = ["LD_PRELOAD": TinyRun.faultLibrary, "FAULT_DECOMPOSITION": "7"]
    let outcome = try tool.run("plot", "features", "run", "--data", "data", "--output", "features.png")
    #expect(outcome.status == 70)
    #expect(outcome.output == "" && outcome.errorLines.count == 1)
    #expect(outcome.error.contains("ssyevr") && outcome.error.contains("please report it"), "\(outcome.error)")
    #expect(!tool.folder.holds("features.png"))
    tool.environment["FAULT_DECOMPOSITION"] = nil
    #expect(try tool.run("plot", "features", "run", "--data", "data", "--output", "features.png").status == 0)
  }

  /// A negative number is a value that is out of range, not a flag.
  @Test(arguments: [
    ["train", "--epochs", "-1"], ["train", "--lr", "-0.1"], ["bench", "gemm", "--seconds", "-1"],
    ["evaluate", "run", "--threads", "-2"],
  ])
  func negativeValuesAreNamed(arguments: [String]) throws {
    let outcome = try Tool().run(arguments)
    #expect(outcome.status == 64, "\(outcome.error)")
    #expect(outcome.error.contains(arguments[arguments.count - 2]), "\(outcome.error)")
    #expect(outcome.error.contains("'\(arguments[arguments.count - 1])"), "\(outcome.error)")
  }
}
