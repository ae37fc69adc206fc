import Support
import Testing

struct SuggestionTests {
  private static let verbs = ["data", "summary", "train", "evaluate", "predict", "errors", "plot", "report", "bench"]

  @Test(arguments: [
    ("trai", "train"),  // deletion
    ("traain", "train"),  // insertion
    ("trawn", "train"),  // substitution
    ("tarin", "train"),  // swap of neighbors
    ("rtain", "train"),  // swap at the start
    ("trani", "train"),  // swap at the end
    ("TRAIN", "train"),  // case alone
    ("Evalaute", "evaluate"),
    ("sumary", "summary"),
    ("prdict", "predict"),
  ])
  func oneEditOfEachKindFindsTheWord(typed: String, meant: String) {
    #expect(Suggestion.closest(to: typed, among: Self.verbs) == meant)
  }

  @Test func theLimitIsAThirdOfTheWordAndAtLeastOneEdit() {
    #expect(Suggestion.closest(to: "abcdxx", among: ["abcdef"]) == "abcdef")  // 2 edits, 6 letters
    #expect(Suggestion.closest(to: "abcxx", among: ["abcde"]) == nil)  // 2 edits, 5 letters
    #expect(Suggestion.closest(to: "abcxxx", among: ["abcdef"]) == nil)  // 3 edits, 6 letters
    #expect(Suggestion.closest(to: "vg", among: ["vgg"]) == "vgg")
    #expect(Suggestion.closest(to: "v", among: ["vgg"]) == nil)
  }

  @Test func lettersBetweenSwappedOnesAreNotEditedAgain() {
    // The unrestricted Damerau distance from "ca" to "abc" is 2, the optimal string alignment distance is 3. The unrelated tail
    // raises the limit to 2, so only the restricted distance rejects the candidate.
    #expect(Suggestion.closest(to: "ca-tail", among: ["abc-tail"]) == nil)
    #expect(Suggestion.closest(to: "ac-tail", among: ["ca-tail"]) == "ca-tail")
    #expect(Suggestion.closest(to: "ba", among: ["ab"]) == "ab")
  }

  @Test func theNearestWinsAndTiesAreAlphabetical() {
    #expect(Suggestion.closest(to: "schedul", among: ["schemas", "scheduler", "schedule"]) == "schedule")
    #expect(Suggestion.closest(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
    #expect(Suggestion.closest(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
    #expect(Suggestion.closest(to: "sgd", among: ["sgd", "SGD"]) == "SGD")
  }

  @Test func withoutANearWordThereIsNoSuggestion() {
    #expect(Suggestion.closest(to: "zebra", among: Self.verbs) == nil)
    #expect(Suggestion.closest(to: "", among: ["a"]) == nil)
    #expect(Suggestion.closest(to: "train", among: []) == nil)
    #expect(Suggestion.closest(to: "a", among: [""]) == nil)
  }

  @Test func lettersBeyondASCIICountOnce() {
    #expect(Suggestion.closest(to: "größse", among: ["größe"]) == "größe")
    #expect(Suggestion.closest(to: "ÜBER", among: ["über"]) == "über")
  }
}
