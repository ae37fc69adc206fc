internal import Commands
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Support
internal import Synchronization

/// What the answers to requests are made with.
final class ServerServices: Sendable {
  let settings: ServeSettings
  let models: ModelStore
  let queue: InferenceQueue
  let explanations: Explanations
  /// Threads that decode pictures.
  let pictures: BlockingWork
  let metrics: ServerMetrics
  let log: AccessLog
  private let draining = Atomic<Bool>(false)

  init(
    settings: ServeSettings, models: ModelStore, queue: InferenceQueue, explanations: Explanations,
    pictures: BlockingWork, metrics: ServerMetrics, log: AccessLog
  ) {
    self.settings = settings
    self.models = models
    self.queue = queue
    self.explanations = explanations
    self.pictures = pictures
    self.metrics = metrics
    self.log = log
  }

  /// Whether the server is about to end, and takes no new clients.
  var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// Makes the server report that it is about to end.
  func drain() { draining.store(true, ordering: .relaxed) }

  /// The model with a name, or the first one without a name.
  ///
  /// - Throws: a `Problem` if there is no such model, or if it is served in another version.
  func model(_ name: String?, _ version: String? = nil) throws(Problem) -> ServedModel {
    guard let model = models[name] else {
      let names = models.all.map(\.name)
      let hint = Suggestion.closest(to: name ?? "", among: names).map {
        "; did you mean \"\($0)\"?"
      }
      throw Problem(
        .notFound,
        "there is no model \"\(name ?? "")\"\(hint ?? "; the models are \(names.joined(separator: ", "))")"
      )
    }
    guard version == nil || version == model.version else {
      throw Problem(
        .notFound,
        "the model \"\(model.name)\" has the version \(model.version), not \"\(version ?? "")\"")
    }
    return model
  }

  /// The body of a request.
  func body(of request: Request) async throws -> ByteBuffer {
    let limit = settings.largestBody
    func tooLarge() -> Problem {
      Problem(
        .contentTooLarge, "the request is larger than the \(limit >> 20) MiB that the server takes")
    }
    if let stated = request.headers[.contentLength].flatMap({ Int($0) }), stated > limit {
      throw tooLarge()
    }
    if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
      throw Problem(
        .unsupportedMediaType,
        "the server does not take the content encoding \"\(coding)\"; send plain content")
    }
    do {
      return try await request.body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw tooLarge()
    }
  }

  /// Ends all threads, after what waits has been answered.
  func stop() {
    pictures.stop()
    queue.stop()
    explanations.stop()
    log.stop()
  }
}
