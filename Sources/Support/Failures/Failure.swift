/// What keeps a piece of work from being done: what kind of thing is at fault, and one line for people.
///
/// Targets below the command line throw it without knowing flags and exit codes: a `Wording` completes both.
package struct Failure: Error, Sendable {
  /// What is at fault.
  package enum Kind: CaseIterable, Sendable {
    /// Some items of many failed; each has said so in its own line.
    case someItemsFailed
    /// A bound that the user set was not met.
    case gateNotMet
    /// What the user asked for makes no sense.
    case usage
    /// A file's content is wrong.
    case badData
    /// A file or folder that should be read does not exist.
    case noInput
    /// A fault of this program.
    case internalError
    /// A file or folder cannot be created.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// A configuration is wrong, or a part of the machine.
    case badConfiguration
  }

  /// What is at fault; nil for an error of another type, which its own type says.
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

  /// The failure that an error of any type amounts to.
  package init(_ error: any Error) {
    if let failure = error as? Failure {
      self = failure
    } else {
      kind = nil
      message = MessageText(error)
    }
  }
}
