internal import ArgumentParser
internal import Support

/// A verb as its definition describes it: the source of help texts, completions and manual pages.
struct CommandDescription {
  /// An argument of a verb.
  struct Argument {
    /// A flag, an option with a value, or a value that stands alone.
    enum Kind: String {
      case flag, option, positional
    }

    let kind: Kind
    /// The names with their dashes, short ones first; empty for a positional argument.
    let names: [String]
    /// The name of its value.
    let valueName: String
    let isOptional: Bool
    let isRepeating: Bool
    /// The values allowed, if they can be listed.
    let words: [String]
    let initialValue: String?
    let abstract: String
    let discussion: String
    /// The title of its group.
    let section: String
  }

  /// The words that call it, starting with the program's name.
  let path: [String]
  let abstract: String
  let discussion: String
  let arguments: [Argument]
  let verbs: [CommandDescription]

  /// The whole program.
  ///
  /// - Throws: a `Failure` with exit code 70 if the parser's description of the program has an unknown form.
  static func program() throws(Failure) -> CommandDescription {
    let text = JacquardCommand._dumpHelp()
    let content: JSONValue
    do throws(JSONSyntaxError) {
      content = try JSONReader.value(of: Array(text.utf8))
    } catch {
      throw Failure(.internalError, "the description of the command line is not JSON: \(error).")
    }
    guard let program = content["command"].flatMap({ CommandDescription($0, below: []) }) else {
      throw Failure(.internalError, "the description of the command line has no command.")
    }
    return program
  }

  private init?(_ content: JSONValue, below path: [String]) {
    guard let name = content["commandName"]?.string else { return nil }
    self.path = path + [name]
    abstract = content["abstract"]?.string ?? ""
    discussion = content["discussion"]?.string ?? ""
    arguments = (content["arguments"]?.array ?? []).filter(Self.isShown).compactMap(Argument.init)
    let here = self.path
    // The parser's own verb has no page.
    verbs = (content["subcommands"]?.array ?? []).filter { Self.isShown($0) && $0["commandName"] != "help" }
      .compactMap { CommandDescription($0, below: here) }
  }

  private static func isShown(_ content: JSONValue) -> Bool { content["shouldDisplay"] != false }

  /// This verb and all below it, parents first.
  var all: [CommandDescription] { [self] + verbs.flatMap(\.all) }
}

extension CommandDescription.Argument {
  fileprivate init?(_ content: JSONValue) {
    guard let kind = content["kind"]?.string.flatMap(Kind.init), let valueName = content["valueName"]?.string else {
      return nil
    }
    self.kind = kind
    self.valueName = valueName
    names = (content["names"]?.array ?? []).compactMap { name in
      name["name"]?.string.map { (name["kind"] == "long" ? "--" : "-") + $0 }
    }.sorted { $0.count < $1.count }
    isOptional = content["isOptional"] == true
    isRepeating = content["isRepeating"] == true
    words = (content["allValues"]?.array ?? []).compactMap(\.string)
    initialValue = content["defaultValue"]?.string
    abstract = content["abstract"]?.string ?? ""
    discussion = content["discussion"]?.string ?? ""
    section = content["sectionTitle"]?.string ?? ""
  }
}
