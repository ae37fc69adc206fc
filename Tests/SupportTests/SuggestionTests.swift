import Support
import Testing

@Suite struct SuggestionTests {
  private static let verbs = ["data", "summary", "train", "evaluate", "predict", "errors", "plot", "report", "bench"]

  @Test(
    "One edit of each kind finds the word",
    arguments: [
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
  func oneEdit(typed: String, meant: String) {
    #expect(Suggestion.closest(to: typed, among: Self.verbs) == meant)
  }

  @Test("The limit is a third of the typed word, and at least one edit")
  func threshold() {
    #expect(Suggestion.closest(to: "abcdxx", among: ["abcdef"]) == "abcdef")  // 2 edits, 6 letters
    #expect(Suggestion.closest(to: "abcxx", among: ["abcde"]) == nil)  // 2 edits, 5 letters
    #expect(Suggestion.closest(to: "abcxxx", among: ["abcdef"]) == nil)  // 3 edits, 6 letters
    #expect(Suggestion.closest(to: "vg", among: ["vgg"]) == "vgg")
    #expect(Suggestion.closest(to: "v", among: ["vgg"]) == nil)
  }

  @Test("A swap costs one edit, but letters between swapped ones are not edited again")
  func optimalStringAlignment() {
    // The unrestricted Damerau distance from "ca" to "abc" is 2, the optimal string alignment distance is 3. The unrelated tail
    // raises the limit to 2, so only the restricted distance rejects the candidate.
    #expect(Suggestion.closest(to: "ca-tail", among: ["abc-tail"]) == nil)
    #expect(Suggestion.closest(to: "ac-tail", among: ["ca-tail"]) == "ca-tail")
    #expect(Suggestion.closest(to: "ba", among: ["ab"]) == "ab")
  }

  @Test("The nearest wins; ties go to the alphabetically first, whatever the order")
  func ties() {
    #expect(Suggestion.closest(to: "schedul", among: ["schemas", "scheduler", "schedule"]) == "schedule")
    #expect(Suggestion.closest(to: "cat", among: ["hat", "bat", "rat"]) == "bat")
    #expect(Suggestion.closest(to: "cat", among: ["rat", "bat", "hat"]) == "bat")
    #expect(Suggestion.closest(to: "sgd", among: ["sgd", "SGD"]) == "SGD")
  }

  @Test("Nothing near, nothing typed or nothing known gives nothing")
  func nothing() {
    #expect(Suggestion.closest(to: "zebra", among: Self.verbs) == nil)
    #expect(Suggestion.closest(to: "", among: ["a"]) == nil)
    #expect(Suggestion.closest(to: "train", among: []) == nil)
    #expect(Suggestion.closest(to: "a", among: [""]) == nil)
  }

  @Test("Letters beyond ASCII count as one each")
  func characters() {
    #expect(Suggestion.closest(to: "größse", among: ["größe"]) == "größe")
    #expect(Suggestion.closest(to: "ÜBER", among: ["über"]) == "über")
  }
}
