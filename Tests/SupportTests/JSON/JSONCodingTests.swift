import Support
import Testing

/// Swift's coding of types, with our JSON as the format.
struct JSONCodingTests {
  private struct Everything: Codable, Equatable {
    enum Word: String, Codable { case one, two }
    struct Inner: Codable, Equatable { var list: [Float] }

    var flag: Bool
    var text: String
    var whole: Int
    var small: UInt8
    var number: Double
    var short: Float
    var word: Word
    var inner: Inner
    var inners: [Inner]
    var missing: Int?
    var nothing: Int?
    var table: [String: Int]
  }

  private let sample = Everything(
    flag: true, text: "é", whole: -7, small: 200, number: 0.25, short: 0.1, word: .two, inner: .init(list: [1, 0.5]),
    inners: [.init(list: []), .init(list: [3])], missing: nil, nothing: 4, table: ["a": 1])

  @Test func valuesReadBack() throws {
    let value = try JSONValueEncoder.encode(sample)
    #expect(
      value.sorted.text
        == #"{"flag":true,"inner":{"list":[1,0.5]},"inners":[{"list":[]},{"list":[3]}],"nothing":4,"number":0.25,"short":0.1,"#
        + #""small":200,"table":{"a":1},"text":"é","whole":-7,"word":"two"}"#)
    #expect(try JSONValueDecoder.decode(Everything.self, from: value) == sample)
  }

  @Test func nothingIsAnObjectWithoutMembers() throws {
    struct Empty: Codable, Equatable {}
    #expect(try JSONValueEncoder.encode(Empty()) == .object([]))
    #expect(try JSONValueEncoder.encode([Int]()) == .array([]))
    #expect(try JSONValueEncoder.encode([1, nil, 3]) == [1, nil, 3])
    #expect(try JSONValueDecoder.decode([Int?].self, from: [1, nil, 3]) == [1, nil, 3])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsNotWritten(number: Double) {
    #expect(throws: EncodingError.self) { try JSONValueEncoder.encode([number]) }
    #expect(throws: EncodingError.self) { try JSONValueEncoder.encode([Float(number)]) }
  }

  @Test func wholeNumbersHaveNoFraction() throws {
    #expect(try JSONValueEncoder.encode([1.0, -0.0, 1e20, 0.5]).text == "[1,-0.0,1e+20,0.5]")
    #expect(throws: EncodingError.self) { try JSONValueEncoder.encode([UInt64.max]) }
  }

  /// Every written `Float` reads back as itself, also with more digits than it needs.
  @Test func shortNumbersKeepTheirBits() throws {
    var bits: UInt32 = 1
    for _ in 0..<2000 {
      bits = bits &* 1_664_525 &+ 1_013_904_223
      let value = Float(bitPattern: bits)
      guard value.isFinite else { continue }
      let text = try JSONValueEncoder.encode([value]).text
      let read = try JSONValueDecoder.decode([Float].self, from: JSONReader.value(of: Array(text.utf8)))
      #expect(read.map(\.bitPattern) == [value.bitPattern], "\(value)")
    }
    #expect(throws: DecodingError.self) { try JSONValueDecoder.decode([Float].self, from: [1e300]) }
  }

  @Test(arguments: [
    (#"{"list": 1}"#, ["list"], "expected a list, found a number"),
    (#"{"list": [1, "2"]}"#, ["list", "1"], "expected a number, found a text"),
    (#"{"list": [1, null]}"#, ["list", "1"], "expected a number, found null"),
    (#"[]"#, [], "expected an object, found a list"),
    (#"{}"#, [], #""list" is missing"#),
  ])
  func whatDoesNotFitHasAPlace(text: String, path: [String], reason: String) throws {
    let value = try JSONReader.value(of: Array(text.utf8))
    let error = try #require(throws: DecodingError.self) {
      try JSONValueDecoder.decode(Everything.Inner.self, from: value)
    }
    switch error {
    case .typeMismatch(_, let context), .keyNotFound(_, let context):
      #expect(context.codingPath.map(\.stringValue) == path)
      #expect(context.debugDescription == reason)
    default: Issue.record("\(error)")
    }
  }

  @Test(arguments: [("256", "UInt8"), ("-1", "UInt8"), ("0.5", "UInt8"), ("\"1\"", "UInt8")])
  func wholeNumbersFitTheirType(text: String, type: String) throws {
    let value = try JSONReader.value(of: Array("[\(text)]".utf8))
    #expect(throws: DecodingError.self) { try JSONValueDecoder.decode([UInt8].self, from: value) }
    #expect(try JSONValueDecoder.decode([UInt8].self, from: [255, 1.0]) == [255, 1])
  }
}
