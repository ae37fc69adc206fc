import CommandTestSupport
import Foundation
import JacquardEngine
import Runs
import Support
import Testing

/// The table of settings, and files that cannot be derived from it: schemas, the C header, Python, and the page about adding a setting.
struct SettingTableTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: DocumentationPage.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Options in the command line's form.
  private struct Flags: Wording {
    func text(of option: OptionName) -> String { "--" + option.words }
    func description(of error: any Error) -> (kind: Failure.Kind, text: String) { (.internalError, "\(error)") }
    func code(of kind: Failure.Kind) -> Int { 1 }
    func kind(of code: Int) -> Failure.Kind? { nil }
  }

  // MARK: Schemas

  /// Compares a schema with the one derived from the table. With UPDATE_SCHEMAS in the environment, writes the file instead.
  private static func compare(_ path: String, with schema: JSONValue) throws {
    let text = schema.indentedText + "\n"
    if ProcessInfo.processInfo.environment["UPDATE_SCHEMAS"] != nil {
      try text.write(to: DocumentationPage.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
    }
    #expect(
      try Self.text(path) == text,
      "\(path) is not what the table of settings says; make schemas writes it again")
  }

  @Test func theSchemaOfConfigurationsFollowsFromTheTable() throws {
    let head: [JSONValue.Member] = [
      .init(name: "$schema", value: "https://json-schema.org/draft/2020-12/schema"),
      .init(name: "title", value: "`config.json` of a run, and what `train --print-config` prints"),
    ]
    try Self.compare("docs/schemas/config.schema.json", with: .object(head + TrainSettings.schema(Flags())))
  }

  @Test func theSchemaOfEventsHoldsTheSameSettings() throws {
    let path = "docs/schemas/event.schema.json"
    let content = try JSONReader.value(of: Array(try Self.text(path).utf8))
    var count = 0
    /// The value, with the settings of each event in place of the existing ones.
    func updated(_ value: JSONValue) -> JSONValue {
      switch value {
      case .array(let values): return .array(values.map(updated))
      case .object(let members):
        return .object(
          members.map { member in
            guard member.name == "settings" else { return .init(name: member.name, value: updated(member.value)) }
            count += 1
            return .init(name: member.name, value: .object(TrainSettings.schema(Flags())))
          })
      default: return value
      }
    }
    try Self.compare(path, with: updated(content))
    #expect(count == 1)
  }

  @Test(arguments: SettingField.all.map(\.key))
  func everySettingSaysWhatItDoes(key: String) {
    let help = SettingField.named(key).help(Flags())
    #expect(help.count > 5 && help.hasSuffix("."))
    #expect(SettingField.all.count { $0.key == key } == 1)
  }

  // MARK: C and Python

  /// The members of the header's struct, with their comments.
  private static func members() throws -> [(name: String, comment: String)] {
    let header = try text("Sources/JacquardC/include/jacquard.h")
    let body = try #require(header.firstMatch(of: /typedef struct jacquard_training \{([^}]*)\}/)?.1)
    return body.matches(of: /\w+ (\w+); *\/\* (.*?) \*\//).map { (String($0.1), String($0.2)) }
  }

  /// The name of a setting in C: the engine's own, even if the command line has a shorter one.
  private static func nameInC(_ key: String) -> String { key == "lr" ? "learning_rate" : key }

  @Test(arguments: TrainingConfiguration.Settings.all.map(\.key))
  func theHeaderHasEverySettingOfTheEngineWithItsRange(key: String) throws {
    let setting = try #require(TrainingConfiguration.Settings.all.first { $0.key == key })
    let member = try #require(try Self.members().first { $0.name == Self.nameInC(key) }, "\(key) is not in the header")
    // A setting without an upper bound, or with the type's bound, needs no words.
    guard let range = setting.range, !range.briefText.hasPrefix("at least") else { return }
    #expect(member.comment.contains(range.briefText), "\(key): \(member.comment)")
  }

  @Test func everySettingOfTheEngineIsInTheTable() {
    let keys = Set(SettingField.all.map(\.key))
    for setting in TrainingConfiguration.Settings.all { #expect(keys.contains(setting.key), "\(setting.key)") }
  }

  @Test func theInterfaceReadsEveryMemberOfTheHeader() throws {
    let code = try Self.text("Sources/JacquardC/Handles/TrainingSettings.swift")
    for member in try Self.members() { #expect(code.contains("t.\(member.name)"), "\(member.name)") }
    #expect(try Self.members().count >= TrainingConfiguration.Settings.all.count)
  }

  @Test func theHeaderGivesTheDefaultsOfTheEngine() throws {
    let plain = TrainingConfiguration()
    let defaults: [String: String] = [
      "epochs": "\(plain.epochs)", "batch_size": "\(plain.batchSize)", "shards": "\(plain.shards)",
      "optimizer": "JACQUARD_\(plain.optimizer.rawValue.uppercased())",
      "schedule": "JACQUARD_\(plain.schedule.rawValue.uppercased())", "nesterov": plain.nesterov ? "1" : "0",
      "learning_rate": "\(plain.learningRate)", "momentum": Self.short(plain.momentum),
      "weight_decay": Self.short(plain.weightDecay), "warmup_epochs": Self.short(plain.warmupEpochs),
      "loss": "JACQUARD_\(plain.loss.rawValue.uppercased())", "focal_gamma": Self.short(plain.focalGamma),
      "label_smoothing": Self.short(plain.labelSmoothing), "clip_norm": Self.short(plain.clipNorm ?? 0),
      "average": "JACQUARD_NO_AVERAGE", "ema_decay": "0.999", "swa_share": "0.75", "lookahead": "0",
      "lookahead_share": "0.5", "hardest": Self.short(plain.hardest), "prune": Self.short(plain.prune),
      "prune_begin": Self.short(plain.pruneBegin), "prune_end": Self.short(plain.pruneEnd),
      "max_steps": "\(plain.maxSteps ?? 0)",
      "seed": "\(plain.seed)", "shuffle": "1",
      "threads": "0",
    ]
    for (name, comment) in try Self.members() {
      let value = try #require(defaults[name], "\(name) has no default here")
      #expect(comment.hasSuffix("(\(value))"), "\(name): \(comment)")
    }
  }

  private static func short(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

  @Test func pythonHasTheHeadersMembersInTheirOrder() throws {
    let python = try Self.text("Examples/python/jacquard.py")
    let body = try #require(python.firstMatch(of: /class _Training\(Structure\):(.*?)\n\n/.dotMatchesNewlines())?.1)
    let names = body.matches(of: /"(\w+)"/).map { String($0.1) }
    #expect(names == (try Self.members().map(\.name)))
  }

  // MARK: CONTRIBUTING

  /// The files that name a setting, besides tests and the code that uses it, are those that CONTRIBUTING lists.
  @Test func contributingListsTheFilesOfASetting() throws {
    let page = try Self.text("CONTRIBUTING.md")
    let section = try #require(page.components(separatedBy: "## Adding a setting\n").last)
    let rows = section.components(separatedBy: "\n## ")[0].matches(of: /\n\| `([^`]+)` \|/).map { String($0.1) }
    var found: [String] = []
    for folder in ["Sources", "Examples", "docs"] {
      let paths = try FileManager.default.subpathsOfDirectory(
        atPath: DocumentationPage.root.appendingPathComponent(folder).path)
      for path in paths.map({ folder + "/" + $0 }) {
        guard !path.contains("/.build/"),
          ["swift", "h", "c", "py", "json", "md"].contains((path as NSString).pathExtension)
        else { continue }
        let text = try Self.text(path)
        if text.contains("labelSmoothing") || text.contains("label_smoothing") { found.append(path) }
      }
    }
    // The code that the setting is for.
    let uses: Set = [
      "Sources/JacquardEngine/Losses/Losses+Names.swift", "Sources/JacquardEngine/Losses/SoftmaxCrossEntropy.swift",
      "Sources/Runs/Settings/Preset.swift", "Sources/Runs/Settings/TrainSettings+Layers.swift",
    ]
    #expect(found.filter { !uses.contains($0) }.sorted() == rows.sorted())
    #expect(page.contains("at most \(rows.count) files"))
  }
}
