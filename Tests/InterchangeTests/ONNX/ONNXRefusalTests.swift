import Foundation
import Interchange
import JacquardEngine
import ONNXSchema
import Testing

/// Files that are broken, hostile, or beyond the engine: each is rejected with one line that gives the place and the reason.
struct ONNXRefusalTests {
  @Test func theSoundGraphIsRead() throws {
    let imported = try GraphFile.sound().imported()
    #expect(imported.model.layers.count == 3 && imported.tensors.map(\.name) == ["conv1.weight"])
    #expect(imported.model.classNames == ["0", "1", "2"])
  }

  /// Changes to the valid graph, and words of the refusal.
  private static let changes: [(String, @Sendable (inout GraphFile) -> Void)] = [
    ("names 0 versions", { $0.model.opsetImport = [] }),
    ("operator set 5; 6 to 28 are read", { $0.model.opsetImport[0].version = 5 }),
    ("operator set 99", { $0.model.opsetImport[0].version = 99 }),
    ("the graph has 2 inputs", { $0.model.graph.input.append(GraphFile.information("z", 1, [1])) }),
    ("the graph has 0 inputs (none)", { $0.model.graph.input = [] }),
    ("the graph has 2 outputs", { $0.model.graph.output.append(GraphFile.information("b", 1, [])) }),
    ("no node gives the graph's output \"q\"", { $0.model.graph.output[0].name = "q" }),
    ("has 1 dimensions", { $0.model.graph.input = [GraphFile.information("x", 1, [])] }),
    ("has 5 dimensions", { $0.model.graph.input = [GraphFile.information("x", 1, [1, 1, 1, 1])] }),
    (
      "leaves the size of dimension 1 open",
      { $0.model.graph.input[0].type.tensorType.shape.dim[1].dimParam = "height" }
    ),
    ("has a dimension of 0", { $0.model.graph.input = [GraphFile.information("x", 1, [0, 4, 4])] }),
    ("has a dimension of -4", { $0.model.graph.input = [GraphFile.information("x", 1, [2, -4, 4])] }),
    (
      "more elements than a model may hold",
      { $0.model.graph.input = [GraphFile.information("x", 1, [1 << 20, 1 << 20, 1 << 20])] }
    ),
    ("element type 7", { $0.model.graph.input = [GraphFile.information("x", 7, [2, 4, 4])] }),
    (
      "insert a Cast to floating point before it",
      { $0.model.graph.input = [GraphFile.information("x", 2, [2, 4, 4])] }
    ),
    ("the tensor \"w\" occurs twice", { $0.numbers("w", [1]) }),
    ("gives \"a\", which already exists", { $0.node("Relu", ["x"], "a") }),
    ("gives \"w\", which already exists", { $0.node("Relu", ["x"], "w") }),
    ("gives \"x\", which already exists", { $0.node("Relu", ["b"], "x") }),
    (
      "node \"the Relu\" (Relu) takes \"b\", which a later node gives, or itself",
      { $0.model.graph.node[1].input = ["b"] }
    ),
    ("takes \"c\", which a later node gives", { $0.model.graph.node[1].input = ["c"] }),
    ("takes \"nothing\", which is not in the file", { $0.model.graph.node[1].input = ["nothing"] }),
    (
      "node \"the Sinh\" (Sinh) is an operator that the engine does not have",
      {
        $0.model.graph.node[1].opType = "Sinh"; $0.model.graph.node[1].name = "the Sinh"
      }
    ),
    ("(my.own.Relu)", { $0.model.graph.node[1].domain = "my.own" }),
    (
      "\"a\\u{1B}[31m\"",
      {
        $0.model.graph.node[1].name = "a\u{1B}[31m"; $0.model.graph.node[1].opType = "Sinh"
      }
    ),
    (
      "the attribute \"alpha\", which is not supported",
      { $0.model.graph.node[1].attribute = [GraphFile.Value.number(1).attribute("alpha")] }
    ),
    (
      "the attribute \"group\" twice",
      {
        $0.attribute(0, "group", .integer(1)); $0.attribute(0, "group", .integer(1))
      }
    ),
    ("the attribute \"group\" of the wrong type", { $0.attribute(0, "group", .number(1)) }),
    ("should hold 54 elements, but holds 53", { $0.model.graph.initializer[0].floatData.removeLast() }),
    (
      "should hold 54 elements, but holds 2",
      {
        $0.model.graph.initializer[0].floatData = []
        $0.model.graph.initializer[0].rawData = Data(repeating: 0, count: 9)
      }
    ),
    ("which is not supported", { $0.model.graph.initializer[0].dims[0] = -3 }),
    ("which is larger than any memory", { $0.model.graph.initializer[0].dims = [1 << 31, 1 << 31, 4, 1] }),
    ("which is larger than any memory", { $0.model.graph.initializer[0].dims = [0, 1 << 31, 1 << 31, 4] }),
    ("the element type 8", { $0.model.graph.initializer[0].dataType = 8 }),
    (
      "is stored in another file",
      {
        $0.model.graph.initializer[0].floatData = []
        $0.model.graph.initializer[0].dataLocation = 1
      }
    ),
    ("a kernel of the shape [3, 2, 9]", { $0.model.graph.initializer[0].dims = [3, 2, 9] }),
    (
      "a kernel for 3 channels in each of 1 groups, but takes 2", { $0.model.graph.initializer[0].dims = [2, 3, 3, 3] }
    ),
    ("sizes that are invalid or too large for a convolution", { $0.attribute(0, "group", .integer(2)) }),
    ("sizes that are invalid or too large for a convolution", { $0.attribute(0, "group", .integer(0)) }),
    ("sizes that are invalid or too large for a convolution", { $0.attribute(0, "strides", .integers([0, 1])) }),
    ("sizes that are invalid or too large for a convolution", { $0.attribute(0, "pads", .integers([0, 0, -1, 0])) }),
    (
      "sizes that are invalid or too large for a convolution",
      { $0.attribute(0, "pads", .integers([0, 0, Int.max, 0])) }
    ),
    (
      "sizes that are invalid or too large for a convolution",
      {
        // After a Pad, whose zeros are added.
        $0.integers("around", [0, 0, 1, 1, 0, 0, 1, 1])
        $0.model.graph.node[0].input[0] = "p"
        $0.attribute(0, "pads", .integers([Int.max, 0, 0, 0]))
        $0.node("Pad", ["x", "around"], "p")
        let pad = $0.model.graph.node.removeLast()
        $0.model.graph.node.insert(pad, at: 0)
      }
    ),
    ("has 3 pads", { $0.attribute(0, "pads", .integers([0, 0, 0])) }),
    ("has 1 strides", { $0.attribute(0, "strides", .integers([1])) }),
    ("kernel_shape [2, 3]", { $0.attribute(0, "kernel_shape", .integers([2, 3])) }),
    ("auto_pad = \"LOWER\"", { $0.attribute(0, "auto_pad", .text("LOWER")) }),
    (
      "both pads and auto_pad",
      {
        $0.attribute(0, "auto_pad", .text("VALID")); $0.attribute(0, "pads", .integers([1, 1, 1, 1]))
      }
    ),
    ("larger than the input", { $0.attribute(0, "dilations", .integers([2, 2])) }),
    (
      "takes \"x\" as input 2, which must be a constant of the graph",
      { $0.model.graph.node[0].input = ["x", "x"] }
    ),
    ("has no kernel", { $0.model.graph.node[0].input = ["x"] }),
    ("follows a softmax", { $0.replace(1, "Softmax", ["a"], ["axis": .integer(1)]) }),
    ("is not over all numbers of an image", { $0.replace(1, "Softmax", ["a"], ["axis": .integer(1)]) }),
    ("QuantizeLinear and DequantizeLinear around each layer", { $0.replace(1, "QLinearConv", ["a"]) }),
    ("joins activations along the batch", { $0.replace(1, "Concat", ["a", "a"], ["axis": .integer(0)]) }),
    ("the engine joins channels", { $0.replace(1, "Concat", ["a", "x"], ["axis": .integer(1)]) }),
    ("the engine joins channels", { $0.replace(1, "Concat", ["a", "a"], ["axis": .integer(2)]) }),
    ("not an activation function of the engine", { $0.replace(1, "Exp", ["a"]) }),
    ("divides by an activation", { $0.replace(1, "Div", ["a", "x"]) }),
    (
      "leave nothing between them",
      {
        $0.numbers("b1", [], [1]); $0.replace(1, "Clip", ["a", "b1", "b1"])
      }
    ),
    (
      "splits 3 channels into [2, 2] for 2 outputs",
      {
        $0.integers("parts", [2, 2])
        $0.replace(1, "Split", ["a", "parts"], ["axis": .integer(1)])
        $0.model.graph.node[1].output.append("b2")
      }
    ),
    ("the engine cuts channels", { $0.replace(1, "Split", ["a"], ["axis": .integer(2)]) }),
    (
      "takes elements that do not exist",
      {
        $0.integers("places", [5])
        $0.integers("sizes", [1, 2])
        $0.node("Gather", ["sizes", "places"], "b")
        $0.model.graph.node[1] = $0.model.graph.node.removeLast()
      }
    ),
    ("should have 3 numbers as input 2", { $0.replace(1, "InstanceNormalization", ["a", "w", "w"]) }),
    ("out of range", { $0.replace(1, "LRN", ["a"], ["size": .integer(0)]) }),
    ("adds 2×2×3 and 4×4×2", { $0.replace(1, "Add", ["a", "x"]) }),
    ("multiplies 2×2×3 and 4×4×2", { $0.replace(1, "Mul", ["a", "x"]) }),
    ("moves the batch", { $0.replace(3, "Transpose", ["c"], ["perm": .integers([1, 0, 2, 3])]) }),
    ("has perm = [0, 0, 1, 2]", { $0.replace(3, "Transpose", ["c"], ["perm": .integers([0, 0, 1, 2])]) }),
    ("the batch must stay", { $0.attribute(3, "axis", .integer(0)) }),
    (
      "is exported for training",
      {
        $0.replace(1, "Dropout", ["a", "", "m"]); $0.numbers("m", [], [1])
      }
    ),
    ("a sigmoid for each of 3 outputs", { $0.replace(3, "Sigmoid", ["c"]) }),
    (
      "an order other than channels, rows, columns",
      {
        $0.model.graph.output[0].name = "t"
        $0.node("Transpose", ["a"], "t", ["perm": .integers([0, 2, 3, 1])])
      }
    ),
    ("the last layer must give one number per class", { $0.model.graph.output[0].name = "b" }),
    ("the graph has no layer", { $0.model.graph.output[0].name = "x" }),
    ("has 1 names for 3 outputs", { $0.metadata("class_names", #"["one"]"#) }),
  ]

  @Test(arguments: changes.indices)
  func changesAreRefused(index: Int) throws {
    var file = GraphFile.sound()
    let (words, change) = Self.changes[index]
    change(&file)
    let refusal = try file.refusal()
    // The softmax is rejected for its own reason before the node after it is read.
    if words != "follows a softmax" { #expect(refusal.contains(words), "\(refusal)") }
    #expect(refusal.hasPrefix("graph.onnx: ") && refusal.hasSuffix(".") && !refusal.contains("\n"), "\(refusal)")
  }

  @Test func softmaxMustBeTheEnd() throws {
    var file = GraphFile.sound()
    file.model.graph.output[0].name = "z"
    file.node("Softmax", ["y"], "s")
    #expect(try file.refusal().contains("no node gives the graph's output"))
    file.node("Relu", ["s"], "z")
    #expect(try file.refusal().contains("node \"the Relu\" (Relu) follows a softmax, which must be the last operation"))
  }

  @Test func whatIsNoONNXFile() throws {
    for bytes in [Array("{}".utf8), Array("<html>".utf8), [0xFF, 0xFF, 0xFF], [0x3A, 0x05, 1]] {
      #expect(throws: ONNXImportError.self) { try ONNXImport(file: bytes, path: "f", name: "f") }
    }
    #expect {
      try ONNXImport(file: [], path: "f", name: "f")
    } throws: { "\($0)" == "f: the file has no graph, so it is not an ONNX model." }
  }

  /// Every prefix of a valid file, and the file with each of its bytes changed, is rejected or read; nothing ends the process.
  @Test func cutAndChangedFiles() throws {
    let bytes = try GraphFile.sound().bytes()
    for count in 0..<bytes.count { _ = try? ONNXImport(file: Array(bytes[..<count]), path: "f", name: "f") }
    for place in bytes.indices {
      for bit in [1, 4, 7] {
        var changed = bytes
        changed[place] ^= 1 << bit
        _ = try? ONNXImport(file: changed, path: "f", name: "f")
      }
    }
  }

  /// A file of two million bytes that claims a million nodes.
  @Test func manyMessagesAreRefusedBeforeTheyAreMade() throws {
    let nodes = [UInt8](repeating: 0, count: 2 << 20).enumerated().map { $0.offset % 2 == 0 ? UInt8(0x0A) : 0 }
    var length: [UInt8] = []
    var rest = nodes.count
    while rest > 0 {
      length.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    }
    #expect {
      try ONNXImport(file: [0x3A] + length + nodes, path: "f", name: "f")
    } throws: { "\($0)" == "f: the file holds more than 1048576 messages and names." }
  }

  /// Results of arithmetic and casts are kept to the end, so they count like the elements of layers.
  @Test(arguments: ["Add", "Cast"])
  func computedNumbersAreCounted(type: String) throws {
    var file = GraphFile()
    file.numbers("w", [3, 2, 3, 3])
    file.numbers("terms", [2, 1, 1])
    file.integers("whole", [1, 2, 3])
    var (image, bias) = ("x", "whole")
    for index in 0..<10 {
      if type == "Add" {
        file.node("Add", [image, "terms"], "v\(index)")
        image = "v\(index)"
      } else {
        file.node("Cast", [bias], "v\(index)", ["to": .integer(1)])
        bias = "v\(index)"
      }
    }
    file.node("Conv", [image, "w"] + (type == "Cast" ? [bias] : []), "b")
    file.node("GlobalMaxPool", ["b"], "c")
    file.node("Flatten", ["c"], "y")
    let bytes = try file.bytes()
    // Two means and a deviation, or three numbers, from each node; then the convolution's own.
    let count = 10 * 3 + 54 + (type == "Cast" ? 3 : 0)
    #expect(try ONNXNetworkGraph(bytes, largestNumberCount: count).layers.count == 2)
    #expect {
      try ONNXNetworkGraph(bytes, largestNumberCount: count - 1)
    } throws: { "\($0)".contains("brings the numbers of the graph above \(count - 1)") }
  }

  @Test func residualLayersDoNotNestWithoutEnd() throws {
    func nested(_ depth: Int) -> GraphFile {
      var file = GraphFile()
      // Each sum adds the previous result to another path from the very beginning.
      var last = "x"
      for level in 0..<depth {
        file.node("Relu", ["x"], "r\(level)")
        file.node("Add", [last == "x" ? "x" : last, "r\(level)"], "s\(level)")
        last = "s\(level)"
      }
      file.node("GlobalMaxPool", [last], "p")
      file.node("Flatten", ["p"], "y")
      return file
    }
    #expect(try nested(10).refusal() == "")
    #expect(try nested(40).refusal().contains("the limits are"))
  }
}

extension GraphFile {
  /// Adds an attribute to a node.
  mutating func attribute(_ node: Int, _ name: String, _ value: Value) {
    model.graph.node[node].attribute.append(value.attribute(name))
  }

  /// Replaces a node.
  mutating func replace(_ place: Int, _ type: String, _ inputs: [String], _ attributes: [String: Value] = [:]) {
    let output = model.graph.node[place].output[0]
    node(type, inputs, output, attributes)
    model.graph.node[place] = model.graph.node.removeLast()
  }

  /// Adds a string beside the graph.
  mutating func metadata(_ key: String, _ value: String) {
    var entry = ONNXStringEntry()
    (entry.key, entry.value) = (key, value)
    model.metadataProps.append(entry)
  }
}
