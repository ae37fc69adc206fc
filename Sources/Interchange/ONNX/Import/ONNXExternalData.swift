internal import Support
internal import Files
internal import Glibc
internal import ONNXSchema

/// The files beside an ONNX file in which programs such as PyTorch put the numbers of its tensors.
///
/// A file may name any path. Only regular files in the very folder of the ONNX file are read, and no links: a model from elsewhere must
/// not show what else is on the disk.
struct ONNXExternalData {
  /// The folder of the ONNX file; nil where it is not in one, and nothing is read.
  let folder: String?

  /// Where a file at a path looks for its numbers.
  init(besideFileAt path: String) {
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  /// For bytes that come from nowhere.
  init() { folder = nil }

  /// The bytes of a tensor that lies in another file.
  ///
  /// - Parameter byteCount: As many as its shape and type need.
  /// - Throws: the reason, to follow the tensor's name.
  func bytes(of tensor: ONNXTensor, byteCount: Int) throws(ONNXImportError.Problem) -> [UInt8] {
    var entries: [String: String] = [:]
    for entry in tensor.externalData {
      guard entries.updateValue(entry.value, forKey: entry.key) == nil else {
        throw ONNXImportError.Problem("says twice where its \(ForeignText.quoted(entry.key)) is")
      }
    }
    guard let name = entries["location"], !name.isEmpty else {
      throw ONNXImportError.Problem("lies in another file, but does not say in which")
    }
    guard let folder else {
      throw ONNXImportError.Problem("lies in another file, which is not read; save the model as one file")
    }
    guard !name.contains("/"), !name.contains("\\"), !name.contains("\0"), name != ".", name != ".." else {
      throw ONNXImportError.Problem(
        "lies in \(ForeignText.quoted(name)); only files in the folder of the model are read")
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
        default: "which is no regular file"
        }
      throw ONNXImportError.Problem("lies in \(ForeignText.quoted(name)), \(reason)")
    }
  }
}
