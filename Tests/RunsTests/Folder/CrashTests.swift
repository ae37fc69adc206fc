import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// A run that dies at any moment and is resumed ends with the same bytes as one that was never interrupted.
struct CrashTests {
  /// The process dies in every call on a file, one after the other: during a write after half of its bytes. The next process dies as well, at another
  /// point, and the third completes the run.
  @Test(arguments: [0, 1])
  func everyCallMayBeTheLast(half: Int) throws {
    let runs = try TinyRun(isInMemory: true)
    let whole = try runs.begin("whole")
    try #require(whole.status == 0, "\(whole.error)")
    let log = runs.tool.folder.path + "/log"
    _ = try runs.begin("counted", faults: ["FAULT_FOLDER": "counted", "FAULT_LOG": log])
    #expect(runs.differences("whole", "counted").isEmpty)
    let calls = try runs.tool.folder.text("log").split(separator: "\n")
    // Six saves by steps and two by epochs, each of a state and of weights, and the calls around them.
    #expect(calls.count > 100)
    var deaths = 0
    // Dying before a synchronization equals dying after the previous call: only the disk can see a difference.
    for (index, call) in calls.enumerated() where index % 2 == half && !call.hasPrefix("fsync") {
      let name = "victim\(index)"
      let number = index + 1
      let first = try runs.begin(
        name, faults: ["FAULT_FOLDER": name, "FAULT_AT": "\(number)", "FAULT_ACTION": "kill"])
      #expect(first.status == 128 + SIGKILL, "\(call)")
      let second = try runs.begin(
        orResume: name, ["--threads", "3"],
        faults: ["FAULT_FOLDER": name, "FAULT_AT": "\(number * 7 % 40 + 1)", "FAULT_ACTION": "kill"])
      deaths += second.status == 128 + SIGKILL ? 2 : 1
      let third = try runs.begin(orResume: name, ["--threads", "1"])
      #expect(third.status == 0, "\(call): \(third.error)")
      #expect(runs.differences("whole", name) == [], "call \(number): \(call), then \(number * 7 % 40 + 1)")
      #expect(try runs.tool.folder.names(name).allSatisfy { !$0.hasPrefix(".") }, "nothing temporary is left")
      #expect(try runs.tool.folder.names(name + "/state") == ["last.safetensors"])
      runs.tool.folder.remove(name)
    }
    #expect(deaths > 60)
  }

  /// Power may fail when processes do not: the files that a state refers to are on the disk before the state is in its place, and the state is on the
  /// disk before anything that follows from it.
  @Test func whatCommitsASaveComesLast() throws {
    let runs = try TinyRun(isInMemory: true)
    let log = runs.tool.folder.path + "/log"
    try #require(try runs.begin("run", faults: ["FAULT_FOLDER": "run", "FAULT_LOG": log]).status == 0)
    var unsynchronized: Set<String> = []
    var lastWritten = ""
    var states = 0
    for line in try runs.tool.folder.text("log").split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      let (call, path) = (words[0], words[1])
      switch call {
      case "write":
        unsynchronized.insert(path)
        lastWritten = path
      case "fsync": unsynchronized.remove(path)
      case "rename":
        #expect(!unsynchronized.contains(lastWritten), "\(path) gets its name before its content is on the disk")
        if path.hasSuffix("state/last.safetensors") {
          states += 1
          #expect(unsynchronized.isEmpty, "the state is in place before \(unsynchronized)")
        }
      default: break
      }
    }
    // At the beginning, after six steps, and after two epochs.
    #expect(states == 9)
  }

  /// A file survives a power failure only if its name, and the name of each folder above it, is on the disk as well.
  @Test func namesAreOnTheDiskBeforeTheStateIs() throws {
    let runs = try TinyRun(isInMemory: true)
    let log = runs.tool.folder.path + "/log"
    try #require(try runs.begin("run", faults: ["FAULT_FOLDER": "", "FAULT_LOG": log]).status == 0)
    var unsynchronized: Set<String> = []
    var seen: Set<String> = []
    for line in try runs.tool.folder.text("log").split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      // The path of an existing file is resolved.
      let given = words[1].replacing(runs.tool.folder.path + "/", with: "./").trimmingPrefix("./")
      let path = given.isEmpty ? "." : given.hasSuffix("/") ? String(given.dropLast()) : String(given)
      switch words[0] {
      case "mkdir", "rename":
        unsynchronized.insert(path)
        seen.insert(path)
      // Temporary files have names that need not last.
      case "open" where !path.hasSuffix(".tmp"):
        unsynchronized.insert(path)
        seen.insert(path)
      case "fsync":
        unsynchronized = unsynchronized.filter {
          ($0.contains("/") ? $0.split(separator: "/").dropLast().joined(separator: "/") : ".") != path
        }
      default: break
      }
      if words[0] == "rename", path == "run/state/last.safetensors" {
        #expect(unsynchronized == [path])
      }
    }
    #expect(unsynchronized == [])
    #expect(seen.isSuperset(of: ["run", "run/weights", "run/state", "run/metrics.csv", "run/events.jsonl"]))
  }

  /// Event files are not part of a state, and no damage to them prevents a run from being resumed.
  @Test func eventFilesSurviveAsWell() throws {
    let runs = try TinyRun(isInMemory: true)
    let flags = ["--tensorboard"]
    _ = try runs.begin("whole", flags)
    let log = runs.tool.folder.path + "/log"
    _ = try runs.begin("counted", flags, faults: ["FAULT_FOLDER": "counted/tensorboard", "FAULT_LOG": log])
    let calls = try runs.tool.folder.text("log").split(separator: "\n")
    #expect(calls.count > 30)
    for (index, call) in calls.enumerated() where index.isMultiple(of: 3) {
      let isDeath = index.isMultiple(of: 2)
      let outcome = try runs.begin(
        "run", flags,
        faults: [
          "FAULT_FOLDER": "run/tensorboard", "FAULT_AT": "\(index + 1)", "FAULT_ACTION": isDeath ? "kill" : "\(ENOSPC)",
        ])
      #expect(isDeath ? outcome.status == 128 + SIGKILL : [73, 74].contains(outcome.status), "\(call)")
      let resumed = try runs.begin(orResume: "run", outcome.status == 73 ? flags : [])
      #expect(resumed.status == 0, "\(call): \(resumed.error)")
      #expect(runs.differences("whole", "run") == [], "call \(index + 1): \(call)")
      runs.tool.folder.remove("run")
    }
  }
}
