import JacquardEngine
import TestSupport

/// Compares the gradients of the engine with central differences through the references.
///
/// Differences are taken in double precision of `Σ outputGradient · reference(x)`: with steps of 2⁻¹⁸ their own error is
/// near 1e-9, far below a rounding in Float, so the bound is that of the engine's roundings alone.
struct GradientCheck {
  /// Differences of twice this are taken.
  static let step = 0x1p-18
  /// Kinks must be much further away than a step moves any number.
  static let leastMargin = 1e-4

  let sample: LayerSample
  let input: [Double]
  let parameters: [(name: String, gradient: [Double])]
  /// The accepted error, relative to the largest element of a gradient.
  let tolerance: Double
  let margin: Double

  /// Takes the differences for every element of the input and of every parameter.
  init(_ sample: LayerSample) {
    self.sample = sample
    let reference = sample.reference()
    margin = reference.margin
    tolerance = Double(reference.roundings + 4) * Double(Float.ulpOfOne)
    let gradient = sample.outputGradient.map(Double.init)
    let context = sample.context()
    func weighted(_ input: ReferenceBatch, _ context: ReferenceContext) -> Double {
      zip(context.apply(sample.layers, to: input).values, gradient).reduce(0) { $0 + $1.0 * $1.1 }
    }
    input = Self.differences(sample.batch.values) {
      weighted(ReferenceBatch(sample.shape, images: sample.images, values: $0), context)
    }
    parameters = sample.parameterNames.map { name in
      let differences = Self.differences(context.tensors[name] ?? []) { values in
        var context = context
        context.tensors[name] = values
        return weighted(sample.batch, context)
      }
      return (name, differences)
    }
  }

  /// The errors in the gradients that the engine computes in `shards`; empty if there are none.
  func findings(shards: Int, options: ComputeOptions = ComputeOptions()) throws -> [String] {
    guard margin > Self.leastMargin else { return ["a bad case: a kink is \(margin) away"] }
    let probe = try sample.probe(shards: shards, options: options)
    _ = probe.forward(sample.input)
    let got = probe.backward(sample.outputGradient)
    guard got.parameters.count == parameters.count else { return ["\(got.parameters.count) parameters"] }
    var findings = [finding("input", got.input, input)]
    for (found, expected) in zip(got.parameters, parameters) {
      findings.append(finding(expected.name, found, expected.gradient))
    }
    return findings.compactMap { $0.map { "\(shards) shards: \($0)" } }
  }

  private func finding(_ name: String, _ got: [Float], _ expected: [Double]) -> String? {
    guard got.count == expected.count else { return "\(name): \(got.count) elements, expected \(expected.count)" }
    let found = mismatches(got, expected, relativeTo: .largest, tolerance: tolerance)
    return found.first.map { "\(name): \(found.count) of \(got.count) off; first \($0)" }
  }

  /// The derivative of `function` by each of `values`, by central differences.
  static func differences(_ values: [Double], of function: ([Double]) -> Double) -> [Double] {
    var moved = values
    return values.indices.map { index in
      moved[index] = values[index] + step
      let above = function(moved)
      moved[index] = values[index] - step
      let below = function(moved)
      moved[index] = values[index]
      return (above - below) / (2 * step)
    }
  }
}
