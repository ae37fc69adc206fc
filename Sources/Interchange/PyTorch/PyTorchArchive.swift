internal import NumPy

/// The ZIP archive that `torch.save` writes: `NAME/data.pkl`, and the numbers as `NAME/data/0`, `NAME/data/1`, …
struct PyTorchArchive {
  private let reader: ZipReader
  private let entries: [String: ZipEntry]
  private let pickleEntry: ZipEntry

  /// Reads the directory, and finds the pickle.
  init(_ bytes: [UInt8]) throws(PyTorchError.Problem) {
    let reader: ZipReader
    do throws(ZipError.Problem) {
      reader = try ZipReader(bytes, maximumContentByteCount: 4 << 30)
    } catch {
      throw .zip(error)
    }
    self.reader = reader
    // All members are in one folder, which has the name of the file at the time of writing.
    let pickles = reader.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
    guard let pickle = pickles.first, pickles.count == 1 else { throw .noPickle }
    pickleEntry = pickle
    let folder = String(pickle.name.dropLast("data.pkl".count))
    entries = Dictionary(
      reader.entries.filter { $0.name.hasPrefix(folder) }.map { (String($0.name.dropFirst(folder.count)), $0) }
    ) { first, _ in first }
    guard entries["constants.pkl"] == nil, !entries.keys.contains(where: { $0.hasPrefix("code/") }) else {
      throw .script
    }
    if let order = entries["byteorder"], order.byteCount <= 64 {
      let text = String(decoding: try content(of: order), as: UTF8.self)
      guard text == "little" else { throw .bigEndian(text) }
    }
  }

  /// The pickle.
  func pickle(largestByteCount: Int) throws(PyTorchError.Problem) -> [UInt8] {
    guard pickleEntry.byteCount <= largestByteCount else { throw .pickleTooLarge(byteCount: pickleEntry.byteCount) }
    return try content(of: pickleEntry)
  }

  /// The size of a storage in bytes; nil if it is missing.
  func byteCount(ofStorage key: String) -> Int? { entries["data/" + key]?.byteCount }

  /// The bytes of a storage.
  func bytes(ofStorage key: String) throws(PyTorchError.Problem) -> [UInt8] {
    guard let entry = entries["data/" + key] else { return [] }
    return try content(of: entry)
  }

  private func content(of entry: ZipEntry) throws(PyTorchError.Problem) -> [UInt8] {
    do throws(ZipError.Problem) {
      return try reader.content(of: entry)
    } catch {
      throw .zip(error)
    }
  }
}
