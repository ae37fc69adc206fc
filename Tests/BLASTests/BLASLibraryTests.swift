import BLAS
import Testing

@Suite("Facts about the libraries")
struct BLASLibraryTests {
  let library = BLASLibrary()

  @Test("name the library, its version and its core")
  func names() throws {
    #expect(library.name == "OpenBLAS")
    #expect(library.version.split(separator: ".").prefix(2).allSatisfy { UInt($0) != nil })
    #expect(library.version.contains("."))
    #expect(library.description == "\(library.name) \(library.version)")
    #expect(library.configuration.hasPrefix(library.description))
    #expect(!library.core.isEmpty && !library.core.contains(" "))
  }

  @Test("show one thread, however often it is asked for")
  func threads() {
    #expect(library.threading != .unknown)
    BLASLibrary.prepare()
    #expect(BLASLibrary().threads == 1)
  }

  @Test("say which files the calls go to")
  func paths() throws {
    // The paths are the files' own, so a symbolic link's version suffix may follow the name.
    #expect(try #require(library.productPath).contains("blas"))
    #expect(try #require(library.interfacePath).contains("liblapacke"))
    #expect(try #require(library.decompositionPath).hasPrefix("/"))
  }
}
