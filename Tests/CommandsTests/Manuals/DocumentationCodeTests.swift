import CommandTestSupport
import TestSupport
import Testing

/// Inline code of README and the pages of `docs`: flags, values, variables and JSON keys are the program's.
struct DocumentationCodeTests {
  @Test func inlineCodeIsWhatTheProgramTakes() throws {
    let check = try InlineCodeCheck()
    for page in try DocumentationPage.all() + [DocumentationPage("CONTRIBUTING.md"), DocumentationPage("CHANGELOG.md")]
    {
      for problem in try check.problems(in: page) { Issue.record("\(problem)") }
    }
    #expect(check.count > 250)
  }

  /// A test of the test: each of these is wrong, and is found.
  @Test(arguments: [
    ("`--augment flip,shift=2`; `flip=0.3` gives a probability", "expected flip or flip=alternate"),
    ("`--schedule constant`, `step`, `cosine` or `onecycles`", "onecycles"),
    ("`--optimizer sgd --momentum 1.5 --nesterov`", "momentum"),
    ("`--batchsize 64`", "no verb has --batchsize"),
    ("`bench --epochs`", "no verb has --epochs"),
    ("`trian --epochs 3`", "no such verb"),
    ("`export --opset 18`", "--opset must be 13 or 17"),
    ("every `--save-every` steps (`100`) or seconds (`30q`, `1d`) or `0`", "--save-every"),
    ("trains for `--steps` steps (300)", "the default is 200"),
    ("`JACQUARD_BATCHSIZE=64`", "Unknown environment variable"),
    ("`JACQUARD_BATCH_SIZE=none`", "JACQUARD_BATCH_SIZE"),
    ("`JACQUARD_VECTORS` limits vectors (`avx2`, `sse9`)", "not 'sse9'"),
    ("`--on-nan` with `stop` or `repeat`", "not 'repeat'"),
    ("`jacquard evalute`", "no such verb"),
    ("`NO_COLOUR`", "do not know NO_COLOUR"),
    ("`ratio_of_blas`", "ratio_of_blas"),
    (#"`{"batch_sizes": 64}`"#, "batch_sizes"),
    (#"`{"epoch": 3}`"#, "epochs"),
    (#"`{"batch_size": 0}`"#, "batch_size"),
    (#"`{"type": "relux"}`"#, "relux"),
    (#"`"schema": 2`"#, "the schema is 1"),
    ("`7` of them", "a number without a flag"),
  ])
  func wrongInlineCodeIsFound(text: String, complaint: String) throws {
    let page = DocumentationPage(path: "docs/howto/lr-find.md", text: "Text.\n\n- \(text)\n")
    let problems = try InlineCodeCheck().problems(in: page)
    #expect(problems.count == 1 && problems[0].contains(complaint), "\(problems)")
  }
}
