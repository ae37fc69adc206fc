internal import Support
internal import Files
internal import Glibc
internal import ONNXSchema

/// The files beside an ONNX file in which programs such as PyTorch store the numbers of tensors.
///
/// A file may name any path. Only regular files in the folder of the ONNX file are read, and no links: a downloaded model must not reveal other files
/// of the disk.
struct ONNXExternalData {
  /// The folder of the ONNX file; nil if there is none, and nothing is read.
  let folder: String?

  /// The source for a file at a path.
  init(besideFileAt path: String) {
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  /// The source for bytes that do not come from a file.
  init() { folder = nil }

  /// The bytes of a tensor that is stored in another file.
  ///
  /// - Parameter byteCount: The size that its shape and type require.
  /// - Throws: the reason, to follow the tensor's name.
  func bytes(of tensor: ONNXTensor, byteCount: Int) throws(ONNXImportError.Problem) -> [UInt8] {
    var entries: [String: String] = [:]
    for entry in tensor.externalData {
      guard entries.updateValue(entry.value, forKey: entry.key) == nil else {
        throw ONNXImportError.Problem("gives two values for its \(ForeignText.quoted(entry.key))")
      }
    }
    guard let name = entries["location"], !name.isEmpty else {
      throw ONNXImportError.Problem("is stored in another file, but does not say in which")
    }
    guard let folder else {
      throw ONNXImportError.Problem("is stored in another file, which is not read; save the model as one file")
    }
    guard !name.contains("/"), !name.contains("\\"), !name.contains("\0"), name != ".", name != ".." else {
      throw ONNXImportError.Problem(
        "is stored in \(ForeignText.quoted(name)); only files in the folder of the model are read")
    }
    func number(_ key: String, or missing: Int) throws(ONNXImportError.Problem) -> Int {
      guard let text = entries[key] else { return missing }
      guard let value = Int(text), value >= 0 else {
        throw ONNXImportError.Problem("has \(ForeignText.quoted(text)) as its \(key) in \(ForeignText.quoted(name))")
      }
      return value
    }
    let offset = try number("offset", or: 0)
    let length = try number("length", or: byteCount)
    guard length == byteCount else {
      throw ONNXImportError.Problem(
        "should have \(byteCount) bytes in \(ForeignText.quoted(name)), but has \(length)")
    }
    do throws(FileError) {
      let file = try RegularFile(path: folder + name, followsLink: false)
      let (end, overflow) = offset.addingReportingOverflow(length)
      guard !overflow, end <= file.byteCount else {
        throw FileError(
          path: file.path, operation: .read, cause: .tooShort(minimumByteCount: end, byteCount: file.byteCount))
      }
      return try [UInt8](capacity: length) { (output: inout OutputSpan<UInt8>) throws(FileError) in
        try file.read(at: offset, into: &output)
      }
    } catch {
      let reason =
        switch error.cause {
        case .tooShort: "which ends before its \(length) bytes from byte \(offset) on"
        case .system(ELOOP): "which is a link"
        case .system(let code): "which cannot be read: \(SystemCode(rawValue: code).message)"
        default: "which is not a regular file"
        }
      throw ONNXImportError.Problem("is stored in \(ForeignText.quoted(name)), \(reason)")
    }
  }
}
