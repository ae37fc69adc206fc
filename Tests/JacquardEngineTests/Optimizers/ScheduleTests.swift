import JacquardEngine
import Testing

/// Learning rates at stated points, at the ends, and without jumps.
struct ScheduleTests {
  typealias Kind = TrainingConfiguration.ScheduleKind

  @Test func constantStaysAtThePeak() {
    let schedule = Curve(.constant, peak: 0.3, totalSteps: 7)
    #expect((0..<7).map { schedule.rate(step: $0) } == Array(repeating: 0.3, count: 7))
  }

  /// Ten steps have their thirds after 3⅓ and 6⅔.
  @Test func stepFallsToATenthAfterEachThird() {
    expectRates(.step, total: 9, [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01])
    expectRates(.step, total: 10, [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01])
  }

  @Test func linearFallsInEqualSteps() {
    expectRates(.linear, total: 4, [1, 0.75, 0.5, 0.25])
  }

  /// From PyTorch's CosineAnnealingLR with `T_max` 10.
  @Test func cosineIsPyTorchs() {
    expectRates(
      .cosine, total: 10,
      [
        1, 0.9755282581475768, 0.9045084971874737, 0.7938926261462366, 0.6545084971874737, 0.5, 0.3454915028125263,
        0.2061073738537635, 0.0954915028125263, 0.0244717418524232,
      ])
  }

  /// From PyTorch's OneCycleLR with `pct_start` 0.3, `div_factor` 25, `final_div_factor` 10,000 and cosine annealing.
  @Test func onecycleIsPyTorchs() {
    expectRates(
      .onecycle, total: 10,
      [
        0.04, 0.52, 1, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.3887419780637107,
        0.188258346050237, 0.0495193679865263, 4e-6,
      ])
    let long = Curve(.onecycle, peak: 2, totalSteps: 100)
    let points = [
      0: 0.04, 1: 0.0428137805659075, 28: 0.9971862194340926, 29: 1, 30: 0.9994965352845243, 50: 0.793893450575732,
      98: 0.0005074647154758, 99: 4e-6,
    ]
    for (step, share) in points {
      #expect(abs(long.rate(step: step) / (2 * share) - 1) < 1e-9, "step \(step)")
    }
  }

