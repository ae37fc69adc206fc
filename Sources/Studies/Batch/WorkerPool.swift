internal import Files
internal import Glibc
internal import Runs
internal import Support

/// Evaluates items of a batch in other processes of this program, several at a time.
///
/// A process that takes too long is ended, one that dies costs its row only, and all end with this one.
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
  ///   - arguments: What the processes are told besides their verb.
  ///   - timeout: Seconds after which an item is given up; nil for never.
  init(jobs: Int, arguments: [String], timeout: Double?, identities: BatchIdentities, wording: any Wording) {
    self.jobs = jobs
    self.arguments = arguments
    self.timeout = timeout
    self.identities = identities
    self.wording = wording
  }

  /// Evaluates items, and reports each row as it ends; returns early once somebody asks this process to stop.
  ///
  /// - Throws: what a process could not do for all rows alike, such as writing probabilities, and what `report` throws.
  func run(_ items: [BatchItem], report: (BatchItem, BatchRow) throws -> Void) throws {
    defer { for slot in slots { slot.process.destroy() } }
    var waiting = items[...]
    while StopSignal.request == nil {
      while let item = waiting.first, try give(item) { waiting.removeFirst() }
      if slots.allSatisfy({ $0.item == nil }), waiting.isEmpty { return }
      // Not for ever: a signal may arrive just before the waiting begins.
      let nextDeadline = slots.map(\.deadline).min() ?? .infinity
      ChildProcess.wait(
        for: slots.map(\.process), seconds: min(0.5, max(0, nextDeadline - SystemClock.seconds)))
      for index in slots.indices.reversed() {
        guard let item = slots[index].item, let row = try result(of: item, slot: index) else { continue }
        try report(item, row)
      }
    }
  }

  /// Hands an item to a process that has none, or to a new one; false where all are busy.
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

  /// The row of a slot's item, if it has ended in one way or another: then the slot has no item any more. A process that is of no
  /// more use leaves the pool, and another slot takes its index.
  private func result(of item: BatchItem, slot index: Int) throws -> BatchRow? {
    let slot = slots[index]
    if let line = slot.process.takeLine() {
      slots[index].item = nil
      slots[index].deadline = .infinity
      guard let answer = try? JSONReader.value(of: Array(line.utf8)) else {
        throw Failure(
          .internalError, "a worker said '\(line)'. This is a fault of the program; please report it.")
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
        case .signaled(let number): "was ended by signal \(number)"
        case .exited(let code): "ended with exit code \(code)"
        }
      let failure = Failure(.internalError, "the process that evaluated it \(how)")
      return BatchRow(identities.identity(of: item), failure: failure, wording: wording)
    }
    guard let timeout, SystemClock.seconds >= slot.deadline else { return nil }
    slot.process.destroy()
    slots.remove(at: index)
    return BatchRow(identities.identity(of: item), timeout: timeout, wording: wording)
  }
}
