internal import Samples
internal import Support

/// Measures the numbers that the activations of a network take on samples.
///
/// A first pass over the samples finds the least and the largest number of every activation; a second counts how many lie in each of equal parts of
/// that range. Counts, minima and maxima do not depend on the order, so the result is the same for any number of workers.
struct Calibration {
  /// The parts of an activation's range.
  static let binCount = 2048

  private let network: Network
  private let plan: QuantizationPlan
  private let provider: any SampleProvider
  private let team: WorkerTeam
  private let percentile: Double

  /// - Parameter percentile: The share of the numbers that a range must hold, in percent; 100 for all.
  init(_ network: Network, on provider: any SampleProvider, percentile: Double, team: WorkerTeam) {
    self.network = network
    self.provider = provider
    self.percentile = percentile
    self.team = team
    plan = QuantizationPlan(network.graph)
  }

  /// The ranges of the input and of all activations that need one.
  ///
  /// - Throws: if an activation is not finite.
  func ranges() throws(ModelError) -> (input: QuantizedRange, activations: [String: QuantizedRange]) {
    let job = CalibrationJob(network, plan, provider: provider, workers: team.count)
    team.run(job)
    let names = [nil] + plan.rangeNames.map(Optional.some)
    for (place, name) in names.enumerated() {
      let limits = job.limits(of: place)
      guard limits.low.isFinite, limits.high.isFinite else {
        let values = name.map { "activations of \"\($0)\"" } ?? "inputs"
        throw .invalid("the \(values) are not finite on these samples; the weights or the samples are broken")
      }
    }
    if percentile < 100 {
      job.beginCounting()
      team.run(job)
    }
    var input = QuantizedRange(covering: 0, 1)
    var activations: [String: QuantizedRange] = [:]
    for (place, name) in names.enumerated() {
      let kept = percentile < 100 ? job.kept(percentile, of: place) : job.limits(of: place)
      let range = QuantizedRange(covering: kept.low, kept.high)
      if let name { activations[name] = range } else { input = range }
    }
    return (input, activations)
  }
}

/// One pass over the samples.
private final class CalibrationJob: TeamJob, @unchecked Sendable {
  private static let chunk = 8

  private let execution: Execution
  private let provider: any SampleProvider
  private let chunks: ShardLayout
  private let capacity: Int
  /// The place of each node's output among the observed activations; nil if no range is needed.
  private let places: [Int?]
  private let workers: Int
  private let placeCount: Int
  // One run of `placeCount` per worker.
  private let lows: Storage<Float>
  private let highs: Storage<Float>
  private var counts: Storage<Int64>
  private var isCounting = false

  init(_ network: Network, _ plan: QuantizationPlan, provider: any SampleProvider, workers: Int) {
    let graph = network.graph
    chunks = Predictor.chunks(count: provider.count, most: graph.imagesAtOnce(most: Self.chunk))
    capacity = max(1, chunks.count(0))
    execution = Execution(
      graph, parameters: network.parameters, states: network.states, isTraining: false,
      batchSize: capacity * workers, shards: workers, workers: workers, keepsLayers: true)
    self.provider = provider
    self.workers = workers
    var places = [Int?](repeating: nil, count: graph.nodes.count)
    // The input is the first.
    var count = 1
    for step in plan.steps {
      guard case .own = step.range else { continue }
      places[step.lastIndex] = count
      count += 1
    }
    self.places = places
    placeCount = count
    lows = Storage(count: count * workers)
    highs = Storage(count: count * workers)
    counts = Storage(count: 0)
    for index in 0..<count * workers { (lows[index], highs[index]) = (.infinity, -.infinity) }
  }

  func run(worker: Int, crew: Crew) {
    if !isCounting {
      execution.prepare(worker: worker, workers: crew.count)
      crew.meet()
    }
    for chunk in stride(from: worker, to: chunks.shards, by: crew.count) where chunks.count(chunk) > 0 {
      observe(chunks.range(chunk), worker: worker)
    }
  }

  private func observe(_ samples: Range<Int>, worker: Int) {
    let memory = execution.memory(shard: worker, worker: worker)
    let base = worker * capacity
    for (index, sample) in samples.enumerated() { execution.samples[base + index] = Int32(sample) }
    let input = execution.input.range(images: samples.count)
    var inputs = memory.floats.write(input)
    var labels = memory.labels.write(base..<base + samples.count)
    provider.draw(memory.samples.read(base..<base + samples.count), epoch: 0, into: &inputs, labels: &labels)
    note(memory.floats.read(input), place: 0, worker: worker)
    for (index, bound) in execution.nodes.enumerated() {
      bound.infer(images: samples.count, memory)
      guard let place = places[index] else { continue }
      note(memory.floats.read(bound.outputs[0].range(images: samples.count)), place: place, worker: worker)
    }
  }

  private func note(_ values: Span<Float>, place: Int, worker: Int) {
    let index = worker * placeCount + place
    if isCounting {
      let (low, width) = bins(of: place)
      let first = index * Calibration.binCount
      for value in values.indices {
        let bin = Int((Double(values[value]) - low) / width)
        counts[first + min(max(bin, 0), Calibration.binCount - 1)] += 1
      }
      return
    }
    var (low, high) = (lows[index], highs[index])
    var isFinite = true
    for value in values.indices {
      let number = values[value]
      low = min(low, number)
      high = max(high, number)
      isFinite = isFinite && number.isFinite
    }
    (lows[index], highs[index]) = isFinite ? (low, high) : (-.infinity, .infinity)
  }

  /// The least and the largest number of an activation.
  func limits(of place: Int) -> (low: Float, high: Float) {
    let indices = stride(from: place, to: placeCount * workers, by: placeCount)
    return (indices.map { lows[$0] }.min() ?? .infinity, indices.map { highs[$0] }.max() ?? -.infinity)
  }

  /// Call this between the two passes; all limits must be finite.
  func beginCounting() {
    counts = Storage(count: placeCount * workers * Calibration.binCount)
    isCounting = true
  }

  /// The lower end of an activation's first part, and the width of a part.
  private func bins(of place: Int) -> (low: Double, width: Double) {
    let (low, high) = limits(of: place)
    return (Double(low), max((Double(high) - Double(low)) / Double(Calibration.binCount), 1e-300))
  }

  /// The least range of whole parts that leaves out at most the rest of `percentile` at each end.
  func kept(_ percentile: Double, of place: Int) -> (low: Float, high: Float) {
    let bins = (0..<Calibration.binCount).map { bin in
      (0..<workers).reduce(Int64(0)) { $0 + counts[($1 * placeCount + place) * Calibration.binCount + bin] }
    }
    let total = bins.reduce(0, +)
    let most = Int64(Double(total) * (100 - percentile) / 100)
    let (low, width) = self.bins(of: place)
    var (first, last) = (0, Calibration.binCount - 1)
    var left: Int64 = 0
    while first < last, left + bins[first] <= most {
      left += bins[first]
      first += 1
    }
    left = 0
    while last > first, left + bins[last] <= most {
      left += bins[last]
      last -= 1
    }
    return (Float(low + Double(first) * width), Float(low + Double(last + 1) * width))
  }
}
