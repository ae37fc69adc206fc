import CommandTestSupport
import TestSupport
import Testing

/// Whole help texts, so that any change of what users see is a deliberate one.
struct HelpTests {
  @Test func rootListsTheVerbs() throws {
    let outcome = try Tool(environment: ["COLUMNS": "80"]).run("--help")
    #expect(
      outcome.output == """
        OVERVIEW: Train and use image classifiers on this machine's processor.

        Start with 'jacquard train'. It looks for data in --data, $JACQUARD_DATA,
        $XDG_DATA_HOME/jacquard/fashion-mnist and /usr/share/datasets/fashion-mnist.

        USAGE: jacquard [--version] <subcommand>

        OPTIONS:
          --version               Print the version, the BLAS, the processor its
                                  kernels are for, and how they were chosen.
          -h, --help              Show help information.

        SUBCOMMANDS:
          train                   Train a model and write a run folder.
          presets                 List the recipes that have names, and what they reach.
          lr-find                 Find a learning rate: train a few steps at rising
                                  rates, and see where the loss falls fastest.
          evaluate                Measure a checkpoint: loss, accuracy, per-class
                                  figures, confusion, calibration.
          batch                   Evaluate many checkpoints and data sets into one CSV
                                  or JSON Lines table.
          compare                 Compare runs or checkpoints on the same images, and
                                  show the images on which they disagree.
          crossval                Train one run per fold of the training images, and
                                  predict every image by a run that has not seen it.
          sweep                   Train a grid, random samples or a list of settings,
                                  and rank them.
          reproduce               Train a run again, and check that its weights are the
                                  same.
          verify                  Check that the files of a run are undamaged.
          runs                    List runs: their states, results, and the settings in
                                  which they differ.
          predict                 Classify images, one result per line.
          errors                  Show a checkpoint's worst mistakes as a table, a
                                  picture and CSV.
          explain                 Show which parts of images a checkpoint's answers
                                  depend on.
          serve                   Serve models over HTTP, with a page to try them.
          plot                    Draw curves, schedules, confusion, calibration,
                                  thresholds, filters, activations or features.
          report                  Write a run's report: one HTML file with data, model,
                                  training, evaluation, predictions and mistakes.
          summary                 List a model's layers, shapes, parameters,
                                  multiply-adds and memory.
          export                  Write a checkpoint in another program's format.
          import                  Turn another program's model or weights into a
                                  checkpoint.
          quantize                Make a checkpoint that computes with bytes: smaller,
                                  and faster.
          data                    Describe, show or check the data; manage its cache.
          bench                   Measure speed: matrix products, convolutions, whole
                                  models.
          doctor                  Check machine, libraries and data, and say how to get
                                  what is missing.

          See 'jacquard help <subcommand>' for detailed help.

        """)
    #expect(outcome.error == "")
    #expect(outcome.status == 0)
  }

  @Test func everyVerbHasJSONQuietAndProgress() throws {
    for verb in try Self.verbs() {
      let outcome = try Tool().run(verb + ["--help"])
      for flag in ["--json", "--quiet", "--progress"] { #expect(outcome.output.contains(flag), "\(verb) \(flag)") }
      #expect(outcome.status == 0)
    }
  }

  @Test func everyVerbHasExamplesWithItsOwnFlags() throws {
    for verb in try Self.verbs() {
      let text = try Tool().run(verb + ["--help"]).output
      let (command, lines) = ("jacquard " + verb.joined(separator: " "), text.split(separator: "\n"))
      let examples = lines.drop { $0 != "Examples:" }.dropFirst().prefix { $0.hasPrefix("  ") }
      #expect(!examples.isEmpty, "\(verb) has no examples")
      for example in examples {
        #expect(example.contains(command), "\(example)")
        // Lines keep their length: a wrapped line could not be copied.
        #expect(example.hasPrefix("  ") && !example.hasPrefix("   "), "\(example)")
        for flag in example.matches(of: /--[a-z-]+/) {
          let isListed = lines.contains { $0.firstMatch(of: /^ +(-[a-z], )?(--[a-z-]+)/)?.2 == flag.0 }
          #expect(isListed, "\(verb) has no \(flag.0)")
        }
      }
    }
  }

  /// The words of every command without subcommands, as the command itself lists them.
  private static func verbs() throws -> [[String]] {
    let root = try #require(try Tool().run("--experimental-dump-help").json()["command"] as? [String: Any])
    let verbs = verbs(in: root)
    try #require(verbs.count > 20)
    return verbs
  }

  private static func verbs(in command: [String: Any]) -> [[String]] {
    let children = (command["subcommands"] as? [[String: Any]] ?? []).filter {
      $0["commandName"] as? String != "help" && $0["shouldDisplay"] as? Bool == true
    }
    return children.flatMap { child -> [[String]] in
      let name = child["commandName"] as? String ?? ""
      let below = verbs(in: child)
      return below.isEmpty ? [[name]] : below.map { [name] + $0 }
    }
  }
}
