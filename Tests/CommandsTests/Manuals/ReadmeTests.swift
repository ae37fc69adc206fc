import CommandTestSupport
import Foundation
import Testing

/// The pictures of README: the script makes all of them.
struct ReadmeTests {
  @Test func everyPictureIsThereAndIsMadeByTheScript() throws {
    let root = DocumentationPage.root
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let script = try String(contentsOf: root.appendingPathComponent("scripts/make-figures"), encoding: .utf8)
    let shown = readme.matches(of: /!\[([^\]]+)\]\(docs\/images\/([^)]+)\)/).map { String($0.2) }
    #expect(shown.count >= 6)
    #expect(
      readme.components(separatedBy: "](docs/images/").count == shown.count + 1, "a picture without a description")
    for name in shown { #expect(script.contains("$images/\(name)"), "\(name) is not made by make figures") }
    let folder = root.appendingPathComponent("docs/images").path
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == Set(shown))
  }
}
