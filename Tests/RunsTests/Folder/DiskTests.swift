import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// Disks that are full, accept only parts, or are gone; clocks that jump; data that changes.
struct DiskTests {
  private let runs: TinyRun

  init() throws {
    runs = try TinyRun(isInMemory: true)
  }

  /// From some call on, all calls fail: the run ends with one line that names a file of the run, and the state stays intact. Once there is space
  /// again, the run ends as it would have without the failure.
  @Test(arguments: [
    (ENOSPC, "No space left on device"), (EDQUOT, "Disk quota exceeded"), (EIO, "Input/output error"),
    (EROFS, "Read-only file system"),
  ])
  func aDiskThatFailsEndsTheRunAndLeavesTheState(code: Int32, words: String) throws {
    _ = try runs.begin("whole")
    let log = runs.tool.folder.path + "/log"
    _ = try runs.begin("counted", faults: ["FAULT_FOLDER": "counted", "FAULT_LOG": log])
    let calls = try runs.tool.folder.text("log").split(separator: "\n")
    // Each kind of failure covers another tenth of the calls.
    for number in stride(from: 1 + Int(code) % 10, through: calls.count, by: 10) {
      let outcome = try runs.begin(
        "run",
        faults: ["FAULT_FOLDER": "run", "FAULT_AT": "\(number)", "FAULT_ACTION": "\(code)", "FAULT_STICKY": "1"])
      let call = calls[number - 1]
      #expect([73, 74].contains(outcome.status), "\(call): \(outcome.error)")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.error.contains("run") && outcome.error.contains(words), "\(call): \(outcome.error)")
      let resumed = try runs.begin(orResume: "run")
      #expect(resumed.status == 0, "\(call): \(resumed.error)")
      #expect(runs.differences("whole", "run") == [], "call \(number): \(call)")
      runs.tool.folder.remove("run")
    }
  }

  /// Interrupted calls and partial writes are not failures.
  @Test(arguments: ["\(EINTR)", "short"])
  func callsThatWantToBeRepeatedAreRepeated(action: String) throws {
    _ = try runs.begin("whole")
    for number in stride(from: 4, through: 120, by: 9) {
      let outcome = try runs.begin(
        "run", faults: ["FAULT_FOLDER": "run/", "FAULT_AT": "\(number)", "FAULT_ACTION": action])
      #expect(outcome.status == 0, "call \(number): \(outcome.error)")
      #expect(runs.differences("whole", "run") == [])
      runs.tool.folder.remove("run")
    }
  }

