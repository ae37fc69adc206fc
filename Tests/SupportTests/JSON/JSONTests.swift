import Support
import Foundation
import Testing

/// Our JSON, read by another program.
struct JSONTests {
  @Test func objectsKeepTheirOrder() {
    let value: JSONValue = ["b": 1, "a": [true, nil], "c": ["d": "e"]]
    #expect(value.text == #"{"b":1,"a":[true,null],"c":{"d":"e"}}"#)
  }

  @Test func numbersAreNumbers() {
    let value: JSONValue = .array([
      .integer(-3), .number(0.1), .number(9800), .number(1e-7), .number(1e300), .number(.nan), .number(.infinity),
      .short(0.1), .rounded(0.123456789, decimals: 4),
    ])
    #expect(value.text == "[-3,0.1,9800.0,1e-07,1e+300,null,null,0.1,0.1235]")
  }

  @Test func significantDigitsKeepSmallAndLargeNumbers() {
    let values = [0.000123456, 1.23456, 9.99999, 12345.6, 123456, 123456789, 0, -0.0123456, 1e-30, 1e30]
    #expect(
      JSONValue.array(values.map { .significant($0) }).text
        == "[0.00012346,1.2346,10.0,12346.0,123460.0,123460000.0,0,-0.012346,1e-30,1e+30]")
    #expect(JSONValue.significant(4.2449e-7, digits: 3) == .number(4.24e-7))
    #expect(JSONValue.significant(.nan) == .null)
    #expect(JSONValue.significant(.infinity) == .null)
  }

  @Test(arguments: ["plain", "quote \" and \\", "line\nbreak\t\r", "\u{0}\u{1F}\u{7F}", "é 😀 \u{2028}", ""])
  func textsReadBackElsewhere(text: String) throws {
    let written = JSONValue.array([.string(text)]).text
    #expect(!written.contains("\n"))
    let read = try JSONSerialization.jsonObject(with: Data(written.utf8))
    #expect(read as? [String] == [text])
  }

  @Test func indentedTextIsForPeople() {
    let value: JSONValue = ["a": [1, 2], "b": [["c": 1]], "d": .object([]), "e": .array([])]
    #expect(
      value.indentedText == """
        {
          "a": [1,2],
          "b": [
            {
              "c": 1
            }
          ],
          "d": {},
          "e": []
        }
        """)
  }
}
