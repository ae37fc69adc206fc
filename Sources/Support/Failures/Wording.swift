/// How a program names options and reports errors.
package protocol Wording: Sendable {
  /// How an option is written.
  func text(of option: OptionName) -> String

  /// The kind and message of an error.
  func description(of error: any Error) -> (kind: Failure.Kind, text: String)

  /// The number that identifies a kind of failure to other programs.
  func code(of kind: Failure.Kind) -> Int

  /// The kind of failure with this number; nil for other numbers.
  func kind(of code: Int) -> Failure.Kind?
}

extension Wording {
  /// The text of a message, with options written as in this program.
  package func text(of message: MessageText) -> String {
    message.parts.map { part in
      switch part {
      case .text(let text): text
      case .option(let option): text(of: option)
      case .error(let error): description(of: error).text
      }
    }.joined()
  }

  /// The kind and message of a failure in this program's words.
  package func completed(_ failure: Failure) -> (kind: Failure.Kind, text: String) {
    let text = text(of: failure.message)
    if let kind = failure.kind { return (kind, text) }
    for case .error(let error) in failure.message.parts { return (description(of: error).kind, text) }
    return (.internalError, text)
  }
}

/// The wording of a program without flags and exit codes: options by their names.
package struct PlainWording: Wording {
  package init() {}

  package func text(of option: OptionName) -> String { option.words }

  package func description(of error: any Error) -> (kind: Failure.Kind, text: String) {
    if let failure = error as? Failure { return completed(failure) }
    return (.internalError, "\(error)")
  }

  package func code(of kind: Failure.Kind) -> Int { Failure.Kind.allCases.firstIndex(of: kind).map { $0 + 1 } ?? 0 }

  package func kind(of code: Int) -> Failure.Kind? {
    Failure.Kind.allCases.indices.contains(code - 1) ? Failure.Kind.allCases[code - 1] : nil
  }
}
