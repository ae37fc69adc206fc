import Interchange
import Testing

/// Nodes with inputs that do not suit their operator: too few, omitted, empty, or of another kind.
struct ONNXInputTests {
  /// A graph with tensors of every kind and one node of an operator, with these inputs.
  private func graph(_ type: String, _ inputs: [String]) -> GraphFile {
    var file = GraphFile()
    file.numbers("scalar", [])
    file.numbers("none", [0])
    file.numbers("channels", [2])
    file.numbers("image", [1, 2, 4, 4])
    file.integers("whole", [1])
    file.integers("nothing", [])
    let place = type.lastIndex(of: ".")
    let domain = place.map { type[..<$0] + ":" } ?? ""
    file.node(domain + type[(place.map(type.index(after:)) ?? type.startIndex)...], inputs, "y")
    return file
  }

  @Test(arguments: ONNXNetworkGraph.operators)
  func noInputIsTooFew(type: String) throws {
    for inputs in [[], [""], ["", ""]] {
      #expect(try graph(type, inputs).refusal().contains("graph.onnx: "), "\(inputs)")
    }
  }

  /// Each is read or refused; none traps.
  @Test(arguments: ONNXNetworkGraph.operators)
  func anyInputsAreReadOrRefused(type: String) throws {
    let names = ["x", "", "scalar", "none", "channels", "image", "whole", "nothing", "y"]
    for first in names {
      _ = try graph(type, [first]).refusal()
      for second in names {
        _ = try graph(type, [first, second]).refusal()
        for third in names { _ = try graph(type, [first, second, third]).refusal() }
      }
    }
  }
}
