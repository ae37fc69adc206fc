import Support
import Testing

/// Messages that name options, and failures that carry them.
struct MessageTextTests {
  /// A program that writes options in capitals.
  private struct Loud: Wording {
    func text(of option: OptionName) -> String { option.words.uppercased() }
    func description(of error: any Error) -> (kind: Failure.Kind, text: String) {
      (error as? Failure).map(completed) ?? (.noInput, "gone")
    }
    func code(of kind: Failure.Kind) -> Int { 1 }
    func kind(of code: Int) -> Failure.Kind? { nil }
  }

  private struct Other: Error {}

  private let batchSize = OptionName(key: "batch_size")

  @Test func theWordingWritesTheOptions() {
    let message: MessageText = "a \(3): lower \(batchSize)" + " or \(OptionName("lr"))"
    #expect(Loud().text(of: message) == "a 3: lower BATCH-SIZE or LR")
    #expect(PlainWording().text(of: message) == "a 3: lower batch-size or lr")
  }

  @Test func messagesHoldMessagesAndFailures() {
    let inner = Failure(.usage, "use \(batchSize)")
    let outer: MessageText = "a: \(inner); \(inner.message)"
    #expect(Loud().text(of: outer) == "a: use BATCH-SIZE; use BATCH-SIZE")
  }

  @Test func otherErrorsKeepTheirKind() {
    let (kind, text) = Loud().description(of: Failure(Other()))
    #expect(kind == .noInput)
    #expect(text == "gone")
    #expect(Loud().text(of: "a: \(Failure(Other()))") == "a: gone")
    #expect(Failure(Failure(.usage, "a")).kind == .usage)
  }

  @Test func plainCodesAreUnique() {
    let wording = PlainWording()
    for kind in Failure.Kind.allCases { #expect(wording.kind(of: wording.code(of: kind)) == kind) }
    #expect(wording.kind(of: 0) == nil)
  }
}
