import Foundation

/// Words that the program reads or writes: keys and values of the JSON schemas, and names with underscores in the sources.
struct Vocabulary {
  /// Keys and names such as `batch_size`.
  let words: Set<Substring>
  /// Environment variables that the sources name, such as `NO_COLOR`, or that OpenBLAS reads.
  let variables: Set<Substring>

  /// Constants of the C interface, such as `JACQUARD_ABI`.
  let constants: Set<Substring>

  /// Functions of Python libraries that the pages name, and names of arrays that the sources build from parts.
  static let foreign: Set<Substring> = ["load_file", "save_file", "load_state_dict", "train_images", "train_labels"]

  /// Read once for all tests.
  static let shared = Result { try Vocabulary() }

  private init() throws {
    var words: Set<Substring> = []
    var variables: Set<Substring> = ["OMP_NUM_THREADS", "OPENBLAS_L2_SIZE"]
    for path in try Self.files(below: "docs/schemas", suffixes: [".json"]) {
      words.formUnion(Self.words(of: try String(contentsOf: path, encoding: .utf8)))
    }
    for path in try Self.files(below: "Sources", suffixes: [".swift", ".c"]) {
      for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
        let found = Self.words(of: line)
        variables.formUnion(found.filter { $0.first?.isUppercase == true })
        // Swift's own names have no underscores, so a word with one is a key, a column or a function of C.
        if !line.drop(while: { $0 == " " }).hasPrefix("//") { words.formUnion(found) }
      }
    }
    let header = try DocumentationPage("Sources/JacquardC/include/jacquard.h").text
    constants = Set(Self.words(of: header).filter { $0.hasPrefix("JACQUARD_") })
    self.words = words
    self.variables = variables
  }

  private static func words(of text: some StringProtocol) -> [Substring] {
    Substring(text).split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func files(below folder: String, suffixes: [String]) throws -> [URL] {
    let root = DocumentationPage.root.appendingPathComponent(folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
    return paths.filter { path in suffixes.contains { path.hasSuffix($0) } }.map { root.appendingPathComponent($0) }
  }
}
