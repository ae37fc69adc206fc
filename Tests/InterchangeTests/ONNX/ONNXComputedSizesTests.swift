import Interchange
import JacquardEngine
import ONNXSchema
import Testing

/// Padding that a graph computes from the sizes of its input, and dense layers for each pixel.
struct ONNXComputedSizesTests {
  /// A 3×3 convolution `w` of `a` to `b`, then a global pool.
  private static func graph(operatorSet: Int64 = 17, _ body: (inout GraphFile) -> Void) throws -> ONNXImport {
    var file = GraphFile(operatorSet: operatorSet)
    file.numbers("w", [3, 2, 3, 3])
    body(&file)
    file.node("GlobalMaxPool", ["b"], "c")
    file.node("Flatten", ["c"], "y")
    return try file.imported()
  }

  /// TensorFlow's "same" as exporters write it: max(0, (⌈rows / stride⌉ − 1) · stride + 3 − rows), a half of it before the image.
  private static func computed(operatorSet: Int64, stride: Float) throws -> ONNXImport {
    try graph(operatorSet: operatorSet) {
      for (name, value) in [("stride", stride), ("one", 1), ("three", 3), ("zero", 0), ("half", 0.5)] {
        $0.numbers(name, [], [value])
      }
      $0.integers("two", [2])
      $0.integers("ahead", [0, 0])
      $0.node("Shape", ["x"], "sizes")
      $0.node("Gather", ["sizes", "two"], "rows")
      $0.node("Cast", ["rows"], "r", ["to": .integer(1)])
      $0.node("Div", ["r", "stride"], "quotient")
      $0.node("Ceil", ["quotient"], "positions")
      $0.node("Sub", ["positions", "one"], "steps")
      $0.node("Mul", ["steps", "stride"], "way")
      $0.node("Add", ["way", "three"], "reach")
      $0.node("Sub", ["reach", "r"], "missing")
      if operatorSet < 11 {
        $0.node("Clip", ["missing"], "total", ["min": .number(0)])
      } else {
        $0.node("Clip", ["missing", "zero"], "total")
      }
      $0.node("Mul", ["total", "half"], "part")
      $0.node("Floor", ["part"], "whole")
      $0.node("Cast", ["whole"], "before", ["to": .integer(7)])
      $0.node("Sub", ["total", "whole"], "others")
      $0.node("Cast", ["others"], "after", ["to": .integer(7)])
      $0.node(
        "Concat", ["ahead", "before", "before", "ahead", "after", "after"], "pads", ["axis": .integer(0)])
      $0.node("Pad", ["x", "pads"], "a")
      $0.node("Conv", ["a", "w"], "b", ["strides": .integers([Int(stride), Int(stride)])])
    }
  }

  @Test(arguments: [11, 17] as [Int64], [1, 2, 3] as [Float])
  func paddingMayBeComputed(operatorSet: Int64, stride: Float) throws {
    let total = max(0, (Int((4 / stride).rounded(.up)) - 1) * Int(stride) + 3 - 4)
    let stated = try Self.graph {
      $0.node(
        "Conv", ["x", "w"], "b",
        [
          "pads": .integers([total / 2, total / 2, total - total / 2, total - total / 2]),
          "strides": .integers([Int(stride), Int(stride)]),
        ])
    }
    let computed = try Self.computed(operatorSet: operatorSet, stride: stride)
    #expect(computed.model == stated.model)
    #expect(computed.tensors == stated.tensors)
  }

  @Test func limitsOfWholeNumbersStayWhole() throws {
    let stated = try Self.graph { $0.node("Conv", ["x", "w"], "b", ["pads": .integers([1, 1, 1, 1])]) }
    for (type, inputs) in [("Max", ["few", "one"]), ("Min", ["many", "one"]), ("Clip", ["many", "few", "one"])] {
      let limited = try Self.graph {
        $0.integers("few", [0])
        $0.integers("many", [7])
        $0.integers("one", [1])
        $0.integers("ahead", [0, 0])
        $0.node(type, inputs, "n")
        $0.node("Concat", ["ahead", "n", "n", "ahead", "n", "n"], "pads", ["axis": .integer(0)])
        $0.node("Pad", ["x", "pads"], "a")
        $0.node("Conv", ["a", "w"], "b")
      }
      #expect(limited.model == stated.model, "\(type)")
    }
  }

  @Test func aMatrixForEachPixelIsAConvolution() throws {
    let weights: [Float] = [1, 2, 3, 4, 5, 6]
    let convolution = try Self.graph {
      $0.numbers("k", [3, 2, 1, 1], [1, 4, 2, 5, 3, 6])
      $0.numbers("bias", [3])
      $0.node("Conv", ["x", "k", "bias"], "b")
    }
    let product = try Self.graph {
      $0.numbers("m", [2, 3], weights)
      $0.numbers("bias", [3])
      $0.node("Transpose", ["x"], "t", ["perm": .integers([0, 2, 3, 1])])
      $0.node("MatMul", ["t", "m"], "p")
      $0.node("Add", ["p", "bias"], "s")
      $0.node("Transpose", ["s"], "b", ["perm": .integers([0, 3, 1, 2])])
    }
    #expect(product.model == convolution.model)
    #expect(product.tensors == convolution.tensors)
    // The same for pixels in one dimension.
    let rows = try Self.graph {
      $0.numbers("m", [2, 3], weights)
      $0.numbers("bias", [3])
      $0.integers("flat", [0, 16, 2])
      $0.integers("square", [0, 4, 4, 3])
      $0.node("Transpose", ["x"], "t", ["perm": .integers([0, 2, 3, 1])])
      $0.node("Reshape", ["t", "flat"], "u")
      $0.node("MatMul", ["u", "m"], "p")
      $0.node("Add", ["p", "bias"], "s")
      $0.node("Reshape", ["s", "square"], "v")
      $0.node("Transpose", ["v"], "b", ["perm": .integers([0, 3, 1, 2])])
    }
    #expect(rows.model == convolution.model)
    #expect(rows.tensors == convolution.tensors)
  }

  @Test(
    arguments: [
      ("has a matrix for 3 inputs and 2 outputs, but takes 2 channels", [3, 2]),
      ("has a matrix of the shape [2]", [2]),
    ])
  func aMatrixForOtherChannelsIsRefused(reason: String, shape: [Int]) throws {
    var file = GraphFile()
    file.numbers("m", shape)
    file.node("Transpose", ["x"], "t", ["perm": .integers([0, 2, 3, 1])])
    file.node("MatMul", ["t", "m"], "y")
    #expect(try file.refusal().contains(reason))
  }

  @Test(arguments: [1e30, -1e30] as [Float])
  func numbersThatAreNotSizesAreRefused(value: Float) throws {
    var file = GraphFile()
    file.numbers("w", [3, 2, 1, 1])
    file.numbers("size", [8], Array(repeating: value, count: 8))
    file.node("Cast", ["size"], "pads", ["to": .integer(7)])
    file.node("Pad", ["x", "pads"], "a")
    file.node("Conv", ["a", "w"], "y")
    #expect(try file.refusal().contains("too large or not finite"))
  }

  @Test func roundingAnActivationIsRefused() throws {
    var file = GraphFile.sound()
    file.model.graph.node[1].opType = "Ceil"
    #expect(try file.refusal().contains("not constants of the graph"))
  }
}
