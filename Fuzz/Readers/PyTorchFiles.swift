internal import Files
internal import Interchange
internal import JacquardEngine

/// PyTorch files.
enum PyTorchFiles {
  static func readPyTorch(_ bytes: [UInt8]) {
    // A fuzzer rarely finds checksums, so it provides the archive, or the pickle in an archive.
    check(bytes)
    if bytes.first == 0x80 { check(archive(ofPickle: bytes)) }
  }

  private static func check(_ bytes: [UInt8]) {
    guard let file = try? PyTorchFile(bytes: bytes, path: "fuzz.pth") else { return }
    for tensor in file.content.tensors {
      precondition(tensor.values.count == tensor.shape.reduce(1, *))
    }
    let numbers = file.content.tensors.reduce(0) { $0 + $1.values.count }
    precondition(numbers * 4 <= bytes.count * 16, "more numbers than the file explains")
    // The tensors can be written as safetensors and read back unchanged, unless names are repeated.
    guard Set(file.content.tensors.map(\.name)).count == file.content.tensors.count,
      !file.content.tensors.contains(where: { $0.name == "__metadata__" })
    else { return }
    let written = SafetensorsFile(tensors: file.content.tensors).serialized()
    guard let again = try? SafetensorsFile(bytes: written, path: "again.safetensors") else {
      preconditionFailure("the tensors cannot be written")
    }
    precondition(
      again.tensors.map { $0.values.map(\.bitPattern) } == file.content.tensors.map { $0.values.map(\.bitPattern) })
  }

  /// A pickle with a storage "0" of 64 bytes beside it.
  private static func archive(ofPickle pickle: [UInt8]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in [("a/data.pkl", pickle), ("a/data/0", (0..<64).map { UInt8($0) })] {
      let path = Array(name.utf8)
      var fields: [UInt8] = [0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      fields += little(Int(FuzzChecksum.crc32(content)), 4)
      fields += little(content.count, 4)
      fields += little(content.count, 4)
      fields += little(path.count, 4)
      directory += [0x50, 0x4B, 1, 2, 0x14, 0]
      directory += fields
      directory += [UInt8](repeating: 0, count: 10)
      directory += little(file.count, 4)
      directory += path
      file += [0x50, 0x4B, 3, 4]
      file += fields
      file += path
      file += content
    }
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0]
    end += little(directory.count, 4)
    end += little(file.count, 4)
    end += [0, 0]
    return file + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
