import CommandTestSupport
import Commands
import Foundation
import Support
import Terminal
import TestSupport
import Testing

/// A property of each writer of text: untrusted text is preserved, and has no effect on the way.
struct WriterTests {
  private static let texts = HostileText.texts(2000, seed: 17)

  /// Bytes that a terminal or a line reader acts on.
  private func drives(_ text: String) -> Bool { text.unicodeScalars.contains(where: VisibleText.drives) }

  private func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  @Test func csvReadsBackByteForByte() {
    for start in stride(from: 0, to: Self.texts.count - 3, by: 3) {
      let cells = Array(Self.texts[start..<start + 3])
      let row = CSVText.row(cells)
      #expect(!drives(row), "\(row)")
      let found = CSVText.rows(of: Array((row + "\n").utf8))
      #expect(found.count == 1 && bytes(found[0].cells) == bytes(cells), "\(cells)")
    }
  }

  /// Read as in RFC 4180, by an independent reader: the right number of cells, and none that a spreadsheet would compute.
  @Test(.conformance) func csvIsCSVForOthers() throws {
    let rows = Self.texts.map { CSVText.row([$0, "end"]) }
    let file = try TemporaryFolder()
    try file.write(rows.joined(separator: "\n") + "\n", to: "rows.csv")
    let script = """
      import csv, sys
      rows = list(csv.reader(open("rows.csv", newline="", encoding="utf-8"), strict=True))
      bad = [r for r in rows if len(r) != 2 or r[1] != "end"]
      formulas = [r for r in rows if r[0][:1] in "=+-@" and r[0] and not r[0].lstrip("+-").replace("e", "").replace(".", "").isdigit()]
      print(len(rows), bad, formulas)
      """
    let outcome = try FinishedProgram(
      "/usr/bin/env", ["python3", "-c", script], environment: ["PYTHONUTF8": "1"], in: file.path)
    #expect(outcome.output == "\(rows.count) [] []\n", "\(outcome.output.prefix(500))\(outcome.error.suffix(500))")
  }

  @Test func numbersInCSVStayNumbers() {
    for text in ["-5", "+1e3", "-0.25", "-inf", "0.5", "nan"] { #expect(CSVText.row([text]) == text) }
    #expect(CSVText.row(["=1+1", "-x", "@a", "'=b", "＝c"]) == "'=1+1,'-x,'@a,''=b,'＝c")
  }

  @Test func aShellReadsBackByteForByte() throws {
    let texts = HostileText.texts(500, seed: 18, isForSystem: true)
    let words = texts.map(ShellText.quoted)
    for word in words { #expect(!drives(word), "\(word)") }
    let tool = try Tool()
    // One word after the other, each followed by a zero byte.
    let outcome = try tool.shell("printf '%s\\0' \(words.joined(separator: " ")) > words")
    #expect(outcome.status == 0, "\(outcome.error)")
    let expected = texts.reduce(into: [UInt8]()) { $0 += Array($1.utf8) + [0] }
    #expect(tool.folder.bytes("words").map { Array($0) } == expected)
  }

  @Test func anApostropheWithAMarkStaysInItsQuotes() {
    #expect(ShellText.quoted("a'\u{301}; id") == "'a'\\''\u{301}; id'")
    #expect(ShellText.quoted("a\u{1B}'b") == "$'a\\033\\047b'")
    #expect(ShellText.quoted("runs/cnn-1") == "runs/cnn-1")
  }

  @Test func jsonReadsBackByteForByte() throws {
    for text in Self.texts {
      let value: JSONValue = .object([.init(name: text, value: .string(text))])
      for written in [value.text, value.indentedText.replacing("\n", with: "")] {
        #expect(!drives(written), "\(written)")
        let found = try JSONReader.value(of: Array(written.utf8))
        guard case .object(let members) = found, case .string(let string)? = members.first?.value else {
          Issue.record("\(written)")
          continue
        }
        #expect(bytes([members[0].name, string]) == bytes([text, text]))
      }
      // Another program's reader.
      let other = try JSONSerialization.jsonObject(with: Data(JSONValue.array([.string(text)]).text.utf8)) as? [String]
      #expect(other.map { bytes($0) } == bytes([text]))
    }
  }

  /// Names that differ only in Unicode form are two names.
  @Test func jsonTellsNamesApartByTheirBytes() throws {
    let found = try JSONReader.value(of: Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
    let members: [JSONValue.Member]? = if case .object(let members) = found { members } else { nil }
    #expect(members?.map(\.value) == [1, 2])
  }

  @Test func tablesAndMessagesAreLines() {
    for text in Self.texts {
      var table = TextTable([("name", .left), ("other", .right)])
      table.append([text, text])
      #expect(table.lines.count == 3 && !table.lines.contains(where: drives))
      let message = CommandFailure(.badData, "\(text): wrong \(text)").message
      #expect(!drives(message))
    }
  }
}
