import CommandTestSupport
import Commands
import Datasets
import Runs
import Support
import Testing

/// The command line's form of the libraries' errors.
struct FailureTests {
  private static let refusals: [(code: DatasetError.Code, status: Int32, message: String)] = [
    (
      .dataNotFound(folders: ["a", "b"]), 66,
      "d: no Fashion-MNIST data: expected train-images-idx3-ubyte and its companions, plain or .gz, found none in a, b; "
        + "install it with apt-get install dataset-fashion-mnist, or name its folder with --data"
    ),
    (
      .noTestImages, 66,
      "d: there are no test images: expected a test part, found a training part only; "
        + "choose --split train or validation, or add test images"
    ),
    (
      .picture(.sizesDiffer(height: 2, width: 1, firstHeight: 1, firstWidth: 2, firstPath: "e")), 65,
      "d: pictures have different sizes: expected 1 × 2, as in e, found 2 × 1; "
        + "resize all of them with --image-size 1x2 or another size"
    ),
    (
      .noValidationImages, 66,
      "d: there are no validation images: expected a validation part, found none; "
        + "choose --split train or test, or add validation images"
    ),
    (
      .picture(.unreadable("it is cut")), 65,
      "d: it is cut; 'jacquard data verify' lists all such pictures, and --skip-broken leaves them out"
    ),
    (
      .picture(.tooMuch(height: 2, width: 1, count: 3)), 65,
      "d: too many pixels: expected at most 64 GiB of them, found 3 pictures of 2 × 1; "
        + "bring them to a smaller size with --image-size"
    ),
    (
      .labelRank(found: 2), 65,
      "d: not a list of labels: expected rank 1, found rank 2; name a file of labels [N]"
    ),
  ]

  @Test(arguments: Self.refusals)
  func theFlagThatHelpsIsNamed(code: DatasetError.Code, status: Int32, message: String) {
    let error = DatasetError(path: "d", code: code)
    let failure = CommandFailure(describing: error)
    #expect(failure.status.rawValue == status)
    #expect(failure.message == message)
    #expect(!error.description.contains("--"), "the library has no flags")
  }

  /// Targets below the command line name options, not flags.
  @Test func everyOptionThatAMessageNamesIsAFlag() throws {
    let flags = Set(try CommandReference().verbs.flatMap(\.flags.keys))
    for option in OptionName.all {
      let flag = CommandLineWording().text(of: option)
      #expect(flags.contains(flag), "no verb has \(flag)")
    }
    #expect(OptionName.all.count > 20)
  }

  @Test func everyKindOfFailureHasAnExitCode() {
    let wording = CommandLineWording()
    let codes = Failure.Kind.allCases.map(wording.code)
    #expect(codes == [1, 3, 64, 65, 66, 70, 73, 74, 78])
    #expect(codes.map(wording.kind) == Failure.Kind.allCases)
    #expect(wording.kind(of: 0) == nil)
  }
}
