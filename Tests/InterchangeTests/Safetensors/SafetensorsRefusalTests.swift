import Interchange
import Testing

/// Every kind of invalid file is rejected, each with a different problem.
struct SafetensorsRefusalTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let problem: SafetensorsError.Problem

    init(_ description: String, _ bytes: [UInt8], _ problem: SafetensorsError.Problem) {
      testDescription = description
      self.bytes = bytes
      self.problem = problem
    }

    init(_ description: String, _ header: String, data: Int = 0, _ problem: SafetensorsError.Problem) {
      self.init(description, safetensorsBytes(header, dataByteCount: data), problem)
    }

    /// A fault of the tensor `a`.
    init(_ description: String, _ header: String, data: Int, tensor problem: SafetensorsError.TensorProblem) {
      self.init(description, header, data: data, .tensor(name: "a", problem))
    }
  }

  private static let frame: [Case] = [
    Case("nothing", [], .tooShort(byteCount: 0)),
    Case("seven bytes", [2, 0, 0, 0, 0, 0, 0], .tooShort(byteCount: 7)),
    Case(
      "a length above the limit", [0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0],
      .headerTooLong(byteCount: 100_000_001, guess: nil)),
    Case(
      "a length at the limit, but no header", [0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0],
      .headerPastEnd(byteCount: 100_000_000, available: 0)),
    Case(
      "the greatest length", [UInt8](repeating: 0xFF, count: 8), .headerTooLong(byteCount: UInt64.max, guess: nil)),
    Case(
      "a header one byte too long", [3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], .headerPastEnd(byteCount: 3, available: 2)),
    Case(
      "a ZIP archive", Array("PK\u{3}\u{4}\u{14}\0\0\0\0\0".utf8),
      .headerTooLong(byteCount: 0x14_0403_4B50, guess: "a ZIP archive, such as a PyTorch .pt or a NumPy .npz file")),
    Case(
      "a Git LFS pointer", Array("version https://git-lfs.github.com/spec/v1\n".utf8),
      .headerTooLong(
        byteCount: 0x206E_6F69_7372_6576, guess: "a Git LFS pointer, whose content was never fetched")),
  ]

  private static let text: [Case] = [
    Case("an empty header", "", .notAnObject(offset: 8)),
    Case("spaces alone", "  ", .notAnObject(offset: 10)),
    Case("an array", " []", .notAnObject(offset: 9)),
    Case("a byte order mark", "\u{FEFF}{}", .notAnObject(offset: 8)),
    Case(
      "UTF-16", safetensorsBytes([0x7B, 0, 0x7D, 0]),
      .malformedJSON(offset: 9, reason: #"expected a name in quotes, found '\0'"#)),
    Case("a byte that is not UTF-8", safetensorsBytes([0x7B, 0x22, 0xFF, 0x22, 0x7D]), .notUTF8(offset: 10)),
    Case(
      "a surrogate in UTF-8", safetensorsBytes([0x7B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x7D]), .notUTF8(offset: 10)),
    Case(
      "an open object", "{", .malformedJSON(offset: 9, reason: "expected a name in quotes, found the end of the text")),
    Case("an open string", #"{"a"#, .malformedJSON(offset: 9, reason: "this text has no closing quote")),
    Case("an open escape", #"{"a\"#, .malformedJSON(offset: 9, reason: "this text has no closing quote")),
    Case(
      "brackets that do not match", "{]", .malformedJSON(offset: 9, reason: "expected a name in quotes, found ']'")),
    Case(
      "an escape that is none", #"{"\x":1}"#,
      .malformedJSON(offset: 11, reason: #"unknown escape sequence \'x'"#)),
    Case(
      "half a surrogate pair", #"{"\ud800":1}"#,
      .malformedJSON(offset: 16, reason: "half of a surrogate pair is missing")),
    Case(
      "a zero byte behind the object", "{}\0",
      .malformedJSON(offset: 10, reason: "there is more text after the end of the value")),
    Case(
      "deep nesting", #"{"a":"# + String(repeating: "[", count: 100_000), .tooDeep(offset: 28, limit: 16)),
    Case("a negative number", "{\(entry("a", [-1], 0, 0))}", .notAWholeNumber(offset: 37)),
    Case("a fraction", #"{"a":{"shape":[1.0]}}"#, .notAWholeNumber(offset: 23)),
    Case("an exponent", #"{"a":{"shape":[1e3]}}"#, .notAWholeNumber(offset: 23)),
    Case("metadata that is no object", #"{"__metadata__":"text"}"#, .metadataNotText(key: nil)),
    Case("metadata with a number", #"{"__metadata__":{"k":1}}"#, .metadataNotText(key: "k")),
    Case("metadata with an object", #"{"__metadata__":{"k":{}}}"#, .metadataNotText(key: "k")),
    Case(
      "metadata with nothing for a string", #"{"__metadata__":{"k":null}}"#, .metadataNotText(key: "k")),
  ]

  private static let names: [Case] = [
    Case(
      "a name twice", "{\(entry("a", [1], 0, 4)),\(entry("a", [1], 4, 8))}", data: 8,
      .repeatedName("a", offset: 62)),
    Case(
      "a name twice, once by escapes", "{\(entry("a", [1], 0, 4)),\(entry("\\u0061", [1], 4, 8))}", data: 8,
      .repeatedName("a", offset: 62)),
    Case(
      "a name twice, in two escapes", "{\(entry("\\u00e9", [1], 0, 4)),\(entry("\\u00E9", [1], 4, 8))}", data: 8,
      .repeatedName("é", offset: 67)),
    Case(
      "a slash with and without its escape", "{\(entry("a/b", [1], 0, 4)),\(entry("a\\/b", [1], 4, 8))}", data: 8,
      .repeatedName("a/b", offset: 64)),
    Case("metadata twice", #"{"__metadata__":{},"__metadata__":{}}"#, .repeatedName("__metadata__", offset: 27)),
    Case(
      "a string of the metadata twice", #"{"__metadata__":{"k":"1","k":"2"}}"#,
      .repeatedKey("k", entry: "__metadata__", offset: 33)),
    Case(
      "a field twice", #"{"a":{"dtype":"F32","shape":[1],"dtype":"I32","data_offsets":[0,4]}}"#, data: 4,
      .repeatedKey("dtype", entry: "a", offset: 40)),
  ]

  private static let entries: [Case] = [
    Case("no dtype", #"{"a":{"shape":[],"data_offsets":[0,4]}}"#, data: 4, tensor: .missingField("dtype")),
    Case("no shape", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, data: 4, tensor: .missingField("shape")),
    Case("no range", #"{"a":{"dtype":"F32","shape":[]}}"#, data: 4, tensor: .missingField("data_offsets")),
    Case(
      "an entry that is no object", #"{"a":[]}"#, data: 0,
      tensor: .malformedField(nil, expected: "an object with dtype, shape and data_offsets")),
    Case(
      "a type that is no string", #"{"a":{"dtype":32,"shape":[],"data_offsets":[0,4]}}"#, data: 4,
      tensor: .malformedField("dtype", expected: "a string")),
    Case(
      "a shape that is no array", #"{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}"#, data: 4,
      tensor: .malformedField("shape", expected: "an array of whole numbers")),
    Case(
      "a dimension that is no number", #"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#, data: 4,
      tensor: .malformedField("shape", expected: "an array of whole numbers")),
    Case(
      "a dimension of 2^63", #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#, data: 4,
      .notAWholeNumber(offset: 37)),
    Case(
      "an offset of 2^63", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}"#, data: 4,
      .notAWholeNumber(offset: 58)),
    Case(
      "one offset", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}"#, data: 4,
      tensor: .malformedField("data_offsets", expected: "two numbers, found 1")),
    Case(
      "three offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, data: 4,
      tensor: .malformedField("data_offsets", expected: "two numbers, found 3")),
    Case("an unknown type", "{\(entry("a", type: "F31", [1], 0, 4))}", data: 4, tensor: .unknownElementType("F31")),
    Case(
      "a type in lower case", "{\(entry("a", type: "f32", [1], 0, 4))}", data: 4, tensor: .unknownElementType("f32")),
    Case(
      "a size that overflows", "{\(entry("a", [1 << 31, 1 << 31, 2], 0, 4))}", data: 4,
      tensor: .sizeOverflow(shape: [1 << 31, 1 << 31, 2])),
    Case(
      "a size that overflows back to the right one", "{\(entry("a", type: "U8", [1 << 32, 1 << 32], 0, 0))}", data: 0,
      tensor: .sizeOverflow(shape: [1 << 32, 1 << 32])),
    Case(
      "half a byte", "{\(entry("a", type: "F4", [3], 0, 1))}", data: 1,
      tensor: .partialByte(shape: [3], elementType: .float4)),
  ]

  private static let ranges: [Case] = [
    Case(
      "a range backwards", "{\(entry("a", [1], 4, 0))}", data: 4, tensor: .reversedRange(begin: 4, end: 0)),
    Case(
      "a range behind the end", "{\(entry("a", [2], 0, 8))}", data: 7, tensor: .rangePastEnd(end: 8, available: 7)),
    Case(
      "a promise beyond all memory", "{\(entry("a", [1 << 50], 0, 1 << 52))}", data: 4,
      tensor: .rangePastEnd(end: 1 << 52, available: 4)),
    Case(
      "a range too short for its shape", "{\(entry("a", [2], 0, 4))}", data: 4,
      tensor: .wrongByteCount(shape: [2], elementType: .float32, expected: 8, found: 4)),
    Case(
      "a range too long for its shape", "{\(entry("a", type: "F16", [2], 0, 8))}", data: 8,
      tensor: .wrongByteCount(shape: [2], elementType: .float16, expected: 4, found: 8)),
    Case(
      "a scalar of no bytes", "{\(entry("a", [], 0, 0))}", data: 0,
      tensor: .wrongByteCount(shape: [], elementType: .float32, expected: 4, found: 0)),
    Case("a gap at the start", "{\(entry("a", [1], 4, 8))}", data: 8, tensor: .gap(expected: 0, found: 4)),
    Case(
      "a gap between", "{\(entry("a", [1], 8, 12)),\(entry("b", [1], 0, 4))}", data: 12,
      tensor: .gap(expected: 4, found: 8)),
    Case(
      "an overlap", "{\(entry("b", [2], 0, 8)),\(entry("a", [2], 4, 12))}", data: 12,
      tensor: .overlap(other: "b", expected: 8, found: 4)),
    Case(
      "one range for two", "{\(entry("b", [1], 0, 4)),\(entry("a", [2], 0, 8))}", data: 8,
      tensor: .overlap(other: "b", expected: 4, found: 0)),
    Case(
      "an empty tensor inside another", "{\(entry("b", [2], 0, 8)),\(entry("a", [0], 4, 4))}", data: 8,
      tensor: .overlap(other: "b", expected: 8, found: 4)),
    Case("bytes behind the last tensor", "{\(entry("a", [1], 0, 4))}", data: 7, .trailingBytes(offset: 66, count: 3)),
    Case("bytes and no tensor", "{}", data: 1, .trailingBytes(offset: 10, count: 1)),
  ]

  @Test(arguments: frame + text + names + entries + ranges)
  func wrongFilesAreRejectedWithTheirProblem(wrong: Case) {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: wrong.bytes, path: "w.safetensors")
    }
    #expect(error?.problem == wrong.problem)
    let message = error?.description ?? ""
    #expect(message.hasPrefix("w.safetensors: not an acceptable safetensors file: "))
    #expect(!message.utf8.contains { $0 < 0x20 })
  }

  /// The tests of the JSON reader check its messages; here, that a file is rejected and where.
  @Test(arguments: [
    #"{"a"}"#, #"{"a":}"#, "{,}", "{}{}", "{} x", "{a:{}}", #"{"__metadata__":{"k":"v",}}"#,
    #"{"__metadata__":{'k':'v'}}"#,
    #"{"__metadata__":{} "b":{}}"#, #"{"__metadata__":{"k":"\ud800"}}"#, #"{"__metadata__":{"k":"\#u{1}"}}"#,
    #"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"U8","shape":[0,],"data_offsets":[0,0]}}"#,
    "{/**/}", #"{"a":NaN}"#,
  ])
  func wrongGrammarIsRejected(header: String) {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: safetensorsBytes(header), path: "w.safetensors")
    }
    guard case .malformedJSON(let offset, let reason) = error?.problem else {
      Issue.record("\(header) gave \(String(describing: error))")
      return
    }
    #expect(offset >= 8 && offset <= 8 + header.utf8.count)
    #expect(!reason.isEmpty)
    #expect(error?.description.utf8.contains { $0 < 0x20 } == false)
  }
}
