internal import ArgumentParser
internal import Runs
internal import Support
internal import Terminal

/// `jacquard presets`: lists the recipes that have names.
struct Presets: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets",
    abstract: "List the recipes that have names, and what they reach.",
    discussion: """
      Accuracy is that of the test set of Fashion-MNIST after training on all 60,000 images: the mean of several seeds and the standard deviation between \
      them. Each run evaluated the test set once, at its end. 'jacquard train --preset NAME --print-config' shows the settings.

      Examples:
        jacquard presets
        jacquard presets --json
      """)

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    try output.console.result(output.json ? [Self.json.text] : Self.lines)
  }

  private static var lines: [String] {
    var table = TextTable([
      ("preset", .left), ("test accuracy", .right), ("seeds", .right), ("time", .right), ("parameters", .right),
      ("what it is", .left),
    ])
    for preset in Preset.all {
      let result = preset.result
      table.append([
        preset.name,
        "\(NumberText.percent(result.accuracy)) ± \(NumberText.fixed(100 * result.deviation, decimals: 2))",
        "\(result.seeds)", NumberText.clock(Int(result.seconds.rounded())), NumberText.grouped(result.parameters),
        preset.purpose,
      ])
    }
    return table.lines + ["", "Fashion-MNIST, on \(Preset.machine); times include the evaluation."]
  }

  private static var json: JSONValue {
    [
      "schema": 1, "machine": .string(Preset.machine),
      "presets": .array(
        Preset.all.map { preset in
          let result = preset.result
          return [
            "name": .string(preset.name), "purpose": .string(preset.purpose),
            "test_accuracy": .exact(result.accuracy), "deviation": .exact(result.deviation),
            "seeds": .integer(result.seeds), "seconds": .exact(result.seconds),
            "parameters": .integer(result.parameters),
            "settings": .object(preset.values.map { .init(name: $0.key, value: .string($0.text)) }),
          ]
        }),
    ]
  }
}
