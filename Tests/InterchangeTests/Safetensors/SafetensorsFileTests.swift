import Files
import Interchange
import TestSupport
import Testing

struct SafetensorsFileTests {
  /// The content of `Fixtures/written.safetensors`.
  private static let sample = SafetensorsFile(
    metadata: ["model": "{\"layers\":[\"dense\"]}", "größe": "a\tb\u{1}\"\\/é 重", "": ""],
    tensors: [
      NamedTensor(name: "fc1.weight", shape: [2, 3], values: [1, -2, 0.5, 3.25, .leastNonzeroMagnitude, -0.0]),
      NamedTensor(name: "scalar", shape: [], values: [Float.pi]),
      NamedTensor(name: "empty", shape: [0, 5], values: []),
      NamedTensor(name: "größe \"重み\"\n", shape: [1, 1, 1, 1, 2], values: [.infinity, -.infinity]),
      NamedTensor(name: "a", shape: [3], values: [.greatestFiniteMagnitude, 1e-20, 7]),
    ])

  @Test func filesAreReadBackInOrderToTheBit() throws {
    let bytes = Self.sample.serialized()
    let file = try SafetensorsFile(bytes: bytes, path: "sample")
    #expect(file == Self.sample)
    #expect(file.skipped.isEmpty)
    #expect(file.tensors[0].values.map(\.bitPattern) == Self.sample.tensors[0].values.map(\.bitPattern))
    #expect(file.serialized() == bytes)
    #expect(file["scalar"]?.values == [Float.pi])
    #expect(file["absent"] == nil)
  }

  @Test func everyBitOfNaNIsKept() throws {
    let patterns: [UInt32] = [0x7FC0_0000, 0xFFC0_1234, 0x7FFF_FFFF]
    let file = SafetensorsFile(
      tensors: [NamedTensor(name: "n", shape: [3], values: patterns.map { Float(bitPattern: $0) })])
    let again = try SafetensorsFile(bytes: file.serialized(), path: "n")
    #expect(again.tensors[0].values.map(\.bitPattern) == patterns)
  }

  @Test func filesWithNoTensorAndManyAreReadBack() throws {
    let empty = SafetensorsFile(tensors: [])
    #expect(empty.serialized() == safetensorsBytes("{}      "))
    #expect(try SafetensorsFile(bytes: empty.serialized(), path: "empty") == empty)

    let many = SafetensorsFile(
      tensors: (0..<5000).map { NamedTensor(name: "layer\($0 * 7919 % 5000)", shape: [1], values: [Float($0)]) })
    #expect(try SafetensorsFile(bytes: many.serialized(), path: "many") == many)
  }

  @Test func theLayoutIsFixed() {
    let file = SafetensorsFile(
      metadata: ["b": "2", "a": "1"],
      tensors: [
        NamedTensor(name: "z", shape: [2], values: [1, 2]), NamedTensor(name: "y", shape: [], values: [-1]),
      ])
    let header =
      #"{"__metadata__":{"a":"1","b":"2"},"z":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""y":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: 7 - (header.utf8.count + 7) % 8)
    #expect(padded.utf8.count.isMultiple(of: 8) && padded.utf8.count - header.utf8.count < 8)
    let data: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x80, 0xBF]
    #expect(file.serialized() == safetensorsBytes(padded) + data)
  }

  @Test(arguments: 1...9)
  func headersOfAnyLengthArePadded(length: Int) throws {
    let file = SafetensorsFile(
      tensors: [NamedTensor(name: String(repeating: "n", count: length), shape: [1], values: [1])])
    let bytes = file.serialized()
    let header = try SafetensorsHeader(bytes: bytes, path: "padded")
    #expect(header.dataOffset.isMultiple(of: 8))
    #expect(bytes.count == header.dataOffset + 4)
  }

  @Test func legalVariantsAreAccepted() throws {
    let header =
      "\n\t {" + entry("b", [1], 8, 12) + #", "__metadata__" : null,"# + "\r\n"
      + #""a":{"data_offsets":[0,8],"later":{"x":[true,null,"}"]},"shape":[2],"dtype":"F32"}}  "#
    let file = try SafetensorsFile(bytes: safetensorsBytes(header, dataByteCount: 12), path: "lenient")
    #expect(file.tensors.map(\.name) == ["b", "a"])
    #expect(file.tensors.map(\.shape) == [[1], [2]])
    #expect(file.metadata.isEmpty)
  }

  @Test func pathsAreWrittenAndReadAndErrorsDiffer() throws {
    let folder = try TemporaryFolder()
    try Self.sample.write(to: folder("w.safetensors"))
    #expect(try SafetensorsFile(contentsOf: folder("w.safetensors")) == Self.sample)
    #expect(try folder.content("w.safetensors") == Self.sample.serialized())

    let absent = FileError(path: folder("absent"), operation: .open, cause: .system(code: 2))
    #expect(throws: InterchangeError.file(absent)) { try SafetensorsFile(contentsOf: folder("absent")) }
    let tooLarge = FileError(
      path: folder("w.safetensors"), operation: .read, cause: .tooLarge(maximumByteCount: 100))
    #expect(throws: InterchangeError.file(tooLarge)) {
      try SafetensorsFile(contentsOf: folder("w.safetensors"), maximumByteCount: 100)
    }
    try folder.write("text", to: "text")
    let short = SafetensorsError(path: folder("text"), problem: .tooShort(byteCount: 4))
    #expect(throws: InterchangeError.safetensors(short)) { try SafetensorsFile(contentsOf: folder("text")) }
  }

  @Test func theBytesAreThoseOfTheReference() throws {
    let expected = try FileReader.bytes(ofFileAt: fixture("written.safetensors"), maximumByteCount: 10_000)
    #expect(Self.sample.serialized() == expected)
  }

  @Test func repeatedNamesStopTheProcess() async {
    await #expect(processExitsWith: .failure) {
      let tensor = NamedTensor(name: "a", shape: [], values: [1])
      _ = SafetensorsFile(tensors: [tensor, tensor]).serialized()
    }
    await #expect(processExitsWith: .failure) {
      _ = SafetensorsFile(tensors: [NamedTensor(name: "__metadata__", shape: [], values: [1])]).serialized()
    }
    await #expect(processExitsWith: .failure) { _ = NamedTensor(name: "a", shape: [2], values: [1]) }
    await #expect(processExitsWith: .failure) { _ = NamedTensor(name: "a", shape: [-1, -1], values: [1]) }
  }
}
