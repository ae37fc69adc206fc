internal import JacquardEngine
package import Runs
package import Support
internal import Terminal

/// The models that are served, for people and programs.
package struct ServedModels {
  private let models: [LoadedCheckpoint]
  private let address: String?

  /// Describes models.
  ///
  /// - Parameter address: Where they are served; nil if they are not.
  package init(_ models: [LoadedCheckpoint], address: String?) {
    self.models = models
    self.address = address
  }

  /// The models for programs.
  package var json: JSONValue {
    [
      "schema": 1, "address": address.map(JSONValue.string) ?? .null,
      "models": .array(models.map(\.json)),
    ]
  }

  /// The models for people.
  package var lines: [String] {
    var table = TextTable([
      ("model", .left), ("version", .left), ("network", .left), ("input", .right),
      ("classes", .right),
    ])
    for loaded in models {
      let model = loaded.network.model
      table.append([
        loaded.named.name, loaded.version, model.name, model.inputShape.description,
        NumberText.grouped(model.classNames.count),
      ])
    }
    return table.lines + (address.map { ["", "serving at \($0)"] } ?? [])
  }
}
