internal import Support

/// Successive halving: all runs are trained for some epochs, the best of them for more, and so on to the end.
package struct Halving: Equatable, Sendable {
  /// The epochs after which runs are compared, in increasing order.
  package let rungs: [Int]
  /// One run in this many continues.
  package let factor: Int

  /// Reads the member `halving` of a sweep's file, such as `{"rungs": [1, 3], "factor": 3}`.
  init(_ value: JSONValue, path: String) throws(Failure) {
    func refusal(_ message: String) -> Failure { Failure(.badConfiguration, "\(path): \(message)") }
    guard case .object(let members) = value else {
      throw refusal("\"halving\" must be an object such as {\"rungs\": [1, 3], \"factor\": 3}, not \(value.text).")
    }
    if let other = members.first(where: { $0.name != "rungs" && $0.name != "factor" }) {
      throw refusal("unknown key \"halving.\(other.name)\". Its keys are rungs and factor.")
    }
    let rungs = (value["rungs"]?.array ?? []).compactMap(\.integer)
    guard !rungs.isEmpty, rungs.count == value["rungs"]?.array?.count, rungs[0] >= 1,
      zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw refusal(
        "\"halving.rungs\" must be increasing numbers of epochs such as [1, 3], not \(value["rungs"]?.text ?? "missing")."
      )
    }
    let factor = value["factor"] ?? 2
    guard let number = factor.integer, 2...1000 ~= number else {
      throw refusal("\"halving.factor\" must be a whole number from 2 to 1000, not \(factor.text).")
    }
    self.rungs = rungs
    self.factor = number
  }

  /// The number of runs that continue.
  func survivors(of count: Int) -> Int { (count + factor - 1) / factor }
}
