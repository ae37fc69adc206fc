internal import Support
internal import LinearAlgebra

/// A convolution with a method for each pass, chosen by `auto` or by the user.
struct PlannedConvolution: Sendable {
  /// The sizes, with the output stride that the chosen methods need.
  let geometry: ConvolutionGeometry
  private let methods: [ConvolutionPass: ConvolutionMethod]
  let product: MatrixProduct
  private let parts: [Part]
  private let forwardPass: Part
  private let dataPass: Part?
  private let weightsPass: Part?
  /// The largest number of images in one call.
  let imagesPerCall: Int
  /// Floats of scratch memory for a call.
  let scratchCount: Int
  /// Floats that are kept between the calls of a shard's backward pass.
  let accumulatorCount: Int
  /// Floats derived from the weights.
  let preparedCount: Int

  /// A method with the offset of its prepared memory.
  private struct Part: Sendable {
    let method: ConvolutionMethod
    let implementation: any ConvolutionImplementation
    let prepared: Range<Int>
  }

  init(_ geometry: ConvolutionGeometry, options: ComputeOptions) {
    let methods = Dictionary(
      uniqueKeysWithValues: ConvolutionPass.allCases.map { ($0, options.algorithm.method(geometry, $0)) })
    self.init(geometry, methods: methods, product: options.product)
  }

  /// Only passes that have a method can be computed; forward always has one.
  init(_ geometry: ConvolutionGeometry, methods: [ConvolutionPass: ConvolutionMethod], product: MatrixProduct) {
    var geometry = geometry
    geometry.outputStride = ConvolutionMethod.outputStride(of: geometry, methods: Set(methods.values))
    var parts: [Part] = []
    func part(_ method: ConvolutionMethod) -> Part {
      if let part = parts.first(where: { $0.method == method }) { return part }
      let passes = Set(methods.filter { $0.value == method }.keys)
      let implementation = method.implementation(geometry, product: product, passes: passes)
      let first = ((parts.last?.prepared.upperBound ?? 0) + 15) / 16 * 16
      parts.append(
        Part(
          method: method, implementation: implementation,
          prepared: first..<first + implementation.preparedCount))
      return parts[parts.count - 1]
    }
    forwardPass = part(methods[.forward, default: .im2col])
    dataPass = methods[.backwardData].map(part)
    weightsPass = methods[.backwardWeights].map(part)
    self.geometry = geometry
    self.methods = methods
    self.product = product
    self.parts = parts
    // Computed once: every step reads them, and a step must not allocate.
    imagesPerCall = parts.map(\.implementation.imagesPerCall).min() ?? 1
    scratchCount = parts.map(\.implementation.scratchCount).max() ?? 0
    accumulatorCount = weightsPass?.implementation.accumulatorCount ?? 0
    preparedCount = parts.last?.prepared.upperBound ?? 0
  }

  /// The same choice without the passes that will not run and the memory prepared for them.
  func limited(to passes: Set<ConvolutionPass>) -> PlannedConvolution {
    PlannedConvolution(geometry, methods: methods.filter { passes.contains($0.key) }, product: product)
  }

  /// Winograd's algorithm, if it computes all passes; nil otherwise.
  var winograd: WinogradConvolution? {
    parts.count == 1 ? parts[0].implementation as? WinogradConvolution : nil
  }

  /// Lowering, if it computes all passes; nil otherwise.
  var lowered: LoweredConvolution? {
    parts.count == 1 ? parts[0].implementation as? LoweredConvolution : nil
  }

  /// The method of a pass; nil for a pass that will not run.
  func method(_ pass: ConvolutionPass) -> ConvolutionMethod? { methods[pass] }

  func prepare(weights: Span<Float>, into prepared: inout MutableSpan<Float>) {
    for part in parts {
      var target = prepared.part(part.prepared)
      part.implementation.prepare(weights: weights, into: &target)
    }
  }

  func forward(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    forwardPass.implementation.forward(
      call.with(prepared: forwardPass.prepared), epilogue: epilogue, output: &output, scratch: &scratch)
  }

  /// Whether `forwardAndPool` is available.
  var pools: Bool { forwardPass.implementation.pools }

  func forwardAndPool(
    _ call: borrowing ConvolutionCall, epilogue: borrowing Epilogue, output: inout MutableSpan<Float>,
    choices: inout MutableSpan<UInt8>, scratch: inout MutableSpan<Float>
  ) {
    forwardPass.implementation.forwardAndPool(
      call.with(prepared: forwardPass.prepared), epilogue: epilogue, output: &output, choices: &choices,
      scratch: &scratch)
  }

  func backwardWeights(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    accumulators: inout MutableSpan<Float>, scratch: inout MutableSpan<Float>
  ) {
    guard let weightsPass else { failPrecondition("this convolution has no backward-weights pass") }
    weightsPass.implementation.backwardWeights(
      call.with(prepared: weightsPass.prepared), weightGradient: &weightGradient, accumulators: &accumulators,
      scratch: &scratch)
  }

  /// Backward-weights and backward-data, computed together if both have the same method.
  func backward(
    _ call: borrowing ConvolutionCall, weightGradient: inout MutableSpan<Float>,
    inputGradient: inout MutableSpan<Float>, accumulators: inout MutableSpan<Float>,
    scratch: inout MutableSpan<Float>
  ) {
    guard let dataPass else { failPrecondition("this convolution has no backward-data pass") }
    if dataPass.method == weightsPass?.method {
      dataPass.implementation.backward(
        call.with(prepared: dataPass.prepared), weightGradient: &weightGradient, inputGradient: &inputGradient,
        accumulators: &accumulators, scratch: &scratch)
    } else {
      backwardWeights(call, weightGradient: &weightGradient, accumulators: &accumulators, scratch: &scratch)
      dataPass.implementation.backwardData(
        call.with(prepared: dataPass.prepared), inputGradient: &inputGradient, scratch: &scratch)
    }
  }
}