  @Test func aFolderThatCannotBeWrittenIsRefusedBeforeTraining() throws {
    // No user can create a folder there, not even root.
    let proc = try runs.begin("/proc/jacquard")
    #expect(proc.error.hasPrefix("jacquard: error: /proc/jacquard: cannot create the folder: "), "\(proc.error)")
    #expect(proc.status == 73)
    try FileManager.default.createDirectory(
      atPath: runs.tool.folder.path + "/run", withIntermediateDirectories: false)
    let readOnly = try runs.begin(
      "run", faults: ["FAULT_FOLDER": "run/", "FAULT_AT": "1", "FAULT_ACTION": "\(EACCES)", "FAULT_STICKY": "1"])
    #expect(
      readOnly.error
        == "jacquard: error: run/run.json: cannot create the file: Permission denied; "
        + "check the permissions of the file and of its folder\n")
    #expect(readOnly.status == 73)
  }

  @Test func aFolderThatVanishesEndsTheRun() throws {
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      '\(Tool.path)' train --out run \(TinyRun.recipe.joined(separator: " ")) --epochs 100000 & process=$!
      await $process '[ -s run/state/last.safetensors ]'
      mv run elsewhere; wait $process; echo $?
      jacquard train --resume elsewhere --quiet --max-time 0.001s > /dev/null; echo $?
      """)
    #expect(outcome.output == "73\n0\n")
    #expect(
      outcome.errorLines.first
        == "jacquard: error: run: the run folder was removed, with everything saved; train again, and keep the folder.")
  }

  /// If a run is moved away during training and another takes its place, the other stays unchanged. 19 is SIGSTOP: the first process waits in the
  /// middle of a save.
  @Test func aFolderThatIsReplacedEndsTheRun() throws {
    let recipe = TinyRun.recipe.joined(separator: " ")
    _ = try runs.begin("whole")
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      LD_PRELOAD='\(TinyRun.faultLibrary)' FAULT_FOLDER=run/metrics.csv FAULT_AT=3 FAULT_ACTION=raise:19 \
        '\(Tool.path)' train --out run \(recipe) & process=$!
      await $process 'grep -q ^State:.*stopped /proc/$process/status'
      mv run elsewhere; jacquard train --out run \(recipe) > /dev/null; echo $?
      kill -CONT $process; wait $process; echo $?
      jacquard train --resume elsewhere --quiet --max-time 0.001s > /dev/null; echo $?
      """)
    #expect(outcome.output == "0\n73\n0\n")
    #expect(
      outcome.error.hasPrefix(
        "jacquard: error: run: another folder has replaced the run's; resume the run where it was moved.\n"
      ))
    #expect(runs.differences("whole", "run") == [])
    #expect(try runs.events("run").last == "finish")
  }

  /// The same while a resumed run is still reading its inputs: its model comes through a pipe.
  @Test func aFolderThatIsReplacedBeforeTheFirstStepStaysAsItIs() throws {
    _ = try runs.begin("run", ["--max-steps", "2"])
    _ = try runs.begin("other", ["--seed", "7"])
    let names = ["config.json", "run.json", "metrics.csv", "events.jsonl", "state/last.safetensors"]
    let before = names.map { runs.tool.folder.bytes("other/\($0)") }
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      mv tiny.json model; mkfifo tiny.json
      '\(Tool.path)' train --resume run --quiet --max-steps 4 & process=$!
      # A pipe can be opened for writing once its reader exists.
      exec 3> tiny.json
      mv run elsewhere; mv other run
      cat model >&3; exec 3>&-; wait $process; echo $?
      """)
    #expect(outcome.output == "73\n")
    #expect(outcome.error.contains("run: another folder has replaced the run's"), "\(outcome.error)")
    #expect(names.map { runs.tool.folder.bytes("run/\($0)") } == before)
  }

  /// Rows in a deleted file would be lost, so the run reports it.
  @Test(arguments: ["metrics.csv", "events.jsonl"])
  func aLogThatIsRemovedEndsTheRun(name: String) throws {
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      '\(Tool.path)' train --out run \(TinyRun.recipe.joined(separator: " ")) --epochs 100000 & process=$!
      await $process '[ -s run/weights/best.safetensors ]'
      rm run/\(name); wait $process; echo $?
      """)
    #expect(outcome.output == "74\n")
    #expect(
      outcome.error
        == "jacquard: error: run/\(name): cannot flush the file to the disk: it was removed or replaced while it was being "
        + "written; keep other programs away from it\n")
    #expect(try runs.tool.folder.text("run/run.json").contains(#""status": "failed""#))
    // A file removed after the last save is detected as well.
    _ = try runs.begin("late", faults: ["FAULT_FOLDER": "late/\(name)", "FAULT_LOG": runs.tool.folder("log")])
    let calls = try runs.tool.folder.text("log").split(separator: "\n")
    let late = try runs.tool.shell(
      """
      ulimit -t 60
      LD_PRELOAD='\(TinyRun.faultLibrary)' FAULT_FOLDER=again/\(name) FAULT_AT=\(calls.count) FAULT_ACTION=raise:19 \
        '\(Tool.path)' train --out again \(TinyRun.recipe.joined(separator: " ")) > /dev/null & process=$!
      await $process 'grep -q ^State:.*stopped /proc/$process/status'
      rm again/\(name); kill -CONT $process; wait $process; echo $?
      """)
    #expect(late.output == "74\n", "\(late.error)")
  }

  /// A run needs the most space when it replaces a state with the best weights by another one: two states and two files of weights.
  @Test func aDiskWithoutRoomForASecondStateIsRefusedBeforeTraining() throws {
    _ = try runs.begin("whole")
    let refused = try runs.begin("run", faults: ["FAULT_FREE": "1000"])
    #expect(refused.status == 74)
    #expect(
      refused.error.contains(
        /^jacquard: error: run: a save needs .* beside the previous one, but the disk has only 1.* free; free some space, and continue/
      ),
      "\(refused.error)")
    #expect(try runs.savedStep("run") == 0)
    func size(_ name: String) throws -> Int { try #require(runs.tool.folder.bytes(name)).count }
    let (state, weights) = (try size("whole/state/last.safetensors"), try size("whole/weights/best.safetensors"))
    let needed = 2 * state - (try size("run/state/last.safetensors")) + weights
    #expect(try runs.resume("run", faults: ["FAULT_FREE": "\(needed - weights / 2)"]).status == 74)
    #expect(try runs.resume("run", faults: ["FAULT_FREE": "\(needed + weights)"]).status == 0)
    #expect(runs.differences("whole", "run") == [])
    // A finished run needs no space.
    runs.tool.folder.remove("run/weights/last.safetensors")
    #expect(try runs.resume("run", faults: ["FAULT_FREE": "0"]).status == 0)
  }

  /// Event files are only for the reader, who may delete them.
  @Test func eventFilesMayBeRemoved() throws {
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      '\(Tool.path)' train --out run \(TinyRun.recipe.joined(separator: " ")) --tensorboard --epochs 200 > /dev/null & process=$!
      await $process '[ -s run/weights/best.safetensors ]'
      rm -r run/tensorboard; wait $process; echo $?
      """)
    #expect(outcome.output == "0\n")
    #expect(outcome.error == "")
  }

  @Test func aResultThatNobodyCanTakeIsStillInTheRun() throws {
    let outcome = try runs.tool.shell("jacquard train --out run \(TinyRun.recipe.joined(separator: " ")) > /dev/full")
    #expect(
      outcome.error == "jacquard: error: standard output: cannot write the result: No space left on device\n")
    #expect(outcome.status == 74)
    #expect(try runs.tool.json("run/run.json")["status"] as? String == "finished")
  }

  @Test func clocksMayJump() throws {
    _ = try runs.begin("whole")
    let log = runs.tool.folder.path + "/log"
    // Ten years forward and back, at each reading of the time of day.
    let outcome = try runs.begin(
      "run", ["--max-time", "1h", "--save-every", "30m"],
      faults: ["FAULT_CLOCK": "315360000", "FAULT_FOLDER": "run/weights/last", "FAULT_LOG": log])
    #expect(outcome.status == 0)
    #expect(runs.differences("whole", "run") == [])
    #expect((0...600).contains(try #require(outcome.json()["seconds"] as? Double)))
    #expect(try runs.tool.folder.text("log").split(separator: "\n").count == 3, "at the beginning and after epochs")
    let decades = try runs.tool.folder.text("run/events.jsonl").matches(of: /"time":"(\d{3})/).map { String($0.1) }
    #expect(Set(decades).count == 2, "the jumps were there")
  }

  @Test func dataThatChangesWhileItIsReadIsRefused() throws {
    let outcome = try runs.begin("run", faults: ["FAULT_TOUCH": "train-images"])
    #expect(
      outcome.error
        == "jacquard: error: data/train-images-idx3-ubyte: the file changed while it was being read; "
        + "start again when no program is writing to it.\n")
    #expect(outcome.status == 74)
    #expect(!runs.tool.folder.holds("run"))
  }

  @Test func dataThatChangesDuringTheRunChangesNothing() throws {
    _ = try runs.begin("whole")
    // 19 is SIGSTOP: the process waits in its first save until it is continued.
    let outcome = try runs.tool.shell(
      """
      ulimit -t 60
      LD_PRELOAD='\(TinyRun.faultLibrary)' FAULT_FOLDER=run/weights/last FAULT_AT=1 FAULT_ACTION=raise:19 \
        '\(Tool.path)' train --out run \(TinyRun.recipe.joined(separator: " ")) > result & process=$!
      await $process 'grep -q ^State:.*stopped /proc/$process/status'
      for file in data/*; do echo nothing > $file; done
      kill -CONT $process; wait $process; echo $?
      """)
    #expect(outcome.output == "0\n", "\(outcome.error)")
    #expect(runs.differences("whole", "run") == [])
  }
}
