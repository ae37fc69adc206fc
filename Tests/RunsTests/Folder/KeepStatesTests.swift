import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `train --keep-states`: the states after epochs, even if the run is interrupted.
struct KeepStatesTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  private func states(_ name: String) throws -> [String] { try runs.tool.folder.names("\(name)/state") }

  /// The tensors of a kept state.
  private func digest(_ name: String, epoch: Int) throws -> String {
    let bytes = try #require(runs.tool.folder.bytes("\(name)/state/epoch-\(epoch).safetensors"))
    return try #require(try SafetensorsSurgery.metadata(bytes)["jacquard.tensors_sha256"])
  }

  /// In whichever call a process dies, the states are those of a run that was never interrupted.
  @Test func keptStatesSurviveEveryInterruption() throws {
    let flags = ["--keep-states", "1"]
    try #require(try runs.begin("whole", flags).status == 0)
    let log = runs.tool.folder.path + "/log"
    _ = try runs.begin("counted", flags, faults: ["FAULT_FOLDER": "counted/state", "FAULT_LOG": log])
    let calls = try runs.tool.folder.text("log").split(separator: "\n")
    // Nine saves of the last state and two kept states, each opened, written, flushed to the disk and renamed.
    #expect(calls.count > 40)
    for (index, call) in calls.enumerated() where !call.hasPrefix("fsync") {
      let name = "victim"
      let outcome = try runs.begin(
        name, flags, faults: ["FAULT_FOLDER": "\(name)/state", "FAULT_AT": "\(index + 1)", "FAULT_ACTION": "kill"])
      #expect(outcome.status == 128 + SIGKILL, "\(call)")
      #expect(try runs.begin(orResume: name, flags).status == 0)
      #expect(runs.differences("whole", name) == [], "call \(index + 1): \(call)")
      #expect(try states(name) == states("whole"), "call \(index + 1): \(call)")
      for epoch in 1...2 { #expect(try digest(name, epoch: epoch) == digest("whole", epoch: epoch)) }
      runs.tool.folder.remove(name)
    }
  }

  @Test func keepingStatesMayBeginAndEndWithAnySession() throws {
    try #require(try runs.begin("plain", ["--epochs", "4", "--pause-after", "2"]).status == 0)
    try #require(try runs.resume("plain", ["--keep-states", "1", "--pause-after", "3"]).status == 0)
    // It continues from the state after epoch 2.
    #expect(try states("plain") == ["epoch-2.safetensors", "epoch-3.safetensors", "last.safetensors"])
    try #require(try runs.resume("plain", ["--keep-states", "none"]).status == 0)
    #expect(try states("plain") == ["epoch-2.safetensors", "epoch-3.safetensors", "last.safetensors"])
    try #require(try runs.begin("whole", ["--epochs", "4", "--keep-states", "2"]).status == 0)
    #expect(try digest("whole", epoch: 2) == digest("plain", epoch: 2))
    // Keeping states changes no bit, and leaves no trace in the weights file.
    #expect(runs.differences("whole", "plain") == [])
  }

  /// The kept states need their space on the disk before the first step.
  @Test func aDiskIsAskedForAllStates() throws {
    let flags = ["--epochs", "6", "--validation", "0"]
    _ = try runs.begin("whole", flags + ["--keep-states", "1"])
    let size = try #require(runs.tool.folder.bytes("whole/state/last.safetensors")).count
    for (interval, count) in [("1", 6), ("2", 3), ("7", 0)] {
      let flags = flags + ["--keep-states", interval]
      let refused = try runs.begin("run", flags, faults: ["FAULT_FREE": "\(count * size + size / 2)"])
      #expect(refused.status == 74, "\(interval): \(refused.error)")
      #expect(try runs.resume("run", faults: ["FAULT_FREE": "\((count + 1) * size + size / 2)"]).status == 0)
      runs.tool.folder.remove("run")
    }
  }

  @Test func theStateAfterEveryNthEpochIsKept() throws {
    for (interval, epochs) in [("1", [1, 2, 3, 4, 5]), ("2", [2, 4]), ("5", [5]), ("6", [])] {
      let outcome = try runs.begin("run", ["--epochs", "5", "--keep-states", interval])
      #expect(outcome.status == 0, "\(outcome.error)")
      let names = epochs.map { "epoch-\($0).safetensors" } + ["last.safetensors"]
      #expect(try states("run") == names)
      for epoch in epochs {
        let bytes = try #require(runs.tool.folder.bytes("run/state/epoch-\(epoch).safetensors"))
        let text = try #require(try SafetensorsSurgery.metadata(bytes)["jacquard.state"])
        let state = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let progress = try #require(state?["progress"] as? [String: Any])
        #expect(progress["epoch"] as? Int == epoch + 1 && progress["position"] as? Int == 0)
        #expect(progress["step"] as? Int == 3 * epoch)
      }
      runs.tool.folder.remove("run")
    }
    for interval in ["0", "1.5", "all"] {
      let refused = try runs.tool.run("train", "--keep-states", interval)
      #expect(
        refused.error
          == "jacquard: error: --keep-states must be a whole number from 1 to 100000, not '\(interval)'.\n")
      #expect(refused.status == 64)
    }
  }
}
