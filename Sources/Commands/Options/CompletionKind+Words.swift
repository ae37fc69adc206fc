internal import ArgumentParser
internal import JacquardEngine

extension CompletionKind {
  /// The words of a type.
  static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> CompletionKind {
    .list(Word.allCases.map(\.rawValue))
  }

  /// The models that have a name. One shell offers files where none of them fits, the others what is typed as a path.
  static var model: CompletionKind { .list(Model.names) }
}
