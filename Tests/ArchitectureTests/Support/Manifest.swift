/// The targets of a manifest and their dependencies.
enum Manifest {
  /// The names of a target's dependencies, including products of other packages; nil if the manifest has no such target.
  static func dependencies(of target: String, in manifest: String) -> [String]? {
    let calls = manifest.matches(of: /\.(?:executableTarget|target)\(\s*name: "(\w+)"/)
    guard let call = calls.first(where: { $0.1 == target }) else { return nil }
    // For a target without dependencies, the search must end where the next target begins.
    let arguments = manifest[call.range.upperBound...]
    let own =
      arguments.firstMatch(of: /\n\s*\.\w*[tT]arget\(|\n\s*\.systemLibrary\(/)
      .map { arguments[..<$0.range.lowerBound] } ?? arguments
    guard let list = own.firstMatch(of: /^,\s*dependencies: \[((?:[^\]])*)\]/) else { return [] }
    return list.1.matches(of: /\.product\(name: "(\w+)", package: "[^"]*"\)|"(\w+)"/).map { String($0.1 ?? $0.2 ?? "") }
  }
}
