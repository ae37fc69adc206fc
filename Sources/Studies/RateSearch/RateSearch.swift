internal import LinearAlgebra
package import Datasets
internal import Files
internal import JacquardEngine
package import Runs
internal import Support
package import Terminal

/// Trains a temporary network at rates that rise from step to step.
package struct RateSearch {
  private let settings: TrainSettings
  private let rates: ClosedRange<Double>
  private let steps: Int
  private let network: Network
  private let data: TrainingData
  private let threads: Int
  private let console: Console

  /// Reads the data and creates the network.
  package init(
    _ model: ModelChoice, settings: TrainSettings, rates: ClosedRange<Double>, steps: Int, source: DataSource,
    console: Console
  ) throws {
    self.settings = settings
    self.rates = rates
    self.steps = steps
    self.console = console
    if settings.product == .blas { try BLASLibrary.check() }
    let machine = Machine()
    data = try TrainingData(source, model: model, settings: settings)
    try MemoryCheck.check(data.model, settings: settings, memory: machine.memory, teachers: data.teachers)
    network = try Network(data.model, settings: settings, training: data.training)
    threads = settings.threads ?? min(WorkerTeam.largestCount, machine.cores)
  }

  /// Trains to the end of the range, or until the loss diverges.
  package func run() throws -> Result {
    console.note(
      "trying \(steps) learning rates from \(Self.text(rates.lowerBound)) to \(Self.text(rates.upperBound)) with \(network.model.name)"
    )
    var settings = settings
    settings.training.rampStart = rates.lowerBound
    settings.training.learningRate = rates.upperBound
    settings.training.maxSteps = steps
    settings.training.epochs = steps
    var recipe = data.recipe(settings, for: network)
    // The losses of a test are those of the weights themselves.
    recipe.average = nil
    let trainer = Trainer(
      network, on: data.training, recipe: recipe, team: try WorkerTeam.started(threads: threads, isNamed: false))
    var display = ProgressDisplay(console: console) { SystemClock.seconds }
    let start = SystemClock.seconds
    var (test, end, images) = (RateRangeTest(), Result.End.range, 0)
    do {
      while let step = try trainer.nextStep() {
        images += step.images
        let seconds = SystemClock.seconds - start
        let accuracy = Double(step.correct) / Double(max(1, step.images))
        display.show(
          StepProgress(
            epoch: 1, epochCount: 1, step: step.step, stepCount: steps, loss: step.loss, accuracy: accuracy,
            imagesPerSecond: Double(images) / max(1e-9, seconds),
            secondsLeft: seconds / Double(step.step) * Double(steps - step.step)), loss: step.loss, accuracy: accuracy)
        guard test.add(rate: step.learningRate, loss: step.loss) else {
          end = .divergence
          break
        }
      }
    } catch {
      end = .notFinite
    }
    display.clear()
    guard let finding = test.finding else {
      throw Failure(
        .badData,
        "the loss is not finite after \(test.points.count) steps, even at a rate of \(Self.text(rates.lowerBound)); "
          + "check the data and the initial weights.")
    }
    return Result(
      model: network.model.name, parameters: network.parameterCount, settings: settings, threads: threads,
      rates: rates, steps: steps, end: end, points: test.points, finding: finding,
      seconds: SystemClock.seconds - start)
  }

  /// A rate with three significant digits.
  package static func text(_ rate: Double) -> String {
    Int(exactly: rounded(rate)).map(String.init) ?? rounded(rate).description
  }

  /// A rate rounded to three digits.
  package static func rounded(_ rate: Double) -> Double {
    var scale = 1.0
    while rate * scale < 100 { scale *= 10 }
    while rate * scale >= 1000 { scale /= 10 }
    let digits = (rate * scale).rounded()
    // Division by a whole number, if there is one, keeps the shortest text short.
    return scale >= 1 ? digits / scale : digits * (1 / scale).rounded()
  }
}
