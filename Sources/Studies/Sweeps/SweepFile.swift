package import Datasets
package import Runs
package import Support

/// The file that describes a sweep: settings of `train` as a grid, as random samples, or as a list.
package struct SweepFile {
  /// The allowed members of the file.
  private static let members = ["schema", "base", "grid", "random", "list", "halving"]

  /// The content of the file.
  package let content: JSONValue
  /// The rungs of successive halving; nil if every run is trained to its end.
  package let halving: Halving?
  private let path: String

  /// Reads a file.
  ///
  /// - Throws: a `Failure`: `noInput` if it does not exist, `badConfiguration` if it is wrong, with the member and the
  ///   nearest right name.
  package init(_ path: String) throws(Failure) {
    try self.init(try ConfigurationFile.content(of: path), path: path)
  }

  /// Takes the content of a file.
  package init(_ content: JSONValue, path: String) throws(Failure) {
    self.content = content
    self.path = path
    guard case .object(let found) = content else {
      throw Failure(
        .badConfiguration, "\(path): a sweep is a JSON object, such as {\"grid\": {\"lr\": [0.001, 0.003]}}.")
    }
    for member in found where !Self.members.contains(member.name) {
      let hint = Suggestion.closest(to: member.name, among: Self.members).map { "Did you mean \"\($0)\"?" }
      let advice = hint ?? "Its keys are \(Self.members.joined(separator: ", "))."
      throw Failure(.badConfiguration, "\(path): unknown key \"\(member.name)\". \(advice)")
    }
    guard content["schema"] == nil || content["schema"] == 1 else {
      throw Failure(.badConfiguration, "\(path): \"schema\" must be 1; another version wrote this file.")
    }
    halving = try content["halving"].map { (value) throws(Failure) in try Halving(value, path: path) }
  }

  /// The settings of each run, in order and without duplicates: the grid's, the samples', the list's.
  ///
  /// The last key of a grid changes fastest. Runs do not use the test set unless the file says otherwise: it must not choose
  /// anything.
  package func settings() throws(Failure) -> [TrainSettings] {
    var settings: [TrainSettings] = []
    var seen: Set<String> = []
    var models: Set<String> = []
    let base = try object("base")
    for changes in try combinations() + samples() + list() {
      var members = base.contains { $0.name == "test" } ? [] : [JSONValue.Member(name: "test", value: false)]
      let names = Set(changes.map(\.name))
      members += base.filter { !names.contains($0.name) } + changes
      let resolved = try TrainSettings.resolve(file: (path, .object(members)), flags: [])
      guard resolved.validation != nil else {
        throw Failure(
          .badConfiguration,
          "\(path): runs are compared on a validation set; set \"validation\" in \"base\", such as 0.1."
        )
      }
      if models.insert(resolved.model).inserted { try checkModel(resolved.model) }
      if seen.insert(resolved.json.text).inserted { settings.append(resolved) }
    }
    guard !settings.isEmpty else {
      throw Failure(
        .badConfiguration,
        "\(path): there is nothing to train; give a \"grid\", \"random\" samples or a \"list\" of settings.")
    }
    return settings
  }

  /// Rejects settings for pictures if the data consists of something else.
  package func checkPictureSettings(for source: DataSource) throws(Failure) {
    for settings in try settings() {
      try TrainSettings.checkPictureSettings(
        of: source.path, content: source.contentBesidesPictures, file: (path, settings.json), flags: [])
    }
  }

  private func checkModel(_ reference: String) throws(Failure) {
    do throws(Failure) {
      _ = try ModelReference.model(reference)
    } catch {
      throw Failure(.badConfiguration, "\(path): \(error.message)")
    }
  }

  private func object(_ name: String) throws(Failure) -> [JSONValue.Member] {
    switch content[name] {
    case nil: return []
    case .object(let members)?: return members
    case let other?:
      throw Failure(
        .badConfiguration, "\(path): \"\(name)\" must be an object with settings of train, not \(other.text).")
    }
  }

  private func combinations() throws(Failure) -> [[JSONValue.Member]] {
    let grid = try object("grid")
    if grid.isEmpty { return [] }
    var combinations: [[JSONValue.Member]] = [[]]
    for member in grid {
      guard let values = member.value.array, !values.isEmpty else {
        throw Failure(
          .badConfiguration,
          "\(path): \"grid.\(member.name)\" must be a list of values, such as [0.001, 0.003], not \(member.value.text)."
        )
      }
      let (count, isOverflow) = combinations.count.multipliedReportingOverflow(by: values.count)
      guard !isOverflow, count <= SweepPlan.limit else {
        throw Failure(
          .badConfiguration, "\(path): the grid has more than \(SweepPlan.limit) points; remove some values.")
      }
      combinations = combinations.flatMap { combination in
        values.map { combination + [.init(name: member.name, value: $0)] }
      }
    }
    return combinations
  }

  private func list() throws(Failure) -> [[JSONValue.Member]] {
    guard let list = content["list"] else { return [] }
    var runs: [[JSONValue.Member]] = []
    for value in list.array ?? [list] {
      guard case .object(let members) = value else {
        throw Failure(
          .badConfiguration,
          "\(path): \"list\" must be a list of objects with settings of train, such as [{\"lr\": 0.01}], not \(value.text)."
        )
      }
      runs.append(members)
    }
    return runs
  }

  private func samples() throws(Failure) -> [[JSONValue.Member]] {
    guard let random = content["random"] else { return [] }
    return try SweepSampler(random, path: path).samples
  }
}
