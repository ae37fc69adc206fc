internal import Files
internal import Runs
package import Support

extension ChildProcess {
  /// Starts this program again as a worker.
  ///
  /// - Parameters:
  ///   - arguments: The arguments after the verb `worker`.
  ///   - capturesErrors: Whether to collect its standard error; otherwise it shares that of this process.
  ///   - prefix: Environment variables with this prefix are removed; nil for none.
  /// - Throws: a `Failure` of the kind `inputOutput` if the system cannot start another process.
  package convenience init(
    worker arguments: [String], capturesErrors: Bool, withoutVariables prefix: String? = nil
  ) throws(Support.Failure) {
    do throws(ChildProcess.Failure) {
      try self.init(
        arguments: ["jacquard", "worker"] + arguments,
        environment: Environment.all.filter { variable in !(prefix.map(variable.hasPrefix) ?? false) },
        capturesErrors: capturesErrors)
    } catch {
      throw Support.Failure(.inputOutput, "\(error); try again with fewer \(.jobs).")
    }
  }
}
