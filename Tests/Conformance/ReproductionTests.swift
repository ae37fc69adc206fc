import Foundation
import TestSupport
import Testing

/// The digests of `reproduce`, computed by the reference library of safetensors.
@Suite(.conformance)
struct ReproductionTests {
  private func digest(_ file: String) throws -> String {
    try Python.run("tensors_digest.py", file).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test(arguments: ["lenet", "vgg"])
  func theDigestOfTensorsIsThatOfTheReference(model: String) throws {
    let folder = try TemporaryFolder()
    let flags = ["--model", model, "--epochs", "1", "--max-train", "300", "--keep-states", "1", "--no-test"]
    _ = try Program.output(of: Program.jacquard, ["train", "--quiet", "--out", "run"] + flags, in: folder)
    let output = try Program.output(of: Program.jacquard, ["reproduce", "run", "--quiet", "--json"], in: folder)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    let expected = try digest(folder("run/weights/last.safetensors"))
    #expect(json["tensors_sha256"] as? [String: String] == ["recorded": expected, "now": expected])
    // A kept state names its own tensors.
    let state = folder("run/state/epoch-1.safetensors")
    let metadata = try Python.run("safetensors_read.py", state)
    #expect(metadata.contains("'jacquard.tensors_sha256'\t'\(try digest(state))'"), "\(metadata)")
  }
}
