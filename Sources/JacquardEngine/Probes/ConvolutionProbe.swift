internal import Support
internal import LinearAlgebra
package import Samples

/// Computes one pass of a convolution without bias repeatedly, on every worker of a team: `bench conv` measures and checks it.
///
/// Each worker has its own images, all with the same values; the weights are the same for all. Values that a method derives from the weights once per
/// step are derived in advance, not in each pass.
package final class ConvolutionProbe {
  /// The method for this pass.
  package let method: ConvolutionMethod
  private let pass: ConvolutionPass
  private let geometry: ConvolutionGeometry
  private let images: Int
  private let workers: Int
  private let implementation: any ConvolutionImplementation
  private let weights: Storage<Float>
  private let prepared: Storage<Float>
  private let inputs: Storage<Float>
  private let gradients: Storage<Float>
  private let results: Storage<Float>
  private let accumulators: Storage<Float>
  private let scratch: Storage<Float>

  /// The method by which `algorithm` computes a pass; nil if it does not suit the convolution and would fall back to another algorithm.
  package static func method(
    _ algorithm: ConvolutionAlgorithm, _ layer: Conv2D, input: Shape, pass: ConvolutionPass
  ) -> ConvolutionMethod? {
    guard let geometry = ConvolutionGeometry(layer, input: input) else { return nil }
    let method = algorithm.method(geometry, pass)
    return method == .im2col && ![.auto, .im2col].contains(algorithm) ? nil : method
  }

  /// A probe of a pass of `layer` on `images` images of shape `input` per worker; values are random, uniform in −1…1.
  package convenience init(
    _ layer: Conv2D, input: Shape, images: Int, pass: ConvolutionPass, options: ComputeOptions, workers: Int
  ) {
    let geometry = Self.geometry(layer, input)
    self.init(
      layer, input: input, images: images, pass: pass, method: options.algorithm.method(geometry, pass),
      product: options.product, workers: workers)
  }

  private static func geometry(_ layer: Conv2D, _ input: Shape) -> ConvolutionGeometry {
    guard let geometry = ConvolutionGeometry(layer, input: input) else {
      failPrecondition("ConvolutionProbe: a \(layer.kernelSize) kernel does not fit into \(input)")
    }
    return geometry
  }

  /// A probe with a method that suits the convolution, for one worker.
  package convenience init(
    _ layer: Conv2D, input: Shape, images: Int, pass: ConvolutionPass, method: ConvolutionMethod
  ) {
    self.init(layer, input: input, images: images, pass: pass, method: method, product: .blas, workers: 1)
  }

  private init(
    _ layer: Conv2D, input: Shape, images: Int, pass: ConvolutionPass, method: ConvolutionMethod,
    product: MatrixProduct, workers: Int
  ) {
    var geometry = Self.geometry(layer, input)
    self.method = method
    geometry.outputStride = ConvolutionMethod.outputStride(of: geometry, methods: [method])
    self.pass = pass
    self.geometry = geometry
    self.images = images
    self.workers = workers
    implementation = method.implementation(geometry, product: product, passes: [pass])
    weights = Self.filled(ConvolutionValues.weights(geometry), times: 1)
    inputs = Self.filled(ConvolutionValues.input(geometry, images: images), times: workers)
    gradients = Self.filled(
      geometry.spread(ConvolutionValues.outputGradient(geometry, images: images)), times: workers)
    let count = pass == .forward ? images * geometry.outputCount : geometry.resultCount(of: pass, images: images)
    results = Self.filled(Array(repeating: .nan, count: count), times: workers)
    accumulators = Storage(count: implementation.accumulatorCount * workers)
    scratch = Storage(count: implementation.scratchCount * workers)
    prepared = Storage(count: implementation.preparedCount)
    let (weights, prepared) = (weights, prepared)
    var derived = prepared.allMutable
    implementation.prepare(weights: weights.all, into: &derived)
  }

  private static func filled(_ values: [Float], times: Int) -> Storage<Float> {
    let storage = Storage<Float>(count: values.count * times)
    storage.set(Array((0..<times).map { _ in values }.joined()))
    return storage
  }

  /// Multiplications, with an addition each, of one pass over one image by the definition of a convolution.
  package var multiplyAdds: Int { geometry.outputPixels * geometry.weightCount }

  /// Computes the pass `repetitions` times on every worker of `team`, which must have as many workers as the probe.
  package func run(repetitions: Int, team: WorkerTeam) {
    require(team.count == workers, "ConvolutionProbe: needs a team of \(workers) workers, found \(team.count)")
    team.run(ConvolutionJob(self, repetitions: repetitions))
  }

  /// The result of worker `worker`: outputs or gradients of all its images, NHWC, or the gradient of the weights,
  /// `[kernelHeight][kernelWidth][inputChannels / groups][outputChannels]`.
  package func result(worker: Int) -> [Float] {
    let values = Array(results.copy()[part(results, worker)])
    return pass == .forward ? geometry.compact(values) : values
  }

  private func part(_ storage: Storage<Float>, _ worker: Int) -> Range<Int> {
    let count = storage.count / workers
    return worker * count..<(worker + 1) * count
  }

  /// Computes the pass over all images of a worker, in calls of the implementation's size.
  fileprivate func compute(worker: Int) {
    let size = max(1, min(images, implementation.imagesPerCall))
    for first in stride(from: 0, to: images, by: size) { compute(first..<min(first + size, images), worker: worker) }
  }

  private func compute(_ range: Range<Int>, worker: Int) {
    let (weights, prepared, inputs, gradients) = (weights, prepared, inputs, gradients)
    let (results, scratch, accumulators) = (results, scratch, accumulators)
    let (inputFirst, outputFirst) = (part(inputs, worker).lowerBound, part(gradients, worker).lowerBound)
    let inputRange = range.times(geometry.input.count).shifted(by: inputFirst)
    let outputRange = range.times(geometry.outputCount).shifted(by: outputFirst)
    let call = ConvolutionCall(
      images: range, of: images, input: inputs.read(inputRange), outputGradient: gradients.read(outputRange),
      weights: weights.all, prepared: prepared.all)
    var room = scratch.write(part(scratch, worker))
    switch pass {
    case .forward:
      var output = results.write(outputRange)
      implementation.forward(call, epilogue: Epilogue(), output: &output, scratch: &room)
    case .backwardData:
      var inputGradient = results.write(inputRange)
      implementation.backwardData(call, inputGradient: &inputGradient, scratch: &room)
    case .backwardWeights:
      var weightGradient = results.write(part(results, worker))
      var kept = accumulators.write(part(accumulators, worker))
      implementation.backwardWeights(call, weightGradient: &weightGradient, accumulators: &kept, scratch: &room)
    }
  }
}

/// Each worker writes to its own part of the probe's memory.
private final class ConvolutionJob: TeamJob, @unchecked Sendable {
  private let probe: ConvolutionProbe
  private let repetitions: Int

  init(_ probe: ConvolutionProbe, repetitions: Int) {
    self.probe = probe
    self.repetitions = repetitions
  }

  func run(worker: Int, crew: Crew) {
    for _ in 0..<repetitions { probe.compute(worker: worker) }
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
