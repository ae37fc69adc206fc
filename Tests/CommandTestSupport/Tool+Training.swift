import Foundation
import TestSupport
import Testing

extension Tool {
  /// Trains `lenet` for a few steps on small data in the tool's folder, into `run`, and requires success.
  @discardableResult
  package func trainSmall(_ flags: String..., into run: String = "run") throws -> Outcome {
    let data = try SmallData.write(in: folder)
    let outcome = try self.run(
      ["train", "--model", "lenet", "--data", data, "--out", run, "--batch-size", "20", "--json"] + flags)
    try #require(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  /// The JSON object in a file of the tool's folder.
  package func json(_ name: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(try folder.text(name).utf8))
    return try #require(value as? [String: Any])
  }
}