  /// The warm-up rises in equal steps to the schedule's first rate, and the schedule covers the remaining steps.
  @Test(arguments: Kind.allCases)
  func warmupClimbsToTheSchedule(kind: Kind) {
    let whole = Curve(kind, peak: 0.5, totalSteps: 50, warmupSteps: 10)
    let rest = Curve(kind, peak: 0.5, totalSteps: 40)
    let start = rest.rate(step: 0)
    for step in 0..<10 {
      #expect(abs(whole.rate(step: step) / (start * Double(step + 1) / 11) - 1) < 1e-12, "step \(step)")
    }
    for step in 10..<50 { #expect(whole.rate(step: step) == rest.rate(step: step - 10), "step \(step)") }
    let warmup = WarmupSchedule(epochs: 9, then: ConstantSchedule(peak: 1))
    #expect(warmup.warmupSteps(of: RunLength(steps: 5, stepsPerEpoch: 1)) == 5)
  }

  /// No smooth schedule moves faster than half a cosine over its shortest stretch: π/2 · peak / stretch.
  @Test(arguments: [Kind.constant, .cosine, .onecycle, .linear], [0, 20])
  func smoothSchedulesDoNotJump(kind: Kind, warmup: Int) {
    let schedule = Curve(kind, peak: 1, totalSteps: 200, warmupSteps: warmup)
    let stretch = kind == .onecycle ? 0.3 * Double(200 - warmup) - 1 : Double(200 - warmup)
    let bound = max(Double.pi / 2 / stretch, warmup == 0 ? 0 : 1 / Double(warmup + 1)) * 1.000001
    for step in 1..<200 {
      let change = abs(schedule.rate(step: step) - schedule.rate(step: step - 1))
      #expect(change <= bound, "step \(step): \(change)")
    }
  }

  @Test(arguments: Kind.allCases, 1...8)
  func shortRunsHaveRates(kind: Kind, total: Int) {
    for warmup in 0...total {
      let schedule = Curve(kind, peak: 1, totalSteps: total, warmupSteps: warmup)
      let rates = (0..<total).map { schedule.rate(step: $0) }
      #expect(rates.filter { !($0 > 0 && $0 <= 1) } == [], "\(warmup) of \(total) steps are warm-up")
    }
  }

  /// The trainer asks for the rates of the actual run: shortened by `maxSteps`, with the warm-up in epochs.
  @Test(arguments: Kind.allCases)
  func maxStepsShortensTheSchedule(kind: Kind) throws {
    var configuration = TrainingConfiguration()
    configuration.epochs = 4
    configuration.batchSize = 3
    configuration.learningRate = 0.2
    configuration.schedule = kind
    configuration.warmupEpochs = 0.5
    for (maxSteps, total) in [(nil, 16), (9, 9), (100, 16)] as [(Int?, Int)] {
      configuration.maxSteps = maxSteps
      // Ten samples are four steps an epoch, so half an epoch is two.
      let expected = Curve(kind, peak: 0.2, totalSteps: total, warmupSteps: 2)
      #expect(configuration.totalSteps(count: 10) == total)
      let network = try Network(awaitingWeights: TestModels.linear())
      let trainer = Trainer(
        network: network, configuration: configuration,
        provider: TestSamples.learnable(count: 10, shape: .vector(3), classes: 2), team: WorkerTeam(threads: 1))
      var rates: [Double] = []
      trainer.run { event in
        if case .step(let report) = event { rates.append(report.learningRate) }
        return .proceed
      }
      #expect(rates == (0..<total).map { expected.rate(step: $0) })
    }
  }

  /// A name in a file gives the same value as code.
  @Test func namesStandForTheValues() {
    let run = RunLength(steps: 40, stepsPerEpoch: 8)
    func rates(_ schedule: some LearningRateSchedule) -> [Double] {
      (0..<run.steps).map { schedule.rate(step: $0, of: run) }
    }
    var configuration = TrainingConfiguration()
    (configuration.epochs, configuration.batchSize, configuration.learningRate) = (5, 1, 0.2)
    func named(_ kind: Kind, warmupEpochs: Double = 0) -> [Double] {
      (configuration.schedule, configuration.warmupEpochs) = (kind, warmupEpochs)
      return (0..<run.steps).map { configuration.learningRate(step: $0, count: 8) }
    }
    #expect(rates(.constant(0.2)) == named(.constant))
    #expect(rates(.step(peak: 0.2)) == named(.step))
    #expect(rates(.cosine(peak: 0.2)) == named(.cosine))
    #expect(rates(.onecycle(peak: 0.2)) == named(.onecycle))
    #expect(rates(.linear(peak: 0.2)) == named(.linear))
    #expect(rates(.warmup(epochs: 1.5, then: .cosine(peak: 0.2))) == named(.cosine, warmupEpochs: 1.5))
    #expect(rates(.warmup(epochs: 1.5, then: .cosine(peak: 0.2))) != named(.cosine))
    configuration.rampStart = 0.002
    #expect(rates(.ramp(from: 0.002, to: 0.2)) == named(.constant))
    #expect(abs(rates(.ramp(from: 0.002, to: 0.2))[39] / 0.2 - 1) < 1e-12)
  }

  private func expectRates(
    _ kind: Kind, total: Int, _ shares: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(shares.count == total, sourceLocation: sourceLocation)
    for peak in [1, 0.003] {
      let schedule = Curve(kind, peak: peak, totalSteps: total)
      for (step, share) in shares.enumerated() {
        let found = schedule.rate(step: step)
        #expect(abs(found / (peak * share) - 1) < 1e-12, "step \(step): \(found)", sourceLocation: sourceLocation)
      }
    }
  }
}

/// The rates of a run whose epochs are one step each, so that a warm-up in epochs is one in steps.
private struct Curve {
  private let configuration: TrainingConfiguration

  init(_ kind: TrainingConfiguration.ScheduleKind, peak: Double, totalSteps: Int, warmupSteps: Int = 0) {
    var configuration = TrainingConfiguration()
    configuration.schedule = kind
    configuration.learningRate = peak
    configuration.epochs = totalSteps
    configuration.batchSize = 1
    configuration.warmupEpochs = Double(warmupSteps)
    self.configuration = configuration
  }

  func rate(step: Int) -> Double { configuration.learningRate(step: step, count: 1) }
}
