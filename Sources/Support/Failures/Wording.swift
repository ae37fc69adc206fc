/// How a program names options and says what went wrong.
package protocol Wording: Sendable {
  /// How an option is written.
  func text(of option: OptionName) -> String

  /// What kind of failure an error is, and what it says.
  func description(of error: any Error) -> (kind: Failure.Kind, text: String)

  /// The number by which other programs know a kind of failure.
  func code(of kind: Failure.Kind) -> Int

  /// The kind of failure that a number stands for; nil for other numbers.
  func kind(of code: Int) -> Failure.Kind?
}

extension Wording {
  /// The text of a message, with the options as this program writes them.
  package func text(of message: MessageText) -> String {
    message.parts.map { part in
      switch part {
      case .text(let text): text
      case .option(let option): text(of: option)
      case .error(let error): description(of: error).text
      }
    }.joined()
  }

  /// What a failure is, and what it says in this program's words.
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
