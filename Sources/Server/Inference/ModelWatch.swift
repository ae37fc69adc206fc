internal import Files
internal import Logging
internal import ServiceLifecycle
internal import Support
internal import UnixSignals

/// Looks once a second, and on SIGHUP, whether weights have changed.
struct ModelWatch: Service {
  private let store: ModelStore
  private let work: BlockingWork
  private let log: AccessLog
  private let metrics: ServerMetrics
  private let wording: any Wording

  init(
    _ store: ModelStore, work: BlockingWork, log: AccessLog, metrics: ServerMetrics,
    wording: any Wording
  ) {
    self.store = store
    self.work = work
    self.log = log
    self.metrics = metrics
    self.wording = wording
  }

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
          log.reopen()
          await refresh(isForced: true)
        }
      }
      group.addTask {
        await cancelWhenGracefulShutdown {
          while (try? await Task.sleep(for: .seconds(1))) != nil { await refresh(isForced: false) }
        }
      }
    }
  }

  private func refresh(isForced: Bool) async {
    // Loading blocks its thread.
    guard let changes = try? await work.result(of: { .success(store.refresh(isForced: isForced)) })
    else { return }
    for change in changes {
      switch change {
      case .exchanged(let model, let before):
        metrics.addReload(model: model.name, succeeded: true)
        log.note(
          "model", "serving version \(model.version) of \(model.name) instead of \(before.version)")
      case .refused(let name, let failure):
        metrics.addReload(model: name, succeeded: false)
        let (_, text) = wording.description(of: failure)
        log.note("model", "the new weights of \(name) cannot be used, the old ones go on: \(text)")
      }
    }
  }
}
