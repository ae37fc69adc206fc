internal import Files
internal import CJacquard
internal import Interchange
internal import JacquardEngine
internal import Support

/// Why a call fails: its status code and message.
struct Refusal: Error {
  let status: jacquard_status
  let message: String

  init(_ status: jacquard_status, _ message: String) {
    self.status = status
    // One line, as the header promises, whatever the names in it contain.
    self.message = VisibleText.line(message)
  }

  /// A wrong argument.
  static func argument(_ message: String) -> Refusal { Refusal(JACQUARD_BAD_ARGUMENT, message) }

  /// An unusable model.
  init(_ error: ModelError) {
    self.init(JACQUARD_BAD_MODEL, (error.position.map { "the model's JSON, \($0): " } ?? "") + error.description)
  }

  /// A file that cannot be read or written.
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

  /// A file that cannot be read or whose content is invalid.
  init(_ error: InterchangeError) {
    if case .file(let error) = error { self.init(error) } else { self.init(JACQUARD_BAD_FILE, error.description) }
  }
}

/// Runs the body of a call. If it fails, sets the thread's last error.
func reporting(_ body: () throws(Refusal) -> jacquard_status) -> jacquard_status {
  do throws(Refusal) {
    return try body()
  } catch {
    LastError.set(error)
    return error.status
  }
}

/// Runs the body of a call that returns a value; returns `fallback` if it fails.
func reporting<Value>(or fallback: Value, _ body: () throws(Refusal) -> Value) -> Value {
  do throws(Refusal) {
    return try body()
  } catch {
    LastError.set(error)
    return fallback
  }
}
