internal import ArgumentParser
internal import Files
internal import Support
internal import Terminal

/// `jacquard manual`: generates the manual pages from the definitions of the verbs, for `make install`.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Write the manual pages of all verbs.",
    discussion: """
      'make install' does this; 'man jacquard' then shows the main page.

      Examples:
        jacquard manual /usr/local/share/man/man1
      """,
    shouldDisplay: false)

  @Argument(help: "The folder for the pages, such as share/man/man1; it must exist.")
  var folder: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    guard Folder.kind(folder) == .folder else {
      throw Failure(.cannotCreate, "\(folder): there is no such folder; create it.")
    }
    let program = try CommandDescription.program()
    let pages = program.all.map { ManualPage($0, of: program) }
    for page in pages { try AtomicFile.write(text: page.text, to: folder + "/" + page.fileName) }
    let names = pages.map(\.fileName)
    let json: JSONValue = [
      "schema": 1, "folder": .string(folder), "pages": .array(names.map(JSONValue.string)),
    ]
    try output.console.result(output.json ? [json.text] : names)
  }
}
