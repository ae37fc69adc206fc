import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// The content of each stream, and the behavior when one of them is closed.
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

/// Obstacles to writing: a full pipe, a limit on files, names that are not text.
struct WriteTests {
  /// Standard error is a full pipe that no process reads: the training still ends, and so does one that is asked to stop.
  @Test func progressThatNobodyReadsIsDropped() throws {
    let run = try TinyRun()
    let flags = TinyRun.recipe.filter { $0 != "--quiet" }.map { "'\($0)'" }.joined(separator: " ")
    // The pipe is held open and full by `sleep`, which never reads.
    let outcome = try run.tool.shell(
      """
      mkfifo full; sleep 1000 < full & reader=$!
      exec 9> full; dd if=/dev/zero bs=4096 count=64 oflag=nonblock >&9 2> /dev/null
      timeout 60 '\(Tool.path)' train --out run \(flags) --progress bar 2>&9; echo "exit $?"
      timeout 60 '\(Tool.path)' train --out long \(flags) --epochs 9999 2>&9 & training=$!
      await $training '[ -e long/state/last.safetensors ]'; kill -TERM $training; wait $training; echo "exit $?"
      kill $reader
      """)
    #expect(outcome.output.contains("exit 0\n"), "\(outcome.output)\(outcome.error)")
    #expect(outcome.output.hasSuffix("exit 143\n"), "\(outcome.output)\(outcome.error)")
  }

  /// A slow reader gets every line.
  @Test func aSlowReaderGetsEveryLine() throws {
    let run = try TinyRun()
    let flags = TinyRun.recipe.filter { $0 != "--quiet" }.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try run.tool.shell(
      "'\(Tool.path)' train --out run \(flags) 2>&1 > /dev/null | while read line; do sleep 0.02; echo \"$line\"; done")
    #expect(outcome.output.contains("epoch 1/2") && outcome.output.contains("epoch 2/2"), "\(outcome.output)")
  }

  @Test func aLimitOnFilesIsAnErrorWithAdvice() throws {
    let run = try TinyRun()
    let flags = TinyRun.recipe.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try run.tool.shell("ulimit -f 4; '\(Tool.path)' train --out run \(flags)")
    #expect(outcome.status == 74, "\(outcome.status) \(outcome.error)")
    #expect(outcome.errorLines.count == 1 && outcome.error.contains("raise the limit on file sizes (ulimit -f)"))
  }

  @Test func namesThatAreNoTextAreRefusedAsArguments() throws {
    let tool = try Tool()
    try SmallData.write(in: tool.folder)
    let outcome = try tool.shell(
      "jacquard train --data data --model lenet --out $'r\\xE9n'; echo $?; ls; JACQUARD_DATA=$'d\\xE9' jacquard data info; echo $?"
    )
    #expect(outcome.output == "64\ndata\n78\n", "\(outcome.output)")
    #expect(outcome.error.contains("argument 7, \"r\u{FFFD}n\", is not UTF-8"), "\(outcome.error)")
    #expect(outcome.error.contains("the variable JACQUARD_DATA is not UTF-8"), "\(outcome.error)")
  }
}
