import JacquardEngine

/// Runs a graph on memory that holds names instead of numbers, and records every read that finds a wrong name.
///
/// It knows how operators use their memory (`Operator`'s contract) but not how the plan was made. One float of this memory represents one float of
/// each image.
struct MemoryPlanChecker {
  /// A plan's decisions, which a test of this checker can damage.
  struct Layout {
    var activations: [Int]
    var gradients: [Int?]
    var saved: [Int]
    var copiesInput: [Bool]
    var floats: Int
    var savedBytes: Int

    init(_ plan: MemoryPlan) {
      activations = plan.activations
      gradients = plan.gradients
      saved = plan.saved
      copiesInput = plan.copiesInput
      floats = plan.floatsPerImage
      savedBytes = plan.savedBytesPerImage
    }
  }

  private let graph: Graph
  private let layout: Layout
  /// The values that an operator or the loss reads.
  private let consumed: Set<Int>
  private var memory: [String]
  /// The name of a value's activations; both branches of a fork hold the content of its input.
  private var contents: [Int: String] = [:]
  private var problems: [String] = []

  /// The memory errors of a whole pass: forward and, in training, backward.
  static func problems(_ graph: Graph, _ layout: Layout, isTraining: Bool) -> [String] {
    var checker = MemoryPlanChecker(graph: graph, layout: layout)
    checker.runForward()
    if isTraining { checker.runBackward() }
    checker.checkSaved()
    return checker.problems
  }

  private init(graph: Graph, layout: Layout) {
    self.graph = graph
    consumed = Set(graph.nodes.flatMap { $0.inputs.map(\.id) } + [graph.output.id])
    self.layout = layout
    memory = Array(repeating: "nothing", count: layout.floats)
  }

  private mutating func runForward() {
    fill(graph.input, "the input")
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs { expectContent(input, "\(node.name) forward") }
      if node.computation is Fork {
        for output in node.outputs {
          contents[output.id] = contents[node.inputs[0].id]
          expectContent(output, "\(node.name) forward")
        }
        continue
      }
      let isInPlace = node.computation.isInPlace
      if isInPlace, !layout.copiesInput[index] {
        expect(
          layout.activations[node.outputs[0].id] == layout.activations[node.inputs[0].id],
          "\(node.name) works in place, but its input lies elsewhere")
      }
      for output in node.outputs { fill(output, "\(node.name)'s output") }
      // An operator reads its inputs while it writes; only the first may become the output.
      for input in node.inputs.dropFirst(isInPlace ? 1 : 0) { expectContent(input, "\(node.name) while it writes") }
      if isInPlace, layout.copiesInput[index] {
        expectContent(node.inputs[0], "\(node.name) after copying its input, which somebody still reads")
      }
    }
    expectContent(graph.output, "the loss")
  }

  private mutating func runBackward() {
    fillGradient(graph.output)
    expectContent(graph.output, "the loss while it writes its gradient")
    for node in graph.nodes.reversed() where node.needsInputGradient || !node.parameters.isEmpty {
      let computation = node.computation
      let retained =
        (computation.retains.contains(.input) ? node.inputs : [])
        + (computation.retains.contains(.output) ? node.outputs : [])
      for value in retained { expectContent(value, "\(node.name) backward") }
      // Values that a block saves only for itself have no gradient.
      let outputs = node.outputs.filter { consumed.contains($0.id) }
      for output in outputs { expectGradient(output, "\(node.name) backward") }
      let isInPlace = computation.isGradientInPlace
      defer {
        // Any operator may consume its outputs' gradients, as blocks do that mask them in place.
        for output in outputs.dropFirst(isInPlace ? 1 : 0) { useUpGradient(output, by: node.name) }
      }
      guard node.needsInputGradient else { continue }
      if isInPlace {
        expect(
          layout.gradients[node.inputs[0].id] == layout.gradients[node.outputs[0].id],
          "\(node.name) changes the gradient in place, but its input's lies elsewhere")
      }
      for input in node.inputs { fillGradient(input) }
      for input in node.inputs { expectGradient(input, "\(node.name), after all its gradients are written") }
      for value in retained { expectContent(value, "\(node.name) backward while it writes") }
      for output in outputs.dropFirst(isInPlace ? 1 : 0) {
        expectGradient(output, "\(node.name) backward while it writes")
      }
    }
  }

  private mutating func checkSaved() {
    var owners = Array(repeating: "", count: layout.savedBytes)
    for (index, node) in graph.nodes.enumerated() {
      for byte in layout.saved[index]..<layout.saved[index] + node.computation.savedBytesPerImage {
        guard owners.indices.contains(byte) else { return expect(false, "\(node.name) saves outside the memory") }
        expect(owners[byte].isEmpty, "\(node.name) saves where \(owners[byte]) does")
        owners[byte] = node.name
      }
    }
  }

  private mutating func fill(_ value: Value, _ content: String) {
    contents[value.id] = content
    write(layout.activations[value.id], value, content)
  }

  private mutating func fillGradient(_ value: Value) {
    guard let offset = layout.gradients[value.id] else { return expect(false, "value \(value.id) has no gradient") }
    write(offset, value, "gradient \(value.id)")
  }

  private mutating func useUpGradient(_ value: Value, by node: String) {
    guard let offset = layout.gradients[value.id] else { return }
    write(offset, value, "what \(node) left of gradient \(value.id)")
  }

  private mutating func write(_ offset: Int, _ value: Value, _ content: String) {
    let range = offset..<offset + value.shape.count
    guard memory.indices.contains(range.lowerBound), range.upperBound <= memory.count else {
      return expect(false, "\(content) lies outside the memory")
    }
    for index in range { memory[index] = content }
  }

  private mutating func expectContent(_ value: Value, _ reader: String) {
    read(layout.activations[value.id], value, contents[value.id] ?? "a value that nobody wrote", reader)
  }

  private mutating func expectGradient(_ value: Value, _ reader: String) {
    guard let offset = layout.gradients[value.id] else {
      return expect(false, "\(reader): value \(value.id) has no gradient")
    }
    read(offset, value, "gradient \(value.id)", reader)
  }

  private mutating func read(_ offset: Int, _ value: Value, _ content: String, _ reader: String) {
    let found = Set(memory[max(0, offset)..<max(0, min(memory.count, offset + value.shape.count))])
    expect(found == [content], "\(reader): expected \(content), found \(found.sorted())")
  }

  private mutating func expect(_ condition: Bool, _ problem: String) {
    if !condition { problems.append(problem) }
  }
}
