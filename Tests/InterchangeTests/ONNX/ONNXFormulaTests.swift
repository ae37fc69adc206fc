import Interchange
import JacquardEngine
import Testing

/// Activation functions of several nodes, as exporters and people write them: each becomes one layer.
struct ONNXFormulaTests {
  /// Reads a graph with a 1×1 convolution `a`; constants may be given by value, as in `0.5`.
  private static func layers(_ nodes: [(String, [String], String)]) throws -> [any Layer] {
    var file = GraphFile()
    file.numbers("w", [3, 2, 1, 1])
    file.node("Conv", ["x", "w"], "a")
    var numbers: Set<String> = []
    for (type, inputs, output) in nodes {
      for input in inputs {
        guard let number = Float(input), numbers.insert(input).inserted else { continue }
        file.numbers(input, [], [number])
      }
      file.node(type, inputs, output)
    }
    file.node("GlobalMaxPool", ["b"], "pool")
    file.node("Flatten", ["pool"], "y")
    return try file.imported().model.layers.dropLast().map(\.self)
  }

  private func expect(
    _ layer: any Layer, _ nodes: [(String, [String], String)], location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try Self.layers(nodes)
    #expect(found.count == 2, "\(found)", sourceLocation: location)
    let models = [found[1], layer].map { layer in Model(name: "m", inputShape: .vector(2), classNames: ["a"]) { layer }
    }
    #expect(models[0] == models[1], "\(found)", sourceLocation: location)
  }

  @Test func mish() throws {
    try expect(Activation(.mish), [("Softplus", ["a"], "s"), ("Tanh", ["s"], "t"), ("Mul", ["a", "t"], "b")])
    try expect(
      Activation(.mish),
      [
        ("Exp", ["a"], "e"), ("Add", ["e", "1"], "s"), ("Log", ["s"], "l"), ("Tanh", ["l"], "t"),
        ("Mul", ["t", "a"], "b"),
      ])
  }

  @Test func hardSwishAndHardSigmoid() throws {
    let gate = [("Add", ["a", "3"], "s"), ("Clip", ["s", "0", "6"], "c")]
    try expect(Activation(.hardSwish), gate + [("Mul", ["a", "c"], "m"), ("Div", ["m", "6"], "b")])
    try expect(Activation(.hardSwish), gate + [("Div", ["c", "6"], "d"), ("Mul", ["d", "a"], "b")])
    try expect(Activation(.hardSigmoid()), gate + [("Div", ["c", "6"], "b")])
    try expect(
      Activation(.hardSigmoid()),
      [("Add", ["a", "3"], "s"), ("Relu", ["s"], "r"), ("Min", ["r", "6"], "m"), ("Div", ["m", "6"], "b")])
    try expect(Activation(.relu6), [("Max", ["a", "0"], "m"), ("Min", ["6", "m"], "b")])
  }

  @Test func approximations() throws {
    for cube in [[("Pow", ["a", "3"], "p")], [("Mul", ["a", "a"], "q"), ("Mul", ["q", "a"], "p")]] {
      try expect(
        Activation(.approximateGELU),
        cube + [
          ("Mul", ["p", "0.044715"], "k"), ("Add", ["a", "k"], "i"), ("Mul", ["i", "0.7978846"], "j"),
          ("Tanh", ["j"], "t"), ("Add", ["t", "1"], "o"), ("Mul", ["a", "0.5"], "h"), ("Mul", ["h", "o"], "b"),
        ])
    }
    try expect(
      Activation(.quickGELU), [("Mul", ["a", "1.702"], "m"), ("Sigmoid", ["m"], "s"), ("Mul", ["a", "s"], "b")])
    try expect(
      SiLU(), [("Neg", ["a"], "n"), ("Exp", ["n"], "e"), ("Add", ["1", "e"], "s"), ("Div", ["a", "s"], "b")])
  }

  @Test func others() throws {
    try expect(Activation(.softsign), [("Abs", ["a"], "m"), ("Add", ["m", "1"], "s"), ("Div", ["a", "s"], "b")])
    try expect(
      Activation(.sigmoid),
      [("Neg", ["a"], "n"), ("Exp", ["n"], "e"), ("Add", ["e", "1"], "s"), ("Reciprocal", ["s"], "b")])
    try expect(LeakyReLU(negativeSlope: 0.125), [("Mul", ["a", "0.125"], "m"), ("Max", ["m", "a"], "b")])
    // PyTorch's softplus, which becomes linear at the end.
    try expect(
      Activation(.softplus),
      [("Softplus", ["a"], "s"), ("Greater", ["a", "20"], "g"), ("Where", ["g", "a", "s"], "b")])
    try expect(
      Activation(.elu(alpha: 0.5)),
      [
        ("Exp", ["a"], "e"), ("Sub", ["e", "1"], "s"), ("Mul", ["s", "0.5"], "h"), ("Greater", ["a", "0"], "g"),
        ("Where", ["g", "a", "h"], "b"),
      ])
  }

  /// A function that is not one of ours is split into its parts, and gives the same results.
  @Test func sumsAndProductsOfFunctions() throws {
    let sum = try Self.layers([("Tanh", ["a"], "t"), ("Add", ["a", "t"], "b")])
    #expect(sum.count == 2 && (sum[1] as? Residual)?.body.count == 1)
    let product = try Self.layers([("Tanh", ["a"], "t"), ("Sigmoid", ["a"], "s"), ("Mul", ["s", "t"], "b")])
    #expect((product[1] as? Branches)?.merge == .multiply)
    let scaled = try Self.layers([("Tanh", ["a"], "t"), ("Mul", ["t", "2"], "b")])
    #expect(scaled.count == 3 && (scaled[2] as? Conv2D)?.groups == 3)
    let swish = try Self.layers([
      ("Mul", ["a", "1.5"], "m"), ("Sigmoid", ["m"], "s"), ("Mul", ["a", "s"], "b"),
    ])
    #expect(swish[1] as? Activation == Activation(.swish(alpha: 1.5)))
  }
}
