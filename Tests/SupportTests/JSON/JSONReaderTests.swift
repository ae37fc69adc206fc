import Support
import Testing

/// Reading JSON: what is accepted, and the messages for everything else.
struct JSONReaderTests {
  @Test func everyKindOfValueIsRead() throws {
    let text = #" {"a": [1, -2, 0.5, 1e3, -0, true, false, null], "b": {"": "é\u00e9\ud83d\ude00\n\/"}} "#
    #expect(
      try JSONReader.value(of: Array(text.utf8)) == [
        "a": [1, -2, 0.5, 1000.0, .number(-0.0), true, false, nil], "b": ["": "éé😀\n/"],
      ])
    #expect(try JSONReader.value(of: Array("9223372036854775807".utf8)) == .integer(.max))
    #expect(try JSONReader.value(of: Array("9223372036854775808".utf8)) == .number(9_223_372_036_854_775_808))
  }

  @Test(arguments: [
    ("", 1, 1, "expected a value, found the end of the text"),
    ("{\n  \"a\": 3,\n}", 3, 1, "expected a name in quotes, found '}'"),
    ("{\"a\" 1}", 1, 6, "expected ':' after \"a\", found '1'"),
    ("[1 2]", 1, 4, "expected ',' or ']', found '2'"),
    ("{\"a\": 1", 1, 8, "expected ',' or '}', found the end of the text"),
    ("[1]\n ]", 2, 2, "there is more text after the end of the value"),
    ("[01]", 1, 2, "'01' is not a number"), ("[-.5]", 1, 2, "'-.5' is not a number"),
    ("[1.]", 1, 2, "'1.' is not a number"), ("[1.e5]", 1, 2, "'1.e5' is not a number"),
    ("[-]", 1, 2, "'-' is not a number"), ("[1e400]", 1, 2, "'1e400' is not a number"),
    ("[\"a\nb\"]", 1, 4, "a text must not contain a line break or another control character"),
    ("[\"a", 1, 2, "this text has no closing quote"), ("[\"\\x\"]", 1, 4, "unknown escape sequence \\'x'"),
    ("[\"\\ud800\"]", 1, 9, "half of a surrogate pair is missing"),
    ("[\"\\u12\"]", 1, 5, "expected four hexadecimal digits"),
    ("{\"a\": 1, \"\\u0061\": 2}", 1, 10, "\"a\" occurs twice"),
    ("[nul]", 1, 2, "expected a value, found 'n'"), ("é", 1, 1, "expected a value, found a byte 195"),
  ])
  func aFaultHasAPlace(text: String, line: Int, column: Int, reason: String) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.value(of: Array(text.utf8)) }
    #expect(error.description == "line \(line), column \(column): \(reason)")
    #expect((error.line, error.column) == (line, column))
  }

  @Test func aTextMustBeUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: [0x22, 0xFF, 0x22]) }
  }

  @Test func nestingHasALimit() throws {
    let text = Array((String(repeating: "[", count: 5) + String(repeating: "]", count: 5)).utf8)
    _ = try JSONReader.value(of: text, maximumDepth: 5)
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.value(of: text, maximumDepth: 4) }
    #expect(error.kind == .tooDeep(limit: 4))
    #expect(error.description == "line 1, column 5: more than 4 levels of nesting")
    let endless = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: endless) }
  }

  @Test func aRepeatedNameSaysWithinWhat() throws {
    let text = #"{"a": {"b": [{"c": 1, "c": 2}]}}"#
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.value(of: Array(text.utf8)) }
    #expect(error.kind == .repeatedName("c", within: ["a", "b"]))
  }

  /// Indices refer to the whole text, lines and columns to the part.
  @Test func partsOfATextAreRead() throws {
    let bytes = Array("head{\"a\": [10,\n 2]}tail".utf8)
    let part = bytes[4..<bytes.count - 4]
    #expect(try JSONReader.value(of: part) == ["a": [10, 2]])
    let error = try #require(throws: JSONSyntaxError.self) { try JSONReader.value(of: bytes[4..<bytes.count - 5]) }
    #expect(error.index == bytes.count - 5)
    #expect(error.description == "line 2, column 4: expected ',' or '}', found the end of the text")
  }

  @Test(
    arguments: [
      ([], 1, 2), ([.name("layers")], 2, 13), ([.name("layers"), .index(1)], 3, 5),
      ([.name("layers"), .index(1), .name("b")], 3, 21), ([.name("layers"), .index(2)], 2, 13),
      ([.name("other"), .index(0)], 1, 2), ([.name("layers"), .name("1")], 2, 13), ([.name("é")], 4, 13),
    ] as [([JSONStep], Int, Int)])
  func aValueHasAPlace(path: [JSONStep], line: Int, column: Int) throws {
    let text = Array(" {\n   \"layers\":[ {\"a\": [{}, []]},\n    {\"a\": \"]}\", \"b\":17}],\n  \"\\u00e9\": 4}".utf8)
    _ = try JSONReader.value(of: text)
    let position = TextPosition(of: JSONReader.index(of: path, in: text[...]), in: text[...])
    #expect(position.description == "line \(line), column \(column)")
  }
}
