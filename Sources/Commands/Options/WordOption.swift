internal import ArgumentParser
internal import JacquardEngine
internal import Runs
internal import Support

/// Options whose value is one of a few words.
enum WordOption {
  /// The words of a type as text, such as `train or inference`.
  static func list<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
    list(Word.allCases.map(\.rawValue), last: "or")
  }

  /// Words in a row, with a word before the last.
  static func list(_ words: [String], last: String) -> String {
    words.dropLast().joined(separator: ", ") + " \(last) " + (words.last ?? "")
  }

  /// The names of the named models, separated by commas.
  static var models: String { Model.names.joined(separator: ", ") }

  /// The value for a word.
  ///
  /// - Throws: an error that lists the words and suggests the nearest one.
  static func value<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String, flag: String
  ) throws(ValidationError) -> Word {
    if let word = Word(rawValue: text) { return word }
    let hint = Suggestion.closest(to: text, among: Word.allCases.map(\.rawValue)).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError("\(flag) must be \(list(Word.self)), not '\(text)'.\(hint)")
  }
}

extension CompletionKind {
  /// The words of a type, for completion.
  static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> CompletionKind {
    .list(Word.allCases.map(\.rawValue))
  }

  /// The names of the built-in models. One shell offers files if no name fits, the others complete the word as a path.
  static var model: CompletionKind { .list(Model.names) }
}
