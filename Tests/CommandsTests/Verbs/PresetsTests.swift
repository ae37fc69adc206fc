import CommandTestSupport
import Foundation
import Runs
import TestSupport
import Testing

/// `presets`, and `train --preset`: recipes that have names.
struct PresetsTests {
  @Test func theListFitsATerminalAndHasEveryPreset() throws {
    let outcome = try Tool().run("presets")
    #expect(outcome.status == 0 && outcome.error == "")
    for preset in Preset.all {
      #expect(
        outcome.output.contains(try Regex("(?m)^\(preset.name) +[0-9.]+ % ± [0-9.]+ +[0-9]+ +[0-9]+:[0-9]{2} ")),
        "\(preset.name)")
    }
    let json = try Tool().run("presets", "--json").json()
    let presets = try #require(json["presets"] as? [[String: Any]])
    #expect(presets.map { $0["name"] as? String } == Preset.all.map(\.name))
    for preset in presets { #expect((0.9..<1).contains(try #require(preset["test_accuracy"] as? Double))) }
  }

  /// A preset's settings are those of its flags, and the other layers override it.
  @Test(arguments: Preset.all.map(\.name))
  func aPresetIsALayerBelowTheOthers(name: String) throws {
    let preset = try Preset(named: name)
    var tool = try Tool()
    let flags = preset.values.flatMap { value -> [String] in
      let flag = "--" + value.key.replacing("_", with: "-")
      return value.text == "true" ? [flag] : [flag, value.text]
    }
    let plain = try tool.run("train", "--preset", name, "--print-config")
    #expect(plain.status == 0 && plain.error == "")
    #expect(try tool.run(["train", "--print-config"] + flags).output == plain.output)
    try tool.folder.write(#"{"lr": 0.5, "epochs": 33}"#, to: "a.json")
    tool.environment = ["JACQUARD_EPOCHS": "44", "JACQUARD_BATCH_SIZE": "55"]
    let json = try tool.run(
      "train", "--preset", name, "--config", "a.json", "--batch-size", "66", "--print-config"
    ).json()
    #expect(json["lr"] as? Double == 0.5)
    #expect(json["epochs"] as? Int == 44)
    #expect(json["batch_size"] as? Int == 66)
    #expect(json["model"] as? String == preset.values.first { $0.key == "model" }?.text)
  }

  /// A training that chooses no recipe has the usual preset; one that does has the defaults.
  @Test func aTrainingWithoutARecipeHasTheUsualPreset() throws {
    var tool = try Tool()
    let usual = try tool.run("train", "--preset", Preset.usual.name, "--print-config").output
    #expect(try tool.run("train", "--print-config").output == usual)
    let longer = try tool.run("train", "--epochs", "99", "--seed", "3", "--print-config").json()
    #expect(longer["model"] as? String == "air" && longer["epochs"] as? Int == 99)
    try tool.folder.write("{}", to: "a.json")
    for key in Preset.recipeKeys { #expect(SettingField.all.contains { $0.key == key }, "\(key)") }
    for flags in [
      ["--lr", "0.01"], ["--optimizer", "adam"], ["--whiten"], ["--config", "a.json"], ["--model", "vgg"],
    ] {
      let own = try tool.run(["train", "--print-config"] + flags).json()
      #expect(own["epochs"] as? Int == 10 && own["groups"] is NSNull, "\(flags)")
    }
    tool.environment = ["JACQUARD_LR": "0.01"]
    #expect(try tool.run("train", "--print-config").json()["model"] as? String == "cnn")
  }

  @Test func everyPresetsModelHasItsParameters() throws {
    for preset in Preset.all {
      let model = try #require(preset.values.first { $0.key == "model" }?.text)
      #expect(try Tool().run("summary", model, "--json").json()["parameters"] as? Int == preset.result.parameters)
    }
  }

  @Test func unsuitableUsesAreRefused() throws {
    let wrong = try Tool().run("train", "--preset", "fats", "--print-config")
    let names = Preset.all.map(\.name).joined(separator: ", ")
    #expect(wrong.error == "jacquard: error: --preset must be one of \(names), not 'fats'. Did you mean 'fast'?\n")
    #expect(wrong.status == 64 && wrong.output == "")
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("run", ["--max-steps", "1"]).status == 0)
    let resumed = try runs.resume("run", ["--preset", "fast"])
    #expect(
      resumed.error == "jacquard: error: --preset cannot be combined with --resume; the run keeps its settings.\n")
    #expect(resumed.status == 64)
  }
}
