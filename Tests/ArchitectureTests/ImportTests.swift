import Testing

/// Sources and manifest follow the table of imports in CONTRIBUTING.
struct ImportTests {
  private let table: ArchitectureTable

  init() throws { table = try ArchitectureTable(page: SourceTree.text("CONTRIBUTING.md")) }

  /// Parts of Swift and of the system that the table omits, because every target may use them.
  private static let always: Set<String> = ["Dispatch", "Glibc", "Synchronization"]

  /// The target whose sources are in a folder of `Sources`.
  private static func target(ofFolder folder: String) -> String { folder == "Executable" ? "jacquard" : folder }

  private func imports(ofFolder folder: String) throws -> Set<Import> {
    Set(try SourceTree.files(below: "Sources/" + folder).flatMap { try Import.all(in: $0) })
  }

  @Test func everyFolderOfSourcesHasARowAndEveryRowAFolder() throws {
    let folders = try SourceTree.names(in: "Sources").map(Self.target(ofFolder:))
    #expect(table.rows.map(\.target).sorted() == folders.sorted())
    #expect(folders.count > 10)
  }

  @Test func noFileHasAnImportThatTheTableDoesNotHave() throws {
    for folder in try SourceTree.names(in: "Sources") {
      let row = try #require(table[Self.target(ofFolder: folder)])
      for found in try imports(ofFolder: folder) where !Self.always.contains(found.module) {
        #expect(row.imports.contains(found.module), "\(found.file) imports \(found.module)")
      }
    }
  }

  @Test func everyImportOfTheTableIsThere() throws {
    for folder in try SourceTree.names(in: "Sources") {
      let row = try #require(table[Self.target(ofFolder: folder)])
      let found = Set(try imports(ofFolder: folder).map(\.module))
      #expect(row.imports.subtracting(found) == [], "the row of \(row.target) names what it does not import")
    }
  }

  @Test func aTargetImportsOnlyWhatStandsAboveIt() throws {
    let targets = table.rows.map(\.target)
    for (place, row) in table.rows.enumerated() {
      let below = row.imports.intersection(targets[place...])
      #expect(below == [], "\(row.target) imports what stands below it, or itself")
    }
  }

  @Test func theManifestDeclaresWhatTheTableSays() throws {
    let manifest = try SourceTree.text("Package.swift")
    // Comes with the compiler, not with a package.
    let system: Set<String> = ["Foundation", "FoundationEssentials"]
    for row in table.rows {
      let name = row.target == "jacquard" ? "JacquardCommandLine" : row.target
      let declared = try #require(Manifest.dependencies(of: name, in: manifest), "no target \(name)")
      #expect(Set(declared) == row.imports.subtracting(system), "the dependencies of \(name)")
      #expect(declared.count == Set(declared).count, "\(name) declares a dependency twice")
    }
  }

  @Test func oneTargetAndOnlyOneImportsEachCModule() throws {
    let libraries = try SourceTree.names(in: "Modules")
    #expect(libraries.count > 4)
    // The header of our own C interface is not a library: its declarations belong in the interface.
    let modules = Set(libraries + ["CJacquard"])
    var importers: [String: Set<String>] = [:]
    for folder in try SourceTree.names(in: "Sources") {
      for found in try imports(ofFolder: folder) where modules.contains(found.module) {
        importers[found.module, default: []].insert(folder)
        #expect(
          found.isInternal || found.module == "CJacquard", "\(found.file) imports \(found.module) without `internal`")
      }
    }
    for module in modules { #expect(importers[module]?.count == 1, "\(module): \(importers[module] ?? [])") }
  }
}
