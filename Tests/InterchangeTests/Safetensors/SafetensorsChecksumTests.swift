import Interchange
import Testing

/// The checksum of our files: no change goes unnoticed, and other programs may rewrite the same content in their own way.
struct SafetensorsChecksumTests {
  private static func file() -> SafetensorsFile {
    var file = SafetensorsFile(
      metadata: ["format": "pt", "jacquard.model": "{\"name\":\"é\"}"],
      tensors: [
        NamedTensor(name: "fc1.weight", shape: [2, 3], values: [1, 2, 3, -4, 0.5, 1e-20]),
        NamedTensor(name: "fc1.bias", shape: [2], values: [0, -0.0]),
        NamedTensor(name: "scalar", shape: [], values: [7]),
      ])
    file.addChecksum()
    return file
  }

  /// Flips every bit of the file: the result is rejected, or has the same meaning.
  @Test func noBitChangesUnnoticed() throws {
    let file = Self.file()
    let bytes = file.serialized()
    let whole = try SafetensorsFile(bytes: bytes, path: "a")
    #expect(whole == file)
    var refused = 0
    for place in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        guard let read = try? SafetensorsFile(bytes: damaged, path: "a") else {
          refused += 1
          continue
        }
        // The name of the checksum itself, or a space: the content is the same.
        func plain(_ file: SafetensorsFile) -> [String: String] {
          file.metadata.filter { ["format", "jacquard.model"].contains($0.key) }
        }
        let isSame =
          plain(read) == plain(file) && read.tensors.map(\.name) == file.tensors.map(\.name)
          && zip(read.tensors, file.tensors).allSatisfy { $0.values.map(\.bitPattern) == $1.values.map(\.bitPattern) }
        #expect(isSame, "byte \(place), bit \(bit)")
      }
    }
    #expect(refused > 8 * bytes.count * 9 / 10)
  }

  @Test func theOrderOfTheFileDoesNotCount() throws {
    let file = Self.file()
    let other = SafetensorsFile(metadata: file.metadata, tensors: file.tensors.reversed())
    #expect(try SafetensorsFile(bytes: other.serialized(), path: "a").metadata == file.metadata)
  }

  @Test func theMessageSaysWhatToDo() throws {
    let file = Self.file()
    var changed = SafetensorsFile(metadata: file.metadata, tensors: Array(file.tensors.dropLast()))
    let stated = try #require(file.metadata[SafetensorsFile.checksumKey])
    do throws(SafetensorsError) {
      _ = try SafetensorsFile(bytes: changed.serialized(), path: "a.safetensors")
      Issue.record("a change was not noticed")
    } catch {
      #expect(error.description.hasPrefix("a.safetensors: the file is damaged: its content has the checksum xxh64:"))
      #expect(error.description.contains("but \(stated) was written; copy it again, or remove \"jacquard.checksum\""))
    }
    changed.addChecksum()
    #expect(try SafetensorsFile(bytes: changed.serialized(), path: "a") == changed)
    changed.metadata[SafetensorsFile.checksumKey] = nil
    #expect(try SafetensorsFile(bytes: changed.serialized(), path: "a") == changed)
  }

  /// The checksum as other programs can compute it: see `docs/formats.md`.
  @Test func theChecksumIsAPromise() {
    var file = SafetensorsFile(
      metadata: ["b": "2", "a": "1"], tensors: [NamedTensor(name: "t", shape: [2], values: [1, 2])])
    file.addChecksum()
    #expect(file.metadata[SafetensorsFile.checksumKey] == "xxh64:5a5a420bf2c3cdb8")
  }
}
