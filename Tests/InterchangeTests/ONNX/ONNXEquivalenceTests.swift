import Interchange
import JacquardEngine
import ONNXSchema
import Testing

/// Several ways to write one model, all of which become the same model.
struct ONNXEquivalenceTests {
  /// A graph of a 3×3 convolution `w` with padding 1, followed by `body` up to `b`, then a global pool.
  private static func image(_ body: (inout GraphFile) -> Void) throws -> ONNXImport {
    var file = GraphFile()
    file.numbers("w", [3, 2, 3, 3])
    file.numbers("bias", [3])
    file.numbers("w1", [3, 2, 1, 1])
    body(&file)
    file.node("GlobalMaxPool", ["b"], "c")
    file.node("Flatten", ["c"], "y")
    return try file.imported()
  }

  /// A graph of vectors of four features and three results.
  private static func vector(_ body: (inout GraphFile) -> Void) throws -> ONNXImport {
    var file = GraphFile(input: [4])
    file.numbers("w", [4, 3])
    file.numbers("transposed", [3, 4], [0.5, 2, 3.5, 5, 1, 2.5, 4, 5.5, 1.5, 3, 4.5, 6])
    file.numbers("bias", [3])
    body(&file)
    return try file.imported()
  }

  private func expectSame(_ one: ONNXImport, _ other: ONNXImport, location: SourceLocation = #_sourceLocation) {
    #expect(one.model == other.model, sourceLocation: location)
    #expect(one.tensors == other.tensors, sourceLocation: location)
  }

  private static let padded: [String: GraphFile.Value] = ["pads": .integers([1, 1, 1, 1])]

  /// The convolution `w` with its outputs multiplied by 1, 2 and 3.
  private static let scaled: [Float] = (0..<54).map { index in
    let weight = 0.5 + 0.5 * Float(index)
    return weight * Float(index / 18 + 1)
  }

