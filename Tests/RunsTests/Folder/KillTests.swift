import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// The harness that kills at random: `SIGKILL` from outside, at arbitrary moments. A command that is killed and resumed ends with the same bytes as
/// one that is not.
///
/// A hundred kills in total; `make soak` runs a thousand through `JACQUARD_KILLS`.
struct KillTests {
  /// The total number of kills; each test has a share.
  private static let kills = ProcessInfo.processInfo.environment["JACQUARD_KILLS"].flatMap { Int($0) } ?? 100

  /// A part of the kills, in percent.
  private static func share(_ percent: Int) -> Int { max(1, kills * percent / 100) }

  /// The time that an undisturbed command takes.
  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Kills are spread over as many runs as needed; each run is resumed until it completes.
  @Test func runsThatAreKilledAtRandomEndTheSame() throws {
    let runs = try TinyRun(isInMemory: true)
    let recipe = ["--epochs", "4"]
    let seconds = try Self.seconds {
      let whole = try runs.begin("whole", recipe)
      try #require(whole.status == 0, "\(whole.error)")
    }
    var random = KillRandom(state: 4)
    let wanted = Self.share(35)
    var kills = 0
    var run = 0
    // On a machine so fast that a run ends before it is killed, more runs are needed.
    while kills < wanted, run < 3 * wanted {
      run += 1
      let name = "victim\(run)"
      var deaths = 0
      while true {
        let outcome = try runs.killed(
          name, recipe + ["--threads", "\(1 + random.next(below: 4))"],
          after: seconds * Double(random.next(below: 1000)) / 1000)
        if outcome == 0 { break }
        #expect(outcome == 128 + SIGKILL)
        deaths += 1
        try #require(deaths < 400, "the run gets nowhere")
      }
      kills += deaths
      #expect(runs.differences("whole", name) == [], "run \(run), after \(kills) kills")
      runs.tool.folder.remove(name)
    }
    #expect(kills >= wanted)
  }

  /// A sweep with rungs whose processes all die at once: the one that decides, and those that train.
  @Test func sweepsThatAreKilledAtRandomEndTheSame() throws {
    let runs = try TinyRun(isInMemory: true)
    try runs.tool.folder.write(
      """
      {"base": {"model": "tiny.json", "epochs": 3, "batch_size": 20, "validation": 15, "save_every": 1},
       "grid": {"lr": [1e-9, 0.02, 1e-8, 0.01]}, "halving": {"rungs": [1, 2], "factor": 2}}
      """, to: "sweep.json")
    func sweep(_ name: String) -> [String] {
      ["sweep", "sweep.json", "--out", name, "--data", "data", "--jobs", "2", "--quiet"]
    }
    let seconds = try Self.seconds { try #require(try runs.tool.run(sweep("whole")).status == 0) }
    var random = KillRandom(state: 5)
    let wanted = Self.share(20)
    var kills = 0
    var number = 0
    while kills < wanted, number < wanted {
      number += 1
      let name = "sweep\(number)"
      for _ in 0..<5 {
        kills +=
          try runs.killedWithChildren(
            sweep(name), after: seconds * Double(random.next(below: 700)) / 1000) ? 1 : 0
      }
      let end = try runs.tool.run(sweep(name))
      #expect(end.status == 0, "\(end.error)")
      for run in 1...4 {
        #expect(runs.differences("whole/run-\(run)", "\(name)/run-\(run)") == [], "\(name), run \(run)")
      }
      runs.tool.folder.remove(name)
    }
    #expect(kills >= min(wanted, 5))
  }

  /// A batch of many checkpoints, alone or with worker processes.
  @Test(arguments: [[], ["--jobs", "2"]])
  func batchesThatAreKilledAtRandomEndTheSame(jobs: [String]) throws {
    let many = try ManyCheckpoints(12, broken: 5)
    func batch(_ name: String) -> [String] {
      ["batch", "many", "--data", "data", "--output", name, "--quiet", "--resume"] + jobs
    }
    let seconds = try Self.seconds { try #require(try many.tool.run(batch("whole.csv")).status == 1) }
    let whole = try many.results("whole.csv")
    try #require(whole.count == 12)
    var random = KillRandom(state: 7 + UInt64(jobs.count))
    let wanted = Self.share(10)
    var kills = 0
    var number = 0
    while kills < wanted, number < wanted {
      number += 1
      let name = "table\(number).csv"
      for _ in 0..<4 {
        kills +=
          try many.runs.killedWithChildren(
            batch(name), after: seconds * Double(random.next(below: 900)) / 1000) ? 1 : 0
      }
      let end = try many.tool.run(batch(name))
      #expect(end.status == 1, "\(end.error)")
      #expect(try many.results(name) == whole, "\(name)")
      many.tool.folder.remove(name)
    }
    #expect(kills >= min(wanted, 5))
  }

  /// In its first moments, when nothing has been saved: the folder can be used again, by resuming or by starting again.
  @Test func runsThatAreKilledInTheirFirstMomentsAreBegunAgain() throws {
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("whole").status == 0)
    var random = KillRandom(state: 6)
    for number in 0..<Self.share(25) {
      let name = "early\(number)"
      // From nothing at all to the first steps.
      _ = try runs.killed(name, [], after: Double(random.next(below: 60)) / 1000)
      let outcome = try runs.begin(orResume: name)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(runs.differences("whole", name) == [], "run \(number)")
      runs.tool.folder.remove(name)
    }
  }
}

extension ManyCheckpoints {
  /// The content of a table's rows without times, in the order of the checkpoints.
  fileprivate func results(_ name: String) throws -> [[String: String]] {
    try rows(name).map { row in row.filter { !["seconds", "images_per_second", "ended"].contains($0.key) } }
      .sorted { ($0["checkpoint"] ?? "") < ($1["checkpoint"] ?? "") }
  }
}

extension TinyRun {
  /// Runs a command and kills it after some seconds, with the processes that it started; false if it ended before that.
  fileprivate func killedWithChildren(_ arguments: [String], after seconds: Double) throws -> Bool {
    let outcome = try tool.shell(
      """
      '\(Tool.path)' \(arguments.joined(separator: " ")) > /dev/null 2>&1 & process=$!
      sleep \(seconds)
      children=$(cat /proc/$process/task/*/children 2> /dev/null); kill -9 $process $children; wait $process
      """)
    return outcome.status == 128 + SIGKILL
  }

  /// Starts or resumes a run, and kills it after some seconds unless it has ended; returns its status.
  fileprivate func killed(_ name: String, _ flags: [String], after seconds: Double) throws -> Int32 {
    let isBegun = tool.folder.holds(name + "/config.json")
    let what = isBegun ? ["--resume", name, "--quiet"] + flags.suffix(2) : ["--out", name] + Self.recipe + flags
    let arguments = what.joined(separator: " ")
    return try tool.shell(
      """
      '\(Tool.path)' train \(arguments) > /dev/null & process=$!
      sleep \(seconds); kill -9 $process; wait $process
      """
    ).status
  }
}

/// A small generator with a fixed seed (SplitMix64).
private struct KillRandom {
  var state: UInt64

  mutating func next(below bound: UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return (bits ^ (bits >> 31)) % bound
  }
}
