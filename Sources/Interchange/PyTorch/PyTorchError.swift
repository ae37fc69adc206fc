public import NumPy
package import Support

/// Why a file is not a readable PyTorch checkpoint.
public struct PyTorchError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong. Offsets are in bytes of the pickle in the file.
  public enum Problem: Error, Equatable, Sendable {
    /// The archive around the pickle and the numbers is damaged.
    case zip(ZipError.Problem)
    /// A file of PyTorch 1.5 and earlier, a pickle without an archive.
    case legacy
    /// A file that `torch.jit.save` wrote.
    case script
    /// An archive without a `data.pkl`.
    case noPickle
    /// Numbers with their most significant byte first.
    case bigEndian(String)
    /// A pickle larger than names and shapes need.
    case pickleTooLarge(byteCount: Int)
    /// More values than any network has.
    case tooManyValues(Int)
    /// An instruction that dictionaries of tensors do not need.
    case unknownOpcode(UInt8, offset: Int)
    /// A pickle that is truncated, or has no result.
    case malformed(offset: Int)
    /// A function or type that tensors do not need; no code of a pickle is ever run.
    case notRun(String)
    /// The content is not a dictionary of tensors.
    case noWeights(String)
    /// There are several dictionaries of tensors.
    case several([String])
    /// A tensor whose description does not match the file.
    case tensor(name: String, String)
    /// The tensors together have many times the size of the file.
    case tooManyNumbers
  }

  /// The file.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// One line that says which file, what is wrong, and what to do.
  public var description: String { diagnostic.description }

  /// The file, what is wrong with it, and what to do about it.
  package var diagnostic: Diagnostic {
    Diagnostic(
      place: path, problem: "not an acceptable PyTorch file: \(problem.finding)", advice: problem.advice + ".")
  }
}

extension PyTorchError.Problem {
  fileprivate var finding: String {
    switch self {
    case .zip(let problem): problem.finding
    case .legacy: "it was written by PyTorch 1.5 or earlier, or by torch.save without _use_new_zipfile_serialization"
    case .script: "it is a TorchScript program, which cannot be run here"
    case .noPickle: "the ZIP archive holds no data.pkl"
    case .bigEndian(let order): "its numbers are in the byte order \(ForeignText.quoted(order)), expected \"little\""
    case .pickleTooLarge(let byteCount): "its data.pkl has \(byteCount) bytes, more than names and shapes can need"
    case .tooManyValues(let limit): "its data.pkl holds more than \(limit) values"
    case .unknownOpcode(let code, let offset):
      "its data.pkl has the instruction \(NumberText.hexadecimal(UInt32(code))) at offset \(offset), which tensors do not need"
    case .malformed(let offset): "its data.pkl is damaged at offset \(offset)"
    case .notRun(let name): "it needs \(ForeignText.plain(name)), but code in a file is never run"
    case .noWeights(let found): "expected a dictionary of names and tensors, found \(found)"
    case .several(let names):
      "it holds several dictionaries of tensors: \(names.map { ForeignText.quoted($0) }.joined(separator: ", "))"
    case .tensor(let name, let reason): "the tensor \(ForeignText.quoted(name)) \(reason)"
    case .tooManyNumbers: "its tensors share numbers so often that they take many times the file's size"
    }
  }

  fileprivate var advice: String {
    switch self {
    case .zip(.noDirectory(_?)), .noPickle: "name a file that torch.save wrote"
    case .zip(.wrongChecksum): "copy it again, or save it with torch.serialization.set_crc32_options(True)"
    case .zip, .malformed: "it is damaged or incomplete: copy or save it again"
    case .legacy:
      "save it again in Python: torch.save(torch.load(FILE, map_location='cpu', weights_only=True), 'weights.pth')"
    case .script: "in Python, save torch.jit.load(FILE).state_dict() with torch.save"
    case .several: "save only the one you need: torch.save(checkpoint[NAME], 'weights.pth')"
    case .bigEndian: "save it again on a little-endian machine"
    case .noWeights, .pickleTooLarge, .tooManyValues, .unknownOpcode, .notRun:
      "save only the tensors: torch.save(model.state_dict(), 'weights.pth')"
    case .tensor, .tooManyNumbers:
      "save copies: torch.save({name: tensor.clone() for name, tensor in model.state_dict().items()}, 'weights.pth')"
    }
  }
}
