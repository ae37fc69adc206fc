import Glibc
import JacquardEngine
import Synchronization

/// The sample numbers of every draw, by epoch, in the order in which one worker requested them.
final class DrawLog: Sendable {
  private let entries = Mutex<[Int: [[Int32]]]>([:])

  func note(_ samples: [Int32], epoch: Int) { entries.withLock { $0[epoch, default: []].append(samples) } }

  func draws(epoch: Int) -> [[Int32]] { entries.withLock { $0[epoch] ?? [] } }
}

/// Samples that record every draw.
struct LoggedSamples: SampleProvider {
  let samples: TestSamples
  let log: DrawLog
  var isSameInEveryEpoch = false

  var count: Int { samples.count }
  var shape: Shape { samples.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) { samples.order(epoch: epoch, into: &order) }

  func draw(
    _ numbers: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int32>
  ) {
    log.note(numbers.indices.map { numbers[$0] }, epoch: epoch)
    samples.draw(numbers, epoch: epoch, into: &inputs, labels: &labels)
  }
}

/// log Σ exp(x)
func exponentialSum(_ values: [Double]) -> Double { log(values.reduce(0) { $0 + exp($1) }) }
