import Foundation
import TestSupport
import Testing

/// What goes to which stream, and what happens when one of them is gone.
struct StreamTests {
  @Test func versionNamesTheBLASItsCoreAndWhoChoseIt() throws {
    let outcome = try Tool().run("--version")
    let form = /jacquard \d+\.\d+\.\d+ \(OpenBLAS \d\S*; kernels: \w+, (picked by OpenBLAS|chosen .+|the only .+)\)\n/
    #expect(outcome.output.wholeMatch(of: form) != nil, "\(outcome.output)")
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test func helpIsAResult() throws {
    for arguments in [[], ["--help"], ["help"], ["train", "--help"], ["help", "data"]] {
      let outcome = try Tool().run(arguments)
      #expect(outcome.output.contains("USAGE: jacquard"), "\(arguments)")
      #expect(outcome.error == "")
      #expect(outcome.status == 0)
    }
  }

  @Test func helpNamesWhatThereIs() throws {
    let outcome = try Tool().run("train", "--help")
    #expect(outcome.output.contains("--init-from"))
    #expect(outcome.output.contains("--resume"))
    #expect(outcome.output.contains("winograd"))
  }

  @Test func aReaderThatGoesAwayEndsTheCommandQuietly() throws {
    let outcome = try Tool().shell("(jacquard train --print-config; echo \"exit $?\" >&2) | true; wait")
    #expect(outcome.error == "exit 0\n")
  }

  @Test func aFullDiskBehindStandardOutputIsAnError() throws {
    let outcome = try Tool().shell("jacquard train --print-config > /dev/full")
    #expect(
      outcome.error == "jacquard: error: standard output: cannot write the result: No space left on device\n")
    #expect(outcome.status == 74)
  }

  @Test func aClosedStandardErrorDoesNotHarmTheResult() throws {
    let outcome = try Tool().shell("jacquard --version 2>&-")
    #expect(outcome.output.hasPrefix("jacquard "))
    #expect(outcome.status == 0)
  }

  @Test func aClosedStandardOutputIsAnError() throws {
    let outcome = try Tool().shell("jacquard --version >&-")
    #expect(
      outcome.error == "jacquard: error: standard output: cannot write the result: Bad file descriptor\n")
    #expect(outcome.status == 74)
  }

  @Test func colorsAreForTerminalsThatWantThem() throws {
    // `script` gives the command a terminal.
    let command = "script -qec '\(Tool.path) zzz' /dev/null"
    let plain = "jacquard: error: "
    let colored = "jacquard: \u{1B}[1;31merror:\u{1B}[0m "
    #expect(try Tool().shell(command).output.hasPrefix(colored))
    #expect(try Tool(environment: ["NO_COLOR": "1"]).shell(command).output.hasPrefix(plain))
    #expect(try Tool(environment: ["TERM": "dumb"]).shell(command).output.hasPrefix(plain))
    #expect(try Tool().run("zzz").error.hasPrefix(plain))
  }
}
