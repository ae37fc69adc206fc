internal import Files
internal import Glibc
internal import Runs
internal import Support

/// Evaluates items of a batch in several worker processes of this program.
///
/// A process that exceeds the time limit is killed, one that dies loses only its row, and all end with this process.
final class WorkerPool {
  private struct Slot {
    let process: ChildProcess
    var item: BatchItem?
    var deadline = Double.infinity
  }

  private let arguments: [String]
  private let jobs: Int
  private let timeout: Double?
  private let identities: BatchIdentities
  private let wording: any Wording
  private var slots: [Slot] = []

  /// A pool of at most `jobs` processes.
  ///
  /// - Parameters:
  ///   - arguments: The arguments of the workers, after their verb.
  ///   - timeout: Seconds after which an item is abandoned; nil for no limit.
  init(jobs: Int, arguments: [String], timeout: Double?, identities: BatchIdentities, wording: any Wording) {
    self.jobs = jobs
    self.arguments = arguments
    self.timeout = timeout
    self.identities = identities
    self.wording = wording
  }

  /// Evaluates items, and reports each row as it ends; returns early after a request to stop.
  ///
  /// - Throws: a failure that affects all rows, such as an error in writing probabilities, and what `report` throws.
  func run(_ items: [BatchItem], report: (BatchItem, BatchRow) throws -> Void) throws {
    defer { for slot in slots { slot.process.destroy() } }
    var waiting = items[...]
    while StopSignal.request == nil {
      while let item = waiting.first, try give(item) { waiting.removeFirst() }
      if slots.allSatisfy({ $0.item == nil }), waiting.isEmpty { return }
      // Not forever: a signal may arrive just before the wait begins.
      let nextDeadline = slots.map(\.deadline).min() ?? .infinity
      ChildProcess.wait(
        for: slots.map(\.process), seconds: min(0.5, max(0, nextDeadline - SystemClock.seconds)))
      for index in slots.indices.reversed() {
        guard let item = slots[index].item, let row = try result(of: item, slot: index) else { continue }
        try report(item, row)
      }
    }
  }

  /// Gives an item to an idle process, or to a new one; false if all are busy.
  private func give(_ item: BatchItem) throws -> Bool {
    let index: Int
    if let idle = slots.firstIndex(where: { $0.item == nil }) {
      index = idle
    } else if slots.count < jobs {
      slots.append(Slot(process: try ChildProcess(worker: ["evaluate"] + arguments, capturesErrors: false)))
      index = slots.count - 1
    } else {
      return false
    }
    let request: JSONValue = [
      "checkpoint": .string(item.checkpoint), "data": .string(item.data), "split": .string(item.split.rawValue),
    ]
    slots[index].process.send(request.text)
    slots[index].item = item
    slots[index].deadline = timeout.map { SystemClock.seconds + $0 } ?? .infinity
    return true
  }

  /// The row of a slot's item, if it has ended in any way; the slot is then free. A process that cannot be reused leaves the pool, and
  /// another slot takes its index.
  private func result(of item: BatchItem, slot index: Int) throws -> BatchRow? {
    let slot = slots[index]
    if let line = slot.process.takeLine() {
      slots[index].item = nil
      slots[index].deadline = .infinity
      guard let answer = try? JSONReader.value(of: Array(line.utf8)) else {
        throw Failure(
          .internalError, "a worker answered '\(line)'. This is a bug in the program; please report it.")
      }
      if let row = BatchRow(json: answer) { return row }
      throw Failure(
        answer["exit_code"]?.integer.flatMap(wording.kind) ?? .internalError,
        text: answer["error"]?.string ?? line)
    }
    if let end = slot.process.end {
      slots.remove(at: index)
      let how =
        switch end {
        case .signaled(let number): "was killed by signal \(number)"
        case .exited(let code): "ended with exit code \(code)"
        }
      let failure = Failure(.internalError, "the worker process \(how)")
      return BatchRow(identities.identity(of: item), failure: failure, wording: wording)
    }
    guard let timeout, SystemClock.seconds >= slot.deadline else { return nil }
    slot.process.destroy()
    slots.remove(at: index)
    return BatchRow(identities.identity(of: item), timeout: timeout, wording: wording)
  }
}
