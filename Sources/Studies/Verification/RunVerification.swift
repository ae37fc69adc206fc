internal import Files
internal import Interchange
internal import JacquardEngine
package import Runs
package import Support
internal import Terminal

/// Whether the files of a run are undamaged. Changes and locks nothing.
package struct RunVerification {
  /// The condition of a file.
  package enum Status: String {
    /// Undamaged.
    case whole
    /// Readable, but written by an older version, without a checksum.
    case unchecked
    /// Damaged or unreadable.
    case damaged
    /// Required but missing.
    case missing
  }

  /// The finding about a file.
  package struct Finding {
    /// The file's path.
    package let file: String
    /// Its condition.
    package let status: Status
    /// The problem and the remedy; nil if there is none.
    package var problem: MessageText?
    /// The share of zeros among the weights of convolutions and dense layers; nil for other files, and damaged ones.
    package var zeroShare: Double?
  }

  /// The run folder.
  package let run: RunFolder
  /// The findings, file by file.
  package let findings: [Finding]

  /// Checks all files of a run.
  ///
  /// - Throws: a `Failure`: `noInput` if there is no run, `badData` if the folder contains files that no run writes.
  package init(_ path: String) throws(Failure) {
    let run = RunFolder(existing: path)
    guard Folder.kind(run.path) == .folder,
      [run.configuration, run.record].contains(where: { Folder.kind($0) == .file })
    else { throw Failure(.noInput, "\(path): not a run folder; \(run.configuration) is missing.") }
    try run.checkFiles()
    let past = PastRecord(path: run.record)
    var findings = [Self.configuration(run), Self.record(run, past)]
    let state = Self.state(run.state)
    findings.append(state)
    findings += run.keptEpochs.map { Self.state(run.keptState(after: $0)) }
    let stored = StateFile.state(ofFileAt: run.state)
    let sizes = stored?.sizes
    findings.append(Self.log(run.metrics, written: sizes?.metrics))
    findings.append(Self.log(run.events, written: sizes?.events))
    let isOver = past?.status == .finished
    findings.append(
      Self.weights(run.lastWeights, sha256: isOver ? past?.result?["weights_sha256"]?.string : nil, isNeeded: true))
    if stored?.best.score != nil || Folder.kind(run.bestWeights) == .file {
      findings.append(Self.weights(run.bestWeights, sha256: nil, isNeeded: true))
    }
    self.run = run
    self.findings = findings
  }

  /// The findings that need action.
  package var faults: [Finding] { findings.filter { $0.status == .damaged || $0.status == .missing } }

  private static func configuration(_ run: RunFolder) -> Finding {
    finding(run.configuration) { () throws(Failure) in
      let content = try ConfigurationFile.content(of: run.configuration)
      _ = try TrainSettings.resolve(file: (run.configuration, content), flags: [])
      return .whole
    }
  }

  private static func record(_ run: RunFolder, _ past: PastRecord?) -> Finding {
    if Folder.kind(run.record) == .nothing { return Finding(file: run.record, status: .missing) }
    if past != nil { return Finding(file: run.record, status: .whole) }
    return Finding(
      file: run.record, status: .damaged,
      problem: "\(run.record): this is not the record of a run; resuming writes it again, without its earlier content.")
  }

  private static func state(_ path: String) -> Finding {
    finding(path) { () throws(Failure) in
      let file = try Checkpoint.read(path)
      _ = try StateFile(file, path: path)
      return file.metadata[SafetensorsFile.checksumKey] == nil ? .unchecked : .whole
    }
  }

  private static func weights(_ path: String, sha256: String?, isNeeded: Bool) -> Finding {
    var zeroShare: Double?
    var finding = finding(path) { () throws(Failure) in
      let file = try Checkpoint.read(path)
      zeroShare = try Checkpoint.sparsity(of: file)?.share
      guard let sha256 else { return file.metadata[SafetensorsFile.checksumKey] == nil ? .unchecked : .whole }
      let found: String
      do throws(FileError) {
        found = try SHA256.hexadecimal(ofFileAt: path)
      } catch {
        throw Failure(error)
      }
      guard found == sha256 else {
        throw Failure(
          .badData,
          "\(path): the file has the SHA-256 \(found), but the run ended with \(sha256); restore it with \(.resume)."
        )
      }
      return .whole
    }
    finding.zeroShare = zeroShare
    return finding
  }

  /// A growing file: it must contain at least what the last save counted.
  private static func log(_ path: String, written: Int?) -> Finding {
    finding(path) { () throws(Failure) in
      let count: Int
      do throws(FileError) {
        count = try FileReader.byteCount(ofFileAt: path) ?? 0
      } catch {
        throw Failure(error)
      }
      guard let written else { return .unchecked }
      guard count >= written else {
        throw Failure(
          .badData, "\(path): the file has \(count) bytes, but the state expects \(written); copy the file again.")
      }
      return .whole
    }
  }

  private static func finding(_ path: String, _ look: () throws(Failure) -> Status) -> Finding {
    guard Folder.kind(path) == .file else {
      return Finding(file: path, status: .missing, problem: "\(path): the file is missing.")
    }
    do throws(Failure) {
      return Finding(file: path, status: try look())
    } catch {
      return Finding(file: path, status: .damaged, problem: error.message)
    }
  }
}

extension RunVerification {
  /// The findings for programs.
  package func json(_ wording: any Wording) -> JSONValue {
    [
      "schema": 1, "run": .string(run.path), "faults": .integer(faults.count),
      "files": .array(
        findings.map { finding in
          [
            "file": .string(finding.file), "status": .string(finding.status.rawValue),
            "problem": finding.problem.map { .string(wording.text(of: $0)) } ?? .null,
            "zero_share": finding.zeroShare.map { .rounded($0, decimals: 6) } ?? .null,
          ]
        }),
    ]
  }

  /// The findings for people.
  package func lines(_ wording: any Wording) -> [String] {
    let isPruned = findings.contains { ($0.zeroShare ?? 0) > 0 }
    var table = TextTable([("file", .left), ("status", .left)] + (isPruned ? [("zero weights", .right)] : []))
    for finding in findings {
      let share = finding.zeroShare.map { NumberText.percent($0) } ?? ""
      table.append([finding.file, finding.status.rawValue] + (isPruned ? [share] : []))
    }
    let problems = faults.compactMap(\.problem).map(wording.text)
    return table.lines + (problems.isEmpty ? [] : [""] + problems)
  }
}
