internal import Dispatch
internal import Files
internal import JacquardEngine
internal import Runs
internal import Support
internal import Synchronization

/// Computes the answers of all requests: separate threads take the images that wait, as one batch.
///
/// While a batch is computed, the images that arrive make up the next. An image's answer does not depend on the others of its batch. The queue is
/// bounded: what does not fit is refused at once.
final class InferenceQueue: Sendable {
  private struct State {
    var jobs: [InferenceJob] = []
    var imageCount = 0
    /// The threads that wait for a signal.
    var idle = 0
    var isStopped = false
  }

  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)
  private let threads = Mutex<[SystemThread]>([])
  private let limit: Int
  private let batchSize: Int
  private let wait: Int
  private let timeout: Double
  private let metrics: ServerMetrics

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - limit: The most images that wait.
  ///   - wait: How long an image may wait for others to join its batch, in microseconds.
  ///   - timeout: How long it may wait for its answer, in seconds.
  /// - Throws: a `Failure` if the system refuses threads.
  init(
    inference: InferenceSettings, limit: Int, wait: Int, timeout: Double, metrics: ServerMetrics
  ) throws(Failure) {
    self.limit = limit
    self.wait = wait
    self.timeout = timeout
    self.metrics = metrics
    batchSize = inference.batchSize
    for _ in 0..<inference.threadCount {
      // Requests are spread over threads, so each has a team of itself alone.
      let team = try WorkerTeam.started(threads: 1, isNamed: false)
      do throws(SystemThread.Refused) {
        let thread = try SystemThread { [self] in work(team) }
        threads.withLock { $0.append(thread) }
      } catch {
        stop()
        throw Failure(
          .inputOutput, "the system refused to start a thread: \(error); choose fewer \(.threads).")
      }
    }
  }

  /// The images that wait.
  var waitingCount: Int { state.withLock { $0.imageCount } }

  /// The logits of images, `[N][classes]`.
  ///
  /// - Throws: a `Problem` if too many images wait, if the answer is not there in time, or if it is not finite.
  func logits(of content: ImageContent, by model: ServedModel) async throws(Problem) -> [Float] {
    let count = content.count / model.shape.count
    guard count <= limit else { throw .tooManyImages(count, limit: limit) }
    let now = SystemClock.seconds
    let result = await withCheckedContinuation {
      (answer: CheckedContinuation<Result<[Float], Problem>, Never>) in
      let job = InferenceJob(
        model: model, content: content, count: count, deadline: now + timeout, arrival: now,
        answer: answer)
      let (isTaken, mustSignal) = state.withLock { state -> (Bool, Bool) in
        guard !state.isStopped, state.imageCount + count <= limit else { return (false, false) }
        state.jobs.append(job)
        state.imageCount += count
        let mustSignal = state.idle > 0
        if mustSignal { state.idle -= 1 }
        return (true, mustSignal)
      }
      if mustSignal { arrivals.signal() }
      if !isTaken { answer.resume(returning: .failure(.busy)) }
    }
    return try result.get()
  }

  /// Ends the threads, after all that waits has been answered.
  func stop() {
    let idle = state.withLock { state in
      state.isStopped = true
      defer { state.idle = 0 }
      return state.idle
    }
    for _ in 0..<idle { arrivals.signal() }
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { thread.join() }
  }

  private enum Step {
    case batch([InferenceJob])
    case wait
    case end
  }

  private func work(_ team: WorkerTeam) {
    var predictors: [String: (model: ServedModel, predictor: Predictor)] = [:]
    while true {
      switch next() {
      case .end: return
      case .wait: arrivals.wait()
      case .batch(let jobs):
        let model = jobs[0].model
        if predictors[model.name]?.model !== model {
          predictors[model.name] = (
            model, Predictor(model.loaded.network, team: team, chunk: batchSize)
          )
        }
        if let predictor = predictors[model.name]?.predictor { answer(jobs, model, predictor) }
      }
    }
  }

  /// The next batch: the images that wait for one model, up to the batch size; a larger request is a separate batch.
  private func next() -> Step {
    if wait > 0,
      let first = state.withLock({ $0.imageCount < batchSize ? $0.jobs.first?.arrival : nil })
    {
      let rest = Double(wait) - (SystemClock.seconds - first) * 1e6
      if rest > 0 { SystemClock.wait(microseconds: UInt32(min(rest, Double(wait)))) }
    }
    return state.withLock { state in
      guard let model = state.jobs.first?.model else {
        if state.isStopped { return .end }
        state.idle += 1
        return .wait
      }
      var batch: [InferenceJob] = []
      var rest: [InferenceJob] = []
      var count = 0
      for (place, job) in state.jobs.enumerated() {
        if count >= batchSize {
          rest += state.jobs[place...]
          break
        }
        if job.model === model, batch.isEmpty || count + job.count <= batchSize {
          batch.append(job)
          count += job.count
        } else {
          rest.append(job)
        }
      }
      state.jobs = rest
      state.imageCount -= count
      return .batch(batch)
    }
  }

  private func answer(_ jobs: [InferenceJob], _ model: ServedModel, _ predictor: Predictor) {
    let now = SystemClock.seconds
    let late = jobs.filter { $0.deadline < now }
    for job in late { job.answer.resume(returning: .failure(.late)) }
    let jobs = late.isEmpty ? jobs : jobs.filter { $0.deadline >= now }
    guard !jobs.isEmpty else { return }
    // These predictions cannot be stopped, so they always have a result.
    let logits = predictor.logits(of: BatchSamples(jobs, model: model))?.logits ?? []
    let classes = model.classNames.count
    var first = 0
    for job in jobs {
      let own = Array(logits[first * classes..<(first + job.count) * classes])
      first += job.count
      job.answer.resume(
        returning: own.allSatisfy(\.isFinite) ? .success(own) : .failure(.notFinite(model.name)))
    }
    metrics.addBatch(images: first)
    model.answered.add(first)
  }
}
