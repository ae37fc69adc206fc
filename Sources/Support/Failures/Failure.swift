/// The reason why an operation failed: the kind of fault, and a one-line message.
///
/// Targets below the command line throw failures without knowing flags and exit codes: a `Wording` adds both.
package struct Failure: Error, Sendable {
  /// The kind of fault.
  package enum Kind: CaseIterable, Sendable {
    /// Some of many items failed; each was reported on a separate line.
    case someItemsFailed
    /// A threshold that the user set was not met.
    case gateNotMet
    /// The user's request is invalid.
    case usage
    /// A file's content is wrong.
    case badData
    /// A file or folder to read does not exist.
    case noInput
    /// A bug in this program.
    case internalError
    /// A file or folder cannot be created.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// The configuration or a part of the machine is faulty.
    case badConfiguration
  }

  /// The kind of fault; nil for an error of another type, which its type determines.
  package let kind: Kind?
  /// What happened, where, and what to do.
  package let message: MessageText

  /// Makes a failure.
  package init(_ kind: Kind, _ message: MessageText) {
    self.kind = kind
    self.message = message
  }

  /// Makes a failure from a finished text.
  package init(_ kind: Kind, text: String) {
    self.init(kind, MessageText(text))
  }

  /// Converts an error of any type to a failure.
  package init(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
    } else {
      kind = nil
      message = MessageText(error)
    }
  }
}
