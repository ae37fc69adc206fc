import Foundation
import FuzzReaders
import Testing

/// Every file in the corpora of the fuzzers is read without a trap.
struct CorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzz/Corpus")

  @Test(arguments: FuzzReader.all.map(\.name))
  func filesAreRead(name: String) async throws {
    let reader = try #require(FuzzReader.all.first { $0.name == name })
    let folder = Self.corpus.appendingPathComponent(name)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 3, "seeds of \(name)")
    for file in files { reader.read(Array(try Data(contentsOf: file))) }
  }

  @Test func everyFolderHasAReader() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
    #expect(names.sorted() == FuzzReader.all.map(\.name).sorted())
  }

  /// A fuzzer would not notice a check that never fails.
  @Test func aReaderThatIsWrongIsNoticed() async {
    await #expect(processExitsWith: .failure) {
      let faulty = FuzzReader(name: "faulty") { bytes in precondition(bytes.isEmpty) }
      faulty.read([1])
    }
  }
}
