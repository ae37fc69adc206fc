/// How the user wants progress to be shown.
package enum ProgressMode: String, CaseIterable, Sendable {
  /// A bar on a terminal, plain lines elsewhere.
  case auto
  /// One line that is rewritten.
  case bar
  /// One line per epoch, without control characters.
  case plain
  /// Nothing.
  case none

  /// Resolves `auto` for a kind of standard error: a terminal that cannot move its cursor gets plain lines.
  package func resolved(isTerminal: Bool, terminalType: String?) -> ProgressMode {
    guard self == .auto else { return self }
    return isTerminal && terminalType != "dumb" ? .bar : .plain
  }
}