  @Test func fusedConvolutions() throws {
    let plain = try Self.image {
      $0.node("Conv", ["x", "w1"], "s")
      $0.node("Conv", ["x", "w", "bias"], "a", Self.padded)
      $0.node("Add", ["a", "s"], "sum")
      $0.node("LeakyRelu", ["sum"], "b", ["alpha": .number(0.25)])
    }
    let fused = try Self.image {
      $0.node("Conv", ["x", "w1"], "s")
      $0.node(
        "com.microsoft:FusedConv", ["x", "w", "bias", "s"], "b",
        Self.padded.merging(["activation": .text("LeakyRelu"), "activation_params": .numbers([0.25])]) { $1 })
    }
    expectSame(plain, fused)
    #expect(plain.tensors.map(\.name).count == 3 && plain.model.layers.count == 3)
    #expect(throws: ONNXImportError.self) {
      try Self.image {
        $0.node("com.microsoft:FusedConv", ["x", "w"], "b", ["activation": .text("Sinh")])
      }
    }
  }

  /// Slopes per channel, in the shapes that express this, and one slope for all.
  @Test func slopesOfRectifiers() throws {
    func read(_ shape: [Int], operatorSet: Int64 = 17) throws -> ONNXImport {
      var file = GraphFile(operatorSet: operatorSet)
      file.numbers("w", [3, 2, 3, 3])
      file.numbers("slope", shape)
      file.node("Conv", ["x", "w"], "a", Self.padded)
      file.node("PRelu", ["a", "slope"], "b")
      file.node("GlobalMaxPool", ["b"], "c")
      file.node("Flatten", ["c"], "y")
      return try file.imported()
    }
    for found in try [read([3, 1, 1]), read([1, 3, 1, 1]), read([3], operatorSet: 6)] {
      #expect(found.model.layers[1] as? PReLU == PReLU())
      #expect(found.tensors.first { $0.name == "prelu1.weight" }?.values == [0.5, 1, 1.5])
    }
    for shape in [[], [1], [1, 1, 1]] {
      let found = try read(shape)
      #expect(found.model.layers[1] as? PReLU == PReLU(isShared: true), "\(shape)")
      #expect(found.tensors.first { $0.name == "prelu1.weight" }?.values == [0.5], "\(shape)")
    }
    for shape in [[3], [4], [3, 4, 4], [2, 1, 1]] {
      #expect(throws: ONNXImportError.self, "\(shape)") { try read(shape) }
    }
  }

  /// After a global pool, where convolutions become dense layers, the fourth input is added too.
  @Test func fusedConvolutionsOfVectors() throws {
    func read(_ body: (inout GraphFile) -> Void) throws -> ONNXImport {
      var file = GraphFile()
      file.numbers("w", [3, 2, 1, 1])
      file.numbers("v", [3, 2, 1, 1], [1, 2, 3, 4, 5, 6])
      file.numbers("bias", [3])
      file.node("GlobalAveragePool", ["x"], "p")
      file.node("Conv", ["p", "v"], "s")
      body(&file)
      file.node("Flatten", ["b"], "y")
      return try file.imported()
    }
    let plain = try read {
      $0.node("Conv", ["p", "w", "bias"], "a")
      $0.node("Add", ["a", "s"], "sum")
      $0.node("Relu", ["sum"], "b")
    }
    let fused = try read {
      $0.node("com.microsoft:FusedConv", ["p", "w", "bias", "s"], "b", ["activation": .text("Relu")])
    }
    expectSame(plain, fused)
    #expect(fused.tensors.count == 3)
  }

  @Test func paddingOfEveryKind() throws {
    let explicit = try Self.image {
      $0.node("Conv", ["x", "w"], "b", ["strides": .integers([2, 2]), "pads": .integers([0, 0, 1, 1])])
    }
    let rule = try Self.image {
      $0.node("Conv", ["x", "w"], "b", ["strides": .integers([2, 2]), "auto_pad": .text("SAME_UPPER")])
    }
    let outside = try Self.image {
      $0.integers("pads", [0, 0, 0, 0, 0, 0, 1, 1])
      $0.node("Pad", ["x", "pads"], "p")
      $0.node("Conv", ["p", "w"], "b", ["strides": .integers([2, 2])])
    }
    expectSame(explicit, rule)
    expectSame(explicit, outside)
    let lower = try Self.image {
      $0.node("Conv", ["x", "w"], "b", ["strides": .integers([2, 2]), "auto_pad": .text("SAME_LOWER")])
    }
    #expect((lower.model.layers[0] as? Conv2D)?.padding == Padding(top: 1, left: 1, bottom: 0, right: 0))
    for inputs in [["x", "pads", "one"], ["x", "batch"]] {
      #expect(throws: ONNXImportError.self, "\(inputs)") {
        try Self.image {
          $0.integers("pads", [0, 0, 0, 0, 0, 0, 1, 1])
          $0.integers("batch", [1, 0, 0, 0, 0, 0, 0, 0])
          $0.numbers("one", [], [1])
          $0.node("Pad", inputs, "p")
          $0.node("Conv", ["p", "w"], "b")
        }
      }
    }
  }

  @Test func arithmeticBecomesPartOfTheConvolutionBefore() throws {
    let plain = try Self.image {
      $0.numbers("v", [3, 2, 3, 3], Self.scaled)
      $0.numbers("t", [3], [5.5, 8, 11.5])
      $0.node("Conv", ["x", "v", "t"], "b")
    }
    let parts = try Self.image {
      $0.numbers("factors", [1, 3, 1, 1], [1, 2, 3])
      $0.numbers("terms", [3, 1, 1], [5, 6, 7])
      $0.node("Conv", ["x", "w", "bias"], "a")
      $0.node("Mul", ["factors", "a"], "f")
      $0.node("Add", ["f", "terms"], "b")
    }
    expectSame(plain, parts)
    // After an activation it is a separate convolution; numbers that are broadcast over pixels are rejected.
    let behind = try Self.image {
      $0.numbers("factors", [3, 1, 1], [1, 2, 3])
      $0.node("Conv", ["x", "w"], "a")
      $0.node("Relu", ["a"], "r")
      $0.node("Mul", ["r", "factors"], "b")
    }
    #expect((behind.model.layers[2] as? Conv2D) == Conv2D(outputChannels: 3, kernelSize: 1, groups: 3, usesBias: false))
    #expect(behind.tensors.last?.values == [1, 2, 3])
    #expect(throws: ONNXImportError.self) {
      try Self.image {
        $0.numbers("columns", [4])
        $0.node("Conv", ["x", "w"], "a", Self.padded)
        $0.node("Mul", ["a", "columns"], "b")
      }
    }
  }

  @Test func productsOfEveryKind() throws {
    let gemm = try Self.vector { $0.node("Gemm", ["x", "w", "bias"], "y") }
    #expect(gemm.tensors.map(\.shape) == [[3, 4], [3]])
    let rows: [Float] = [0.5, 2, 3.5, 5, 1, 2.5, 4, 5.5, 1.5, 3, 4.5, 6]
    #expect(gemm.tensors[0].values == rows)
    expectSame(gemm, try Self.vector { $0.node("Gemm", ["x", "transposed", "bias"], "y", ["transB": .integer(1)]) })
    expectSame(
      gemm,
      try Self.vector {
        $0.node("MatMul", ["x", "w"], "p")
        $0.node("Add", ["bias", "p"], "y")
      })
    expectSame(
      gemm,
      try Self.vector {
        $0.numbers("half", [4, 3], (0..<12).map { 0.25 + 0.25 * Float($0) })
        $0.numbers("quarter", [1, 3], [0.125, 0.25, 0.375])
        $0.node("Gemm", ["x", "half", "quarter"], "y", ["alpha": .number(2), "beta": .number(4)])
      })
    expectSame(
      gemm,
      try Self.vector {
        $0.node("Transpose", ["transposed"], "t", ["perm": .integers([1, 0])])
        $0.node("Identity", ["t"], "i")
        $0.node("Gemm", ["x", "i", "bias"], "y")
      })
    // A norm after a dense layer, and one before: y = (x W + b − 1) · 3 / √(0.75 + 0.25) + 2.
    let norm = try Self.vector {
      for (name, value) in [("g", 3), ("h", 2), ("m", 1), ("v", 0.75)] as [(String, Float)] {
        $0.numbers(name, [3], [value, value, value])
      }
      $0.node("Gemm", ["x", "w", "bias"], "a")
      $0.node("BatchNormalization", ["a", "g", "h", "m", "v"], "y", ["epsilon": .number(0.25)])
    }
    let (weights, shifted) = (gemm.tensors[0].values.map { 3 * $0 }, gemm.tensors[1].values.map { 3 * $0 - 1 })
    #expect(norm.tensors[0].values == weights)
    #expect(norm.tensors[1].values == shifted)
    let before = try Self.vector {
      for (name, value) in [("g", 3), ("h", 2), ("m", 1), ("v", 0.75)] as [(String, Float)] {
        $0.numbers(name, [4], [value, value, value, value])
      }
      $0.node("Relu", ["x"], "r")
      $0.node("BatchNormalization", ["r", "g", "h", "m", "v"], "a", ["epsilon": .number(0.25)])
      $0.node("Gemm", ["a", "w", "bias"], "y")
    }
    #expect(before.tensors[0].values == norm.tensors[0].values)
    // The bias minus the sum of each row.
    let biases: [Float] = [-10.5, -12, -13.5]
    #expect(before.tensors[1].values == biases)
  }

  @Test func activationsOfSeveralNodes() throws {
    func with(_ body: (inout GraphFile) -> Void) throws -> ONNXImport {
      try Self.vector {
        $0.node("Gemm", ["x", "w", "bias"], "a")
        $0.numbers("root", [], [Float(2).squareRoot()])
        $0.numbers("one", [1], [1])
        $0.numbers("half", [], [0.5])
        body(&$0)
      }
    }
    let gelu = try with { $0.node("com.microsoft:Gelu", ["a"], "y") }
    #expect(gelu.model.layers.last is GELU)
    expectSame(
      gelu,
      try Self.vector {
        $0.node("MatMul", ["x", "w"], "a")
        $0.node("com.microsoft:BiasGelu", ["a", "bias"], "y")
      })
    for order in [["a", "half"], ["half", "a"]] {
      expectSame(
        gelu,
        try with {
          $0.node("Div", ["a", "root"], "d")
          $0.node("Erf", ["d"], "e")
          $0.node("Add", ["e", "one"], "s")
          $0.node("Mul", order, "h")
          $0.node("Mul", ["s", "h"], "y")
        })
    }
    #expect(throws: ONNXImportError.self) {
      try with {
        $0.node("Erf", ["a"], "e")
        $0.node("Add", ["e", "one"], "s")
        $0.node("Mul", ["a", "s"], "y")
      }
    }
    let silu = try with {
      $0.node("Sigmoid", ["a"], "s")
      $0.node("Mul", ["s", "a"], "y")
    }
    #expect(silu.model.layers.last is SiLU)
    expectSame(silu, try with { $0.node("com.microsoft:QuickGelu", ["a"], "y", ["alpha": .number(1)]) })
    let quick = try with { $0.node("com.microsoft:QuickGelu", ["a"], "y") }
    #expect(quick.model.layers.last as? Activation == Activation(.quickGELU))
    #expect(throws: ONNXImportError.self) { try with { $0.node("Sigmoid", ["a"], "y") } }
    for type in ["Softmax", "LogSoftmax"] {
      expectSame(try with { $0.node("Identity", ["a"], "y") }, try with { $0.node(type, ["a"], "y") })
    }
  }

  /// Images with channels last, flattened without a transpose: the rows of the dense layer are brought into the order of files.
  @Test func bothOrdersOfAFlatten() throws {
    func file(_ body: (inout GraphFile) -> Void) throws -> ONNXImport {
      var file = GraphFile(input: [2, 3, 2])
      file.numbers("k", [2, 2, 1, 1])
      body(&file)
      return try file.imported()
    }
    // Row r, column c, channel k of 2×3 pixels with 2 channels.
    let first = try file {
      $0.numbers("w", [12, 2], (0..<24).map { Float($0 / 2) })
      $0.node("Conv", ["x", "k"], "a")
      $0.node("Flatten", ["a"], "f")
      $0.node("Gemm", ["f", "w"], "y")
    }
    #expect(first.model.inputShape == .image(height: 3, width: 2, channels: 2))
    #expect(first.tensors.last?.values == (0..<24).map { Float($0 % 12) })
    let last = try file {
      $0.model.graph.input = [GraphFile.information("x", 1, [3, 2, 2])]
      $0.integers("shape", [-1, 12])
      $0.numbers("w", [12, 2], (0..<24).map { Float($0 / 2 % 2 * 6 + $0 / 4) })
      $0.node("Transpose", ["x"], "t", ["perm": .integers([0, 3, 1, 2])])
      $0.node("Conv", ["t", "k"], "a")
      $0.node("Transpose", ["a"], "u", ["perm": .integers([0, 2, 3, 1])])
      $0.node("Reshape", ["u", "shape"], "f")
      $0.node("MatMul", ["f", "w"], "y")
    }
    expectSame(first, last)
    let computed = try file {
      $0.numbers("w", [12, 2], (0..<24).map { Float($0 / 2) })
      $0.integers("start", [0])
      $0.integers("end", [1])
      $0.integers("rest", [-1])
      $0.node("Conv", ["x", "k"], "a")
      $0.node("Shape", ["a"], "s")
      $0.node("Slice", ["s", "start", "end"], "batch")
      $0.node("Concat", ["batch", "rest"], "shape", ["axis": .integer(0)])
      $0.node("Reshape", ["a", "shape"], "f")
      $0.node("MatMul", ["f", "w"], "y")
    }
    expectSame(first, computed)
  }

  @Test func preprocessing() throws {
    func file(_ element: Int32, _ body: (inout GraphFile) -> Void) throws -> Normalization {
      var file = GraphFile(element: element)
      file.numbers("w", [3, 2, 1, 1])
      file.numbers("k", [], [0.5])
      file.numbers("small", [], [1 / 256])
      file.numbers("m", [1, 2, 1, 1], [0.25, 0.5])
      file.numbers("d", [2, 1, 1], [2, 4])
      body(&file)
      file.node("Conv", ["p", "w"], "a")
      file.node("GlobalMaxPool", ["a"], "b")
      file.node("Flatten", ["b"], "y")
      return try file.imported().model.preprocessing
    }
    let normalized: (inout GraphFile) -> Void = {
      $0.node("Sub", ["s", "m"], "c")
      $0.node("Div", ["c", "d"], "p")
    }
    #expect(
      try file(2) {
        $0.node("Cast", ["x"], "f", ["to": .integer(1)])
        $0.node("Mul", ["f", "small"], "s")
        normalized(&$0)
      } == Normalization(scale: 1.0 / 256, mean: [0.25, 0.5], deviation: [2, 4]))
    #expect(
      try file(1) {
        $0.node("Identity", ["x"], "s")
        normalized(&$0)
      } == Normalization(mean: [0.25, 0.5], deviation: [2, 4]))
    #expect(
      try file(1) { $0.node("Mul", ["x", "small"], "p") }
        == Normalization(scale: 1.0 / 256, mean: [0], deviation: [1]))
    // 0.5 − x of numbers from 0 to 1.
    #expect(
      try file(1) { $0.node("Sub", ["k", "x"], "p") }
        == Normalization(scale: -1.0 / 255, mean: [-0.5], deviation: [1]))
    #expect(try file(1) { $0.node("Identity", ["x"], "p") } == .fashionMNIST)
  }
}
