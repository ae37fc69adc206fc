import Testing

/// Rules of CONTRIBUTING that a search through the sources can check.
struct RuleTests {
  @Test func everyFolderOfSourcesHasAREADME() throws {
    for folder in try SourceTree.names(in: "Sources") {
      #expect(try SourceTree.names(in: "Sources/" + folder).contains("README.md"), "Sources/\(folder)")
    }
  }

  /// A library has no flags: it does not know its users.
  @Test func flagsAreNamedInCommandsOnly() throws {
    let folders = try SourceTree.names(in: "Sources").filter { $0 != "Commands" }
    for file in try folders.flatMap({ try SourceTree.files(below: "Sources/" + $0) }) {
      for line in try SourceTree.text(file).split(separator: "\n") {
        let code = line.drop { $0 == " " }
        // A style sheet has names that look like flags.
        guard !code.hasPrefix("//"), file != "Sources/Figures/Report/ReportStyle.swift" else { continue }
        #expect(code.firstMatch(of: /[" ]--[a-z]/) == nil, "\(file): \(line)")
      }
    }
  }

  /// Swift's own checks drop their message in a release build; `require` and `failPrecondition` print it first.
  @Test func mistakesStopTheProcessWithAMessage() throws {
    let silent: Set<Substring> = [
      "precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError",
    ]
    let allowed: Set<String> = ["Sources/ONNXSchema/onnx.pb.swift", "Sources/Support/Require.swift"]
    for file in try SourceTree.files(below: "Sources") where !allowed.contains(file) {
      for line in try SourceTree.text(file).split(separator: "\n") {
        let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        let words = code.split { !$0.isLetter }
        #expect(silent.isDisjoint(with: words), "\(file): \(line)")
      }
    }
  }

  /// A test in a folder that is no target never runs.
  @Test func everyFolderOfTestsIsATarget() throws {
    let manifest = try SourceTree.text("Package.swift")
    let folders = Set(try SourceTree.files(below: "Tests").map { $0.split(separator: "/")[1] })
    #expect(folders.count > 20)
    for folder in folders { #expect(manifest.contains("name: \"\(folder)\""), "Tests/\(folder)") }
  }

  /// The tests of `Sources/Runs/Folder` are in `Tests/RunsTests/Folder`.
  @Test func testFoldersHaveTheNamesOfSourceFolders() throws {
    let sources = try SourceTree.files(below: "Sources")
    for file in try SourceTree.files(below: "Tests") where file.hasSuffix("Tests.swift") {
      let parts = file.split(separator: "/")
      guard parts.count > 3 else { continue }
      let folder = ["Sources", parts[1].replacing("Tests", with: "")] + parts[2..<parts.count - 1]
      let path = folder.joined(separator: "/") + "/"
      #expect(sources.contains { $0.hasPrefix(path) }, "\(file): there is no \(path)")
    }
  }

  /// Test names have one style: the function's name states what the test shows.
  @Test func testsHaveNoDisplayNames() throws {
    for file in try SourceTree.files(below: "Tests") where file.hasSuffix("Tests.swift") {
      #expect(try SourceTree.text(file).firstMatch(of: /@(Test|Suite)\(\s*"/) == nil, "\(file)")
    }
  }
}
