internal import Datasets
internal import Files
internal import Support
internal import Synchronization
internal import Terminal

/// Tells on a console how the decoding of pictures goes on.
final class DecodingReport: Sendable {
  private let console: Console
  private let display: Mutex<CountDisplay>

  init(console: Console) {
    self.console = console
    display = Mutex(
      CountDisplay(console: console, name: "pictures", unit: "images", clock: { SystemClock.seconds }))
  }

  /// Shows an event.
  func show(_ event: PictureEvent) {
    switch event {
    case .decoded(let count, let total): display.withLock { $0.show(count, of: total) }
    case .ended: display.withLock { $0.clear() }
    case .cacheIsBroken(let path, let reason):
      console.warn("\(path): \(reason); the pictures are decoded again.")
    case .cacheFailed(let error):
      display.withLock { $0.clear() }
      console.warn("\(MessageText(error)); decoded pictures are not kept.")
    }
  }
}
