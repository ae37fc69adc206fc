internal import Files
internal import CJacquard
internal import Interchange
internal import JacquardEngine
internal import Support

/// Why a call fails: the code that it returns and the message that it leaves.
struct Refusal: Error {
  let status: jacquard_status
  let message: String

  init(_ status: jacquard_status, _ message: String) {
    self.status = status
    // One line, as the header promises, whatever a name in it holds.
    self.message = VisibleText.line(message)
  }

  /// A wrong argument.
  static func argument(_ message: String) -> Refusal { Refusal(JACQUARD_BAD_ARGUMENT, message) }

  /// A model that cannot be used.
  init(_ error: ModelError) {
    self.init(JACQUARD_BAD_MODEL, (error.position.map { "the model's JSON, \($0): " } ?? "") + error.description)
  }

  /// A file that cannot be read, or written.
  init(_ error: FileError) {
    let status =
      switch error.category {
      case .badInput: JACQUARD_BAD_FILE
      case .cannotCreate: JACQUARD_CANNOT_WRITE
      case .noSuchInput: JACQUARD_NO_FILE
      case .inputOutput: error.operation == .read ? JACQUARD_NO_FILE : JACQUARD_CANNOT_WRITE
      }
    self.init(status, error.description)
  }

  /// A file whose content is not acceptable, or that cannot be read.
  init(_ error: InterchangeError) {
    if case .file(let error) = error { self.init(error) } else { self.init(JACQUARD_BAD_FILE, error.description) }
  }
}

/// Runs what a call does. If it is refused, the thread's last error is set.
func reporting(_ body: () throws(Refusal) -> jacquard_status) -> jacquard_status {
  do throws(Refusal) {
    return try body()
  } catch {
    LastError.set(error)
    return error.status
  }
}

/// Runs what a call does whose result is a value, and `fallback` if it is refused.
func reporting<Value>(or fallback: Value, _ body: () throws(Refusal) -> Value) -> Value {
  do throws(Refusal) {
    return try body()
  } catch {
    LastError.set(error)
    return fallback
  }
}
