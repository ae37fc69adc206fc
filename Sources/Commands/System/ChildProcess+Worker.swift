internal import Files

extension ChildProcess {
  /// Starts this program again as a worker.
  ///
  /// - Parameters:
  ///   - arguments: What follows the verb `worker`.
  ///   - capturesErrors: Whether its standard error is collected; else it is that of this process.
  ///   - prefix: Environment variables that begin like this are kept from it; nil for none.
  /// - Throws: a `CommandFailure` with exit code 74 if the system cannot start another process.
  convenience init(
    worker arguments: [String], capturesErrors: Bool, withoutVariables prefix: String? = nil
  ) throws(CommandFailure) {
    do throws(Failure) {
      try self.init(
        arguments: ["jacquard", "worker"] + arguments,
        environment: Environment.all.filter { variable in !(prefix.map(variable.hasPrefix) ?? false) },
        capturesErrors: capturesErrors)
    } catch {
      throw CommandFailure(.inputOutput, "\(error); try again with fewer --jobs.")
    }
  }
}
