import CommandTestSupport
import Foundation
import JacquardEngine
import Runs
import Support
import TestSupport
import Testing

/// Every name that the engine knows is known everywhere: if a file forgets a case of an optimizer or schedule, or a layer, this suite fails.
struct NamedChoicesTests {
  /// The words of every schema's properties that have the name of a setting, by the schema's name.
  private static func enumerations(of key: String) throws -> [(schema: String, words: [String])] {
    let folder = DocumentationPage.root.appendingPathComponent("docs/schemas")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    return try names.sorted().flatMap { name in
      let content = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent(name)))
      return words(of: key, in: content).map { (name, $0) }
    }
  }

  private static func words(of key: String, in content: Any) -> [[String]] {
    if let list = content as? [Any] { return list.flatMap { words(of: key, in: $0) } }
    guard let members = content as? [String: Any] else { return [] }
    let own = ((members[key] as? [String: Any])?["enum"] as? [String]).map { [$0] } ?? []
    return own + members.keys.sorted().flatMap { words(of: key, in: members[$0] ?? "") }
  }

  @Test(arguments: SettingField.all.filter { !$0.choices.isEmpty }.map(\.key))
  func schemasListTheWordsOfASetting(key: String) throws {
    let field = try #require(SettingField.all.first { $0.key == key })
    let found = try Self.enumerations(of: key).filter {
      $0.schema == "config.schema.json" || $0.schema == "event.schema.json"
    }
    #expect(Set(found.map(\.schema)).count == 2, "\(key) is in \(found.map(\.schema))")
    for (schema, words) in found { #expect(words == field.choices, "\(schema): \(key)") }
  }

  @Test func everySchemaListsTheOptimizers() throws {
    let found = try Self.enumerations(of: "optimizer")
    #expect(found.map(\.schema) == ["config.schema.json", "event.schema.json", "lr-find.schema.json"])
    for (schema, words) in found {
      #expect(words == TrainingConfiguration.OptimizerKind.allCases.map(\.rawValue), "\(schema)")
    }
  }

  @Test func helpListsTheWordsOfEverySetting() throws {
    let outcome = try Tool(environment: ["COLUMNS": "10000"]).run("train", "--help")
    // These explain each word.
    let explained = ["on_nan", "image_colors", "fit", "invert", "sampling"]
    for field in SettingField.all where !field.choices.isEmpty && !explained.contains(field.key) {
      let list = field.choices.dropLast().joined(separator: ", ") + " or " + (field.choices.last ?? "")
      #expect(outcome.output.contains(list), "--\(field.option.words): \(list)")
    }
  }

  /// A kind's number in C is its position in the engine's list; comments explain the one whose name differs.
  @Test func headerAndPythonNumberTheKinds() throws {
    let header = try DocumentationPage("Sources/JacquardC/include/jacquard.h").text
    let python = try DocumentationPage("Examples/python/jacquard.py").text
    func constants(_ type: String) throws -> [String] {
      let body =
        try header.firstMatch(of: Regex("typedef enum jacquard_\(type) \\{([^}]*)\\}"))?.output[1].substring ?? ""
      return body.matches(of: /JACQUARD_([A-Z_]+) = ([0-9]+)/).map { "\($0.1)=\($0.2)" }
    }
    for (type, words) in [
      ("optimizer", TrainingConfiguration.OptimizerKind.allCases.map(\.rawValue)),
      ("schedule", TrainingConfiguration.ScheduleKind.allCases.map(\.rawValue)),
      ("loss", TrainingConfiguration.LossKind.allCases.map(\.rawValue)),
    ] {
      let expected = words.enumerated().map { "\($1 == "step" ? "STEPWISE" : $1.uppercased())=\($0)" }
      #expect(try constants(type) == expected, "\(type)")
      let pairs = words.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
      #expect(python.contains("\(type == "loss" ? "LOSSE" : type.uppercased())S = {\(pairs)}"), "\(type)")
    }
  }

  @Test func thePageOfTrainNamesEveryOptimizerScheduleAndLoss() throws {
    let page = try DocumentationPage("docs/howto/train.md").text
    let words =
      TrainingConfiguration.OptimizerKind.allCases.map(\.rawValue)
      + TrainingConfiguration.ScheduleKind.allCases.map(\.rawValue)
      + TrainingConfiguration.LossKind.allCases.map(\.rawValue)
    for word in words { #expect(page.contains(try Regex("`(--[a-z]+ )?\(word)[` ]")), "\(word)") }
  }

  /// A row of the table of layers contains the type and each key.
  @Test func thePageOfSummaryListsEveryLayer() throws {
    let rows = try DocumentationPage("docs/howto/summary.md").text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    for layer in LayerRegistry.layers {
      let row = rows.first { $0.split(separator: "|").first?.contains("`\(layer.type)`") == true }
      #expect(row != nil, "\(layer.type)")
      for key in Self.keys(of: layer) where row?.contains("the same, and") != true {
        #expect(row?.contains("`\(key)`") == true, "\(layer.type): \(key)")
      }
    }
  }

  private static func keys(of layer: any Layer.Type) -> [String] {
    func keys<L: Layer>(_ layer: L.Type) -> [String] { layer.CodingKeys.allCases.map(\.stringValue) }
    return keys(layer)
  }

  /// A layer's file declares its type; one that is missing from the registry could not be named in a model file.
  @Test func everyLayerOfTheFolderIsRegistered() throws {
    let folder = DocumentationPage.root.appendingPathComponent("Sources/JacquardEngine/Layers")
    let declared = try FileManager.default.contentsOfDirectory(atPath: folder.path).flatMap { name in
      try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        .matches(of: /public static let type = "([a-z0-9_]+)"/).map { String($0.1) }
    }
    #expect(declared.sorted() == LayerRegistry.layers.map { $0.type }.sorted())
  }

  /// The documentation of the library lists the type of each layer, and of each optimizer that has a name.
  @Test func theLibrarysDocumentationListsEveryLayer() throws {
    let page = try DocumentationPage("Sources/Jacquard/Jacquard.docc/Jacquard.md").text
    for layer in LayerRegistry.layers { #expect(page.contains("- ``\(layer)``"), "\(layer)") }
  }
}
