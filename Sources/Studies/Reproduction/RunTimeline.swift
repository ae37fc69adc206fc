internal import Files
internal import Runs
internal import Support

/// The settings that a run used, by step, according to its events: resuming may have changed some.
struct RunTimeline {
  /// A range of steps with the same settings.
  struct Session {
    /// The settings.
    let settings: TrainSettings
    /// The steps of the run done before it.
    let firstStep: Int
    /// The number of rollbacks before it.
    let rollbacks: Int
  }

  /// The sessions in order; consecutive ones with the same settings are merged.
  let sessions: [Session]
  /// The number of rollbacks; nil if unknown.
  let rollbacks: Int?

  /// The timeline of a run whose settings never changed, as far as is known.
  init(_ settings: TrainSettings) {
    sessions = [Session(settings: settings, firstStep: 0, rollbacks: 0)]
    rollbacks = nil
  }

  /// Far larger than the events of the longest run.
  private static let largestSize = 1 << 29

  /// Reads `events.jsonl`. Ignores an unfinished last line of a killed process.
  ///
  /// - Throws: a `Failure` of the kind `badData` that names the line that is not an event.
  init(path: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: Self.largestSize)
    } catch {
      throw Failure(error)
    }
    var sessions: [Session] = []
    var rollbacks = 0
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for (index, line) in lines.enumerated() {
      guard let event = try? JSONReader.value(of: Array(line)), let name = event["event"]?.string else {
        throw Failure(.badData, "\(path): line \(index + 1) is not an event; the file is damaged.")
      }
      if name == "rollback" { rollbacks += 1 }
      guard ["start", "resume"].contains(name) else { continue }
      guard let step = event["step"]?.integer, let content = event["settings"] else {
        throw Self.damage(path, line: index + 1)
      }
      let settings = try TrainSettings.resolve(file: (path, content), flags: [])
      func isTheSame(_ session: Session?) -> Bool { session?.settings.firstDifference(from: settings) == nil }
      if !sessions.isEmpty, isTheSame(sessions.last) { continue }
      // A session without steps had no effect.
      if sessions.last?.firstStep == step { sessions.removeLast() }
      if !sessions.isEmpty, isTheSame(sessions.last) { continue }
      guard step >= sessions.last?.firstStep ?? 0 else { throw Self.damage(path, line: index + 1) }
      sessions.append(Session(settings: settings, firstStep: step, rollbacks: rollbacks))
    }
    guard !sessions.isEmpty else {
      throw Failure(.badData, "\(path): the run's beginning is missing; the file is damaged.")
    }
    self.sessions = sessions
    self.rollbacks = rollbacks
  }

  private static func damage(_ path: String, line: Int) -> Failure {
    Failure(.badData, "\(path): line \(line) does not record how the run continued; the file is damaged.")
  }

  /// The step after which it began: not 0 for a folder that `reproduce` wrote from a state on.
  var firstStep: Int { sessions.first?.firstStep ?? 0 }

  /// A part of the run with the same settings, and its end.
  struct Segment {
    /// The settings.
    let settings: TrainSettings
    /// The steps of the run done at its end.
    let lastStep: Int
    /// The number of rollbacks by its end; nil if unknown.
    let rollbacks: Int?
  }

  /// The parts of the run between two steps.
  ///
  /// - Parameter isWhole: Whether the second step is the run's last one.
  func segments(from firstStep: Int, to lastStep: Int, isWhole: Bool) -> [Segment] {
    var segments: [Segment] = []
    for (index, session) in sessions.enumerated() {
      let next = index + 1 < sessions.count ? sessions[index + 1] : nil
      if let next, next.firstStep <= firstStep { continue }
      guard let next, next.firstStep < lastStep else {
        segments.append(
          Segment(settings: session.settings, lastStep: lastStep, rollbacks: isWhole ? rollbacks : nil))
        break
      }
      segments.append(Segment(settings: session.settings, lastStep: next.firstStep, rollbacks: next.rollbacks))
    }
    return segments
  }
}
