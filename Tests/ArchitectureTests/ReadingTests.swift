import Testing

/// Tests that the tests of the architecture find what they look for.
struct ReadingTests {
  @Test func importsOfEveryFormAreFound() {
    let text = """
      // import InAComment
      internal import Support
      public import struct NumPy.NumPyArray
      @preconcurrency import Dispatch

      let help = \"\"\"
        import InAText
        \"\"\"
      """
    let found = Import.all(of: text, in: "a.swift")
    #expect(found.map(\.module) == ["Support", "NumPy", "Dispatch"])
    #expect(found.map(\.isInternal) == [true, false, false])
  }

  @Test func theTableIsRead() throws {
    let page = """
      ## Other

      | a | b |

      ## Architecture

      Text.

      | target | what lives there | imports |
      | --- | --- | --- |
      | `One` | the `first` | – |
      | `Two` | the second | `One`, `CZlib` |

      | `Three` | no row | `Two` |
      """
    let table = try ArchitectureTable(page: page)
    #expect(table.rows.map(\.target) == ["One", "Two"])
    #expect(table["One"]?.imports == [])
    #expect(table["Two"]?.imports == ["One", "CZlib"])
  }

  @Test func theManifestIsRead() {
    let manifest = """
      .target(name: "One", exclude: ["README.md"]),
      .target(
        name: "Two", dependencies: ["One", .product(name: "Three", package: "three")],
        exclude: ["README.md"]),
      """
    #expect(Manifest.dependencies(of: "One", in: manifest) == [])
    #expect(Manifest.dependencies(of: "Two", in: manifest) == ["One", "Three"])
    #expect(Manifest.dependencies(of: "Three", in: manifest) == nil)
  }
}
