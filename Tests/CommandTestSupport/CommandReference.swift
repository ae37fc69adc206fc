import Foundation
import TestSupport
import Testing

/// The verbs of the built command and their flags, from the command's own output.
package struct CommandReference {
  /// A command that runs something, such as `train` or `bench gemm`.
  package struct Verb {
    /// Its words, without `jacquard`.
    package let words: [String]
    /// Each long flag, and whether a value follows it.
    package let flags: [String: Bool]
    /// The default that help gives for a flag, if it gives one.
    package let defaults: [String: String]
    /// The number of words that it needs besides its flags; two if it accepts any number.
    package let argumentCount: Int
  }

  /// The verbs that help lists, in its order.
  package let verbs: [Verb]
  /// The flags of `jacquard` itself, such as `--version`.
  package let rootFlags: Set<String>

  package init() throws {
    let help = try #require(try Tool().run("--experimental-dump-help").json()["command"] as? [String: Any])
    verbs = Self.verbs(in: help, words: [])
    rootFlags = Set(Verb(words: [], description: help).flags.keys)
    try #require(verbs.count > 20)
  }

  /// The verbs that the first words name, and the number of these words; `bench` names every verb below it. Nil if they name no verb.
  package func named(by words: [String]) -> (verbs: [Verb], count: Int)? {
    for count in [2, 1] where words.count >= count {
      let found = verbs.filter { $0.words.starts(with: words.prefix(count)) }
      if !found.isEmpty { return (found, count) }
    }
    return nil
  }

  private static func verbs(in command: [String: Any], words: [String]) -> [Verb] {
    let children = (command["subcommands"] as? [[String: Any]] ?? []).filter {
      $0["commandName"] as? String != "help" && $0["shouldDisplay"] as? Bool == true
    }
    if children.isEmpty { return [Verb(words: words, description: command)] }
    return children.flatMap { verbs(in: $0, words: words + [$0["commandName"] as? String ?? ""]) }
  }
}

extension CommandReference.Verb {
  fileprivate init(words: [String], description: [String: Any]) {
    var (flags, defaults, count) = ([String: Bool](), [String: String](), 0)
    for argument in description["arguments"] as? [[String: Any]] ?? [] {
      let kind = argument["kind"] as? String
      if kind == "positional" { count += argument["isRepeating"] as? Bool == true ? 2 : 1 }
      for name in argument["names"] as? [[String: Any]] ?? [] where name["kind"] as? String == "long" {
        let flag = "--" + (name["name"] as? String ?? "")
        flags[flag] = kind == "option"
        // Settings have their default at the end of their sentence.
        let sentence = argument["abstract"] as? String ?? ""
        defaults[flag] =
          argument["defaultValue"] as? String ?? sentence.firstMatch(of: /\(([^()]+)\)\.$/).map { String($0.1) }
      }
    }
    self.init(words: words, flags: flags, defaults: defaults, argumentCount: count)
  }
}
