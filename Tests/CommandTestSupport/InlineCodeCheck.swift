import Foundation
import TestSupport

/// Compares the inline code of a page with the program: flags and their values, environment variables, JSON.
///
/// A value is right if a verb that has the flag accepts it. The check runs that verb on input that does not exist: a verb checks its flags first, so
/// its exit code shows whether they were wrong.
package final class InlineCodeCheck {
  private let reference: CommandReference
  private let vocabulary: Vocabulary
  private let tool: Tool
  private var complaints: [[String]: String?] = [:]

  /// The number of flags, values, variables and JSON keys that were compared.
  package private(set) var count = 0

  package init() throws {
    reference = try CommandReference()
    vocabulary = try Vocabulary.shared.get()
    tool = try Tool(environment: ["JACQUARD_DATA": "missing"])
  }

  /// The statements of the page that are wrong, one line each.
  package func problems(in page: DocumentationPage) throws -> [String] {
    let ofPage = page.path.firstMatch(of: /howto\/([a-z-]+)\.md$/).flatMap {
      reference.named(by: [String($0.1)])?.verbs
    }
    return try page.passages.flatMap { try problems(in: $0, verbs: ofPage ?? []) }.map { "\(page.path): \($0)" }
  }

  private func problems(in passage: DocumentationPage.Passage, verbs: [CommandReference.Verb]) throws -> [String] {
    var (problems, flags, variable) = ([String](), [String](), String?.none)
    var isInList = false
    for piece in passage.pieces {
      switch piece {
      case .text(let text):
        isInList = Self.isList(text, isInside: isInList, isOfVariable: variable != nil, isOfFlag: flags.count == 1)
        problems += defaultProblem(text, of: flags, verbs: verbs)
      case .code(let code):
        let words = Self.command(in: code)
        let isNumber = code.wholeMatch(of: /\d[\d.x]*[smh]?/) != nil
        if let words, words.contains(where: { $0.hasPrefix("--") }) {
          problems += try flagProblems(words, in: code, verbs: verbs)
          (flags, variable) = (words.filter { $0.hasPrefix("--") }, nil)
          isInList = flags.first != words.last
        } else if let variable, isInList {
          // A value of the last variable: "`JACQUARD_VECTORS` (`avx2`)".
          problems += try variableProblems("\(variable)=\(code)")
        } else if let flag = flags.first, isInList || isNumber {
          // Another value of the last flag: "`--schedule step`, `cosine` or `onecycle`".
          problems += try flagProblems([flag, code], in: code, verbs: verbs)
        } else if code.wholeMatch(
          of:
            /(flip|shift|erase)(=\S+)?|(rotate|scale|randaugment|brightness|contrast|saturation|cutout|mixup|cutmix)=\S+/
        ) != nil {
          problems += try flagProblems(["--augment", code], in: code, verbs: verbs)
        } else if isNumber {
          problems.append("`\(code)` is a number without a flag")
        } else {
          problems += verbProblem(code, words)
          if code.wholeMatch(of: /\$?JACQUARD_[A-Z_]+/) != nil {
            (flags, variable) = ([], code.replacing("$", with: ""))
          }
        }
        problems += try variableProblems(code) + jsonProblems(code)
      }
    }
    return problems
  }

  /// Whether the code after this text is another value of the last flag or variable.
  private static func isList(_ text: String, isInside: Bool, isOfVariable: Bool, isOfFlag: Bool) -> Bool {
    if isInside { return text.wholeMatch(of: /(?:,? (?:or |and )|, |,)/) != nil }
    return isOfFlag && [" with ", " ("].contains(text) || isOfVariable && text.wholeMatch(of: /[^.;]* \(/) != nil
  }

  /// `jacquard` is followed by a verb; `help` and `worker` are in no list.
  private func verbProblem(_ code: String, _ words: [String]?) -> [String] {
    guard code.hasPrefix("jacquard "), let words, !["help", "worker"].contains(words.first) else { return [] }
    return reference.named(by: words) == nil ? ["`\(code)`: there is no such verb"] : []
  }

  /// The words of one of our commands, without `jacquard` and anything before it, such as `parallel`; nil for other programs.
  private static func command(in code: String) -> [String]? {
    var text = Substring(code)
    if let match = code.wholeMatch(of: /make ([a-z]+) ARGS="(.*)"/) { text = match.1 + " " + match.2 }
    if let start = text.ranges(of: "jacquard ").last { text = text[start.upperBound...] }
    if let end = text.range(of: ":::") { text = text[..<end.lowerBound] }
    let words = text.split(separator: " ").map(String.init)
    return ["tensorboard", "swift", "make", "git", "cc"].contains(words.first) ? nil : words
  }

  // MARK: - Flags

  private func flagProblems(_ words: [String], in code: String, verbs: [CommandReference.Verb]) throws -> [String] {
    let named = reference.named(by: words)
    let flags = words.drop { !$0.hasPrefix("--") }
    let names = flags.filter { $0.hasPrefix("--") }
    if named == nil, words.first?.hasPrefix("--") == false { return ["`\(code)`: there is no such verb"] }
    count += names.count
    if named == nil, names.allSatisfy({ reference.rootFlags.contains($0) }) { return [] }
    func suitable(_ candidates: [CommandReference.Verb]) -> [CommandReference.Verb] {
      candidates.filter { verb in names.allSatisfy { verb.flags[$0] != nil } }
    }
    // On the page of a verb, a flag belongs to that verb if the verb has it.
    var candidates = suitable(named?.verbs ?? verbs)
    if named == nil, candidates.isEmpty { candidates = suitable(reference.verbs) }
    if candidates.isEmpty { return ["`\(code)`: no verb has \(names.joined(separator: " and "))"] }
    var complaint: String?
    for verb in candidates {
      complaint = try self.complaint(of: verb, about: Array(flags))
      if complaint == nil { return [] }
    }
    return ["`\(code)`: \(complaint ?? "")"]
  }

  /// A verb's message about flags; nil if there is none.
  private func complaint(of verb: CommandReference.Verb, about flags: [String]) throws -> String? {
    var arguments = Self.given(flags, to: verb)
    func needs(_ flag: String, _ value: String, with others: String...) {
      let isAsked = others.isEmpty || !Set(others).isDisjoint(with: arguments)
      if isAsked, verb.flags[flag] == true, !arguments.contains(flag) { arguments = [flag, value] + arguments }
    }
    needs("--validation", "0.1", with: "--early-stopping")
    needs("--optimizer", "sgd", with: "--momentum", "--nesterov")
    needs("--momentum", "0.9", with: "--nesterov")
    needs("--against", "missing")
    switch verb.words {
    case ["train"]: if !arguments.contains("--resume") { arguments.append("--print-config") }
    case ["export"]:
      needs("--format", "onnx")
      needs("--output", "missing")
    case ["import"]:
      needs("--model", "cnn")
      needs("--output", "missing.safetensors")
    case ["batch"]: needs("--output", "missing.csv")
    case ["predict"]: needs("--output", "missing.npy")
    case ["report"]: needs("--output", "missing.html")
    case ["sweep"], ["data", "clean"]: needs("--out", "missing")
    default: needs("--output", "missing.png")
    }
    if verb.words == ["batch"], arguments.contains("--retry-failed") { arguments.append("--resume") }
    // Mistakes are images of the data, in place of inputs.
    // Models that are served have different names.
    let argumentCount = arguments.contains("--mistakes") || verb.words == ["serve"] ? 1 : verb.argumentCount
    let command = verb.words + arguments + Array(repeating: "missing", count: argumentCount)
    if let known = complaints[command] { return known }
    let outcome = try tool.run(command)
    // 66: the flags are right, and the input is missing. 1: `doctor` misses the data. `summary` also accepts names of models.
    let isUnderstood = [0, 1, 66].contains(outcome.status) || outcome.error.contains("Unknown model 'missing'")
    let complaint = isUnderstood ? nil : outcome.error.trimmingCharacters(in: .newlines)
    complaints[command] = .some(complaint)
    return complaint
  }

  /// The flags that can be tried: those without a value, and those with one that is more than a placeholder such as `FILE`.
  private static func given(_ words: [String], to verb: CommandReference.Verb) -> [String] {
    var (given, rest) = ([String](), words[...])
    while let word = rest.popFirst() {
      guard let takesValue = verb.flags[word] else { continue }
      if !takesValue { given.append(word) }
      guard takesValue, let value = rest.first, !value.hasPrefix("--") else { continue }
      rest.removeFirst()
      if value.firstMatch(of: /^([A-Z{]|…)/) == nil { given += [word, value] }
    }
    return given
  }

  /// A number in parentheses after a flag is its default: "`--steps` steps (200)".
  private func defaultProblem(_ text: String, of flags: [String], verbs: [CommandReference.Verb]) -> [String] {
    guard flags.count == 1, let match = text.firstMatch(of: /^( [a-z]+)? \((\d[\d.e-]*)\)/) else { return [] }
    count += 1
    let defaults = verbs.compactMap { $0.defaults[flags[0]] }
    if defaults.contains(where: { Double($0) == Double(match.2) }) { return [] }
    return ["\(flags[0]) (\(match.2)): the default is \(defaults.first ?? "not known")"]
  }

  // MARK: - Variables and JSON

  private func variableProblems(_ code: String) throws -> [String] {
    try code.matches(of: /(?:^|[^\w])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=(\S+))?/).compactMap { match in
      let (name, value) = (String(match.1), match.2.map(String.init))
      count += 1
      if vocabulary.constants.contains(match.1) { return nil }
      guard name.hasPrefix("JACQUARD_") else {
        return vocabulary.variables.contains(match.1) ? nil : "`\(code)`: the sources do not know \(name)"
      }
      var tool = tool
      tool.environment[name] = value ?? ""
      let outcome = try tool.run("train", "--print-config")
      return outcome.status == 0 ? nil : "`\(code)`: \(outcome.error.trimmingCharacters(in: .newlines))"
    }
  }

  private func jsonProblems(_ code: String) throws -> [String] {
    var problems: [String] = []
    for match in code.matches(of: /(?:^|[^\w])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)/)
    where !Vocabulary.foreign.contains(match.1) {
      count += 1
      if !vocabulary.words.contains(match.1) {
        problems.append("`\(code)`: neither JSON nor the sources have \(match.1)")
      }
    }
    for match in code.matches(of: /"([a-z0-9_]+)": ([^,}\]]+)/) {
      count += 1
      if !vocabulary.words.contains(match.1), !match.1.contains("_") {
        problems.append("`\(code)`: there is no key \(match.1)")
      }
      if match.1 == "schema", match.2 != "1" { problems.append("`\(code)`: the schema is 1") }
    }
    guard problems.isEmpty, let object = try? JSONSerialization.jsonObject(with: Data(code.utf8)) as? [String: Any]
    else {
      return problems
    }
    let outcome: Tool.Outcome
    if object["type"] != nil {
      // A layer, here of a small model.
      let rest = #"{"type": "flatten"}, {"type": "dense", "output_features": 10}"#
      let model = #"{"name": "inline", "input_shape": [28, 28, 1], "layers": [\#(code), \#(rest)]}"#
      outcome = try tool.run("summary", try tool.folder.write(model, to: "inline.json"))
    } else {
      // Settings, as in a configuration file.
      outcome = try tool.run("train", "--config", try tool.folder.write(code, to: "inline.json"), "--print-config")
    }
    if outcome.status != 0 { problems.append("`\(code)`: \(outcome.error.trimmingCharacters(in: .newlines))") }
    return problems
  }
}
