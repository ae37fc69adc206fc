import Files
import Interchange
import Testing

/// Damage of every kind to a small file: never a crash, and never a tensor that does not match its shape.
struct SafetensorsDamageTests {
  private let bytes: [UInt8]

  init() throws {
    bytes = try FileReader.bytes(ofFileAt: fixture("reference.safetensors"), maximumByteCount: 10_000)
  }

  @Test func truncatedFilesAreRejected() {
    for count in bytes.indices {
      #expect(throws: SafetensorsError.self, "the first \(count) bytes") {
        try SafetensorsFile(bytes: Array(bytes[..<count]), path: "cut")
      }
    }
  }

  @Test(arguments: [1, 8, 1000])
  func trailingBytesAreRejected(count: Int) {
    let error = #expect(throws: SafetensorsError.self) {
      try SafetensorsFile(bytes: bytes + [UInt8](repeating: 0, count: count), path: "long")
    }
    #expect(error?.problem == .trailingBytes(offset: bytes.count, count: count))
  }

  @Test func anyChangedByteIsHandled() throws {
    let header = try SafetensorsHeader(bytes: bytes, path: "whole")
    var refused = 0
    for index in bytes.indices {
      let values: [UInt8] = (0..<8).map { bytes[index] ^ (1 << $0) } + [0x00, 0xFF, 0x22, 0x5C, 0x7B, 0x7D, 0x2C]
      for value in values where value != bytes[index] {
        var damaged = bytes
        damaged[index] = value
        guard let file = try? SafetensorsFile(bytes: damaged, path: "damaged") else {
          refused += 1
          // The format does not check values, so damage to them must not be rejected either.
          #expect(index < header.dataOffset, "offset \(index), value \(value)")
          continue
        }
        #expect(file.tensors.count + file.skipped.count >= 8, "offset \(index), value \(value)")
        #expect(file.tensors.allSatisfy { $0.values.count == $0.shape.reduce(1, *) })
      }
    }
    // Most of a header consists of syntax and of numbers that depend on each other.
    #expect(refused > header.dataOffset * 5)
  }
}
