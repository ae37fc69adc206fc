import Foundation
import TestSupport
import Testing

/// The harness that kills at random: `SIGKILL` from outside, at moments that nobody chose.
struct KillTests {
  /// At least twenty deaths, spread over as many runs as it takes; each run is resumed until it comes to its end.
  @Test func runsThatAreKilledAtRandomEndTheSame() throws {
    let runs = try TinyRun(isInMemory: true)
    let recipe = ["--epochs", "4"]
    let clock = ContinuousClock()
    let start = clock.now
    let whole = try runs.begin("whole", recipe)
    let seconds = (clock.now - start) / .seconds(1)
    try #require(whole.status == 0, "\(whole.error)")
    var random = KillRandom(state: 4)
    var kills = 0
    var run = 0
    // Where the machine is so fast that a run ends before it is killed, it takes more runs; sixty are more than enough.
    while kills < 20, run < 60 {
      run += 1
      let name = "victim\(run)"
      while true {
        let outcome = try runs.killed(
          name, recipe + ["--threads", "\(1 + random.next(below: 4))"],
          after: seconds * Double(random.next(below: 1000)) / 1000)
        if outcome == 0 { break }
        #expect(outcome == 128 + SIGKILL)
        kills += 1
        try #require(kills < 400, "the run gets nowhere")
      }
      #expect(runs.differences("whole", name) == [], "run \(run), after \(kills) kills")
    }
    #expect(kills >= 20)
  }

  /// A sweep with rungs, of which everything dies at once: the process that decides, and those that train.
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
    let clock = ContinuousClock()
    let start = clock.now
    try #require(try runs.tool.run(sweep("whole")).status == 0)
    let seconds = (clock.now - start) / .seconds(1)
    var random = KillRandom(state: 5)
    var kills = 0
    for name in ["one", "two", "three"] {
      for _ in 0..<5 {
        let command = sweep(name).joined(separator: " ")
        let outcome = try runs.tool.shell(
          """
          '\(Tool.path)' \(command) > /dev/null 2>&1 & process=$!
          sleep \(seconds * Double(random.next(below: 700)) / 1000)
          children=$(cat /proc/$process/task/*/children 2> /dev/null); kill -9 $process $children; wait $process
          """)
        if outcome.status == 128 + SIGKILL { kills += 1 }
      }
      let end = try runs.tool.run(sweep(name))
      #expect(end.status == 0, "\(end.error)")
      for run in 1...4 {
        #expect(runs.differences("whole/run-\(run)", "\(name)/run-\(run)") == [], "\(name), run \(run)")
      }
    }
    #expect(kills >= 5)
  }

  /// In its first moments, when nothing has been saved: the folder can be used again, by the one way or the other.
  @Test func runsThatAreKilledInTheirFirstMomentsAreBegunAgain() throws {
    let runs = try TinyRun(isInMemory: true)
    try #require(try runs.begin("whole").status == 0)
    var random = KillRandom(state: 6)
    for number in 0..<30 {
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

extension TinyRun {
  /// Begins a run or goes on with it, and kills it after some seconds unless it has ended by itself; returns its status.
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
