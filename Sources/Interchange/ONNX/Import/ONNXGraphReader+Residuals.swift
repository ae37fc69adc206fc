internal import JacquardEngine

extension ONNXGraphReader {
  /// The most layers in one residual layer, with those inside of others in it.
  private static let largestLayerCount = 4096

  /// The sum of two activations, as a residual layer from where their ways part.
  mutating func sum(
    _ first: ONNXActivation, _ second: ONNXActivation, _ call: ONNXCall
  ) throws(ONNXImportError.Problem) -> ONNXActivation {
    guard first.view == second.view, first.sizes == second.sizes, first.shape == second.shape else {
      throw call.refusal(
        "adds \(first.shape) and \(second.shape) (channels last), or sees them in different orders; the engine adds what is alike"
      )
    }
    for path in [first, second] where path.step == nil { try begin(with: path.preparation, call) }
    var (left, right) = (first.step, second.step)
    var (body, shortcut): ([Int], [Int]) = ([], [])
    while left != right {
      if let index = left, depth(of: left) >= depth(of: right) {
        body.append(index)
        left = steps[index].parent
      } else if let index = right {
        shortcut.append(index)
        right = steps[index].parent
      }
    }
    if body.isEmpty { swap(&body, &shortcut) }
    guard let start = body.last else { throw call.refusal("adds an activation to itself") }
    body.reverse()
    shortcut.reverse()
    let inside = (body + shortcut).map { steps[$0] }
    let layerCount = inside.reduce(1) { $0 + $1.layerCount }
    let nesting = inside.reduce(0) { max($0, $1.nesting) } + 1
    guard layerCount <= Self.largestLayerCount, nesting <= Self.largestNesting else {
      throw call.refusal(
        "makes a residual layer of \(layerCount) layers, \(nesting) deep; \(Self.largestLayerCount) and \(Self.largestNesting) are the most"
      )
    }
    let layer = Residual {
      body.map { steps[$0].layer }
    } shortcut: {
      shortcut.map { steps[$0].layer }
    }
    // Before the first of its layers, whatever that made of its input.
    var input = first
    input.step = steps[start].parent
    input.shape = steps[start].input
    if input.step == nil { input.preparation = preparation ?? ONNXPreparation() }
    var output = try append(layer, to: input, for: call)
    steps[steps.count - 1].body = body
    steps[steps.count - 1].shortcut = shortcut
    steps[steps.count - 1].layerCount = layerCount
    steps[steps.count - 1].nesting = nesting
    output.view = first.view
    output.sizes = first.sizes
    return output
  }
}
