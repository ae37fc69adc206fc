internal import Files
internal import NumPy
internal import Support

/// The weights in a file that PyTorch's `torch.save` wrote: a state dictionary, alone or within the dictionary of a checkpoint.
///
/// The file is a ZIP archive with a pickle, which names and describes the tensors, and with their numbers. `PickleReader` reads the pickle and runs
/// nothing.
public struct PyTorchFile: Sendable {
  /// The tensors, in the order of the dictionary; tensors whose elements cannot become `Float` are listed in `skipped`.
  public let content: SafetensorsFile
  /// The keys that lead to the dictionary, such as `["state_dict"]`; empty if the file holds nothing else.
  public let keys: [String]
  /// The keys beside it that were not read, such as "optimizer" and "epoch".
  public let leftOut: [String]

  /// The largest accepted pickle; names and shapes of a thousand layers take a hundred kilobytes.
  private static let largestPickle = 64 << 20
  /// The beginning of a file without an archive: a magic number as a pickle.
  private static let legacyMagic: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Reads the file at `path`.
  ///
  /// - Throws: `.file` if it cannot be read, `.pyTorch` if it is not acceptable.
  public init(contentsOf path: String, maximumByteCount: Int = 4 << 30) throws(InterchangeError) {
    let bytes = try InterchangeError.content(ofFileAt: path, maximumByteCount: maximumByteCount)
    do throws(PyTorchError) {
      try self.init(bytes: bytes, path: path)
    } catch {
      throw .pyTorch(error)
    }
  }

  /// Reads a file from its content, `bytes`; errors name it `path`.
  public init(bytes: [UInt8], path: String) throws(PyTorchError) {
    do throws(PyTorchError.Problem) {
      try self.init(bytes)
    } catch {
      throw PyTorchError(path: path, problem: error)
    }
  }

  private init(_ bytes: [UInt8]) throws(PyTorchError.Problem) {
    guard !bytes.dropFirst(2).starts(with: Self.legacyMagic) else { throw .legacy }
    let archive = try PyTorchArchive(bytes)
    let pickle = try archive.pickle(largestByteCount: Self.largestPickle)
    let (reader, root) = try PickleReader.read(pickle)
    let found = try PyTorchWeights.find(in: reader, root)
    var tensors: [NamedTensor] = []
    var skipped: [SafetensorsEntry] = []
    var numbers = PyTorchNumbers(archive: archive, largestByteCount: bytes.count)
    for (name, index) in found.tensors {
      let view = reader.tensors[index]
      let storage = reader.storages[view.storage]
      do throws(PyTorchNumbers.Refusal) {
        guard storage.elementType.isReadable else {
          try PyTorchNumbers.check(view, storage)
          let entry = SafetensorsEntry(
            name: name, elementType: storage.elementType, shape: view.shape, byteRange: 0..<0)
          skipped.append(entry)
          continue
        }
        let values = try numbers.values(of: view, in: storage)
        tensors.append(NamedTensor(name: name, shape: view.shape, values: values))
      } catch {
        switch error {
        case .reason(let reason): throw .tensor(name: name, reason)
        case .problem(let problem): throw problem
        }
      }
    }
    content = SafetensorsFile(tensors: tensors, skipped: skipped)
    keys = found.keys
    leftOut = found.leftOut
  }
}
