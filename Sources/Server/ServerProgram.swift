package import Commands
internal import Dispatch
internal import Files
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Runs
internal import ServiceLifecycle
internal import Support
internal import Synchronization
internal import Terminal
internal import UnixSignals

/// The server, from its settings to its end.
package enum ServerProgram {
  /// Serves until a signal asks for the end, and returns when all requests have been answered.
  ///
  /// - Throws: a `Failure` if a model cannot be read, the address is taken, or the system refuses a thread.
  package static func run(_ settings: ServeSettings) throws {
    let outcome = Outcome()
    Task {
      do {
        try await serve(settings)
        outcome.finish(nil)
      } catch {
        outcome.finish(error)
      }
    }
    try outcome.wait()
  }

  /// What the server ended with, on its way to the thread that waits for it.
  private final class Outcome: Sendable {
    private let failure = Mutex<(any Error)?>(nil)
    private let end = DispatchSemaphore(value: 0)

    func finish(_ error: (any Error)?) {
      failure.withLock { $0 = error }
      end.signal()
    }

    func wait() throws {
      end.wait()
      if let error = failure.withLock({ $0 }) { throw error }
    }
  }

  private static func serve(_ settings: ServeSettings) async throws {
    let console = Console(isQuiet: settings.isQuiet, wording: CommandLineWording())
    let loaded = try settings.models.map { named throws(Failure) in
      try LoadedCheckpoint(
        named, inference: settings.inference, pictureFlags: settings.pictureFlags
      ) {
        $0.reportDoubts(on: console)
      }
    }
    let metrics = ServerMetrics()
    let services = ServerServices(
      settings: settings,
      models: ModelStore(
        loaded, inference: settings.inference, pictureFlags: settings.pictureFlags),
      queue: try InferenceQueue(
        inference: settings.inference, limit: settings.queueLength, wait: settings.batchWait,
        timeout: Double(settings.timeout), metrics: metrics),
      explanations: try Explanations(),
      pictures: try BlockingWork(threads: settings.inference.threadCount, limit: 256),
      metrics: metrics,
      log: try AccessLog(path: settings.accessLog))
    defer { services.stop() }
    let loading = try BlockingWork(threads: 1, limit: 8)
    defer { loading.stop() }
    let watch = ModelWatch(
      services.models, work: loading, log: services.log, metrics: metrics,
      wording: CommandLineWording())
    let logger = Logger(label: "server") { _ in ServerLogHandler(services.log) }
    let application = application(services, loaded, console, logger)
    var configuration = ServiceGroupConfiguration(
      services: [Drain(services), watch, application],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // What takes longer than a request may take is not waited for.
    configuration.maximumGracefulShutdownDuration = .seconds(settings.timeout + 5)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      throw Failure(
        .cannotCreate,
        "cannot listen at \(settings.host), port \(settings.port): \(SystemCode(rawValue: error.errnoCode).message); choose another with \(OptionName("port"))."
      )
    }
  }

  private static func application(
    _ services: ServerServices, _ loaded: [LoadedCheckpoint], _ console: Console, _ logger: Logger
  ) -> Application<RequestHandler> {
    let settings = services.settings
    return Application(
      responder: RequestHandler(services),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionWatch(seconds: settings.timeout)],
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100)
        )),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.host, port: settings.port), serverName: "jacquard",
        backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(
          settings.connections, logger: logger)),
      onServerRunning: { channel in
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let served = ServedModels(
          loaded, address: "http://\(host):\(channel.localAddress?.port ?? settings.port)/")
        // The reader may be gone, which is no reason to stop.
        try? console.result(settings.isJSON ? [served.json.text] : served.lines)
      }, logger: logger)
  }
}

/// Says that the server is about to end as soon as a signal has asked for it.
private struct Drain: Service {
  private let services: ServerServices

  init(_ services: ServerServices) { self.services = services }

  func run() async throws {
    try? await gracefulShutdown()
    services.drain()
  }
}

/// Passes warnings of the libraries below to the server's log.
private struct ServerLogHandler: LogHandler {
  private let log: AccessLog
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.error

  init(_ log: AccessLog) { self.log = log }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { log.note("server", "\(event.message)") }
}
