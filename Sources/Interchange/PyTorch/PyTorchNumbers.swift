internal import Support

/// Reads the numbers of tensors from their storages, which tensors may share and view in any order.
struct PyTorchNumbers {
  /// Why the numbers cannot be read.
  enum Refusal: Error {
    /// The text that follows the tensor's name.
    case reason(String)
    case problem(PyTorchError.Problem)
  }

  /// The largest number of dimensions of a tensor.
  private static let largestRank = 8
  /// How many times its size a file may unpack to: half-precision numbers double in size, and tied weights occur twice.
  private static let largestExpansion = 16

  private let archive: PyTorchArchive
  /// The remaining number of bytes that may be read and created.
  private var budget: Int
  /// The last storage that was read.
  private var latest: (key: String, bytes: [UInt8])?

  init(archive: PyTorchArchive, largestByteCount: Int) {
    self.archive = archive
    budget = largestByteCount.multipliedReportingOverflow(by: Self.largestExpansion).partialValue
  }

  /// Checks a tensor against the storage that it views, before memory is allocated.
  static func check(_ view: PyTorchView, _ storage: PyTorchStorage) throws(Refusal) {
    let shape = ForeignText.shape(view.shape)
    guard view.shape.count <= largestRank, view.shape.count == view.strides.count, view.offset >= 0,
      view.shape.allSatisfy({ $0 >= 0 }), view.strides.allSatisfy({ $0 >= 0 })
    else {
      throw .reason("has the shape \(shape) with the strides \(ForeignText.shape(view.strides)), which is not read")
    }
    guard let count = view.count, let reach = view.reach else {
      throw .reason("has the shape \(shape), larger than any memory")
    }
    guard reach.upperBound <= storage.count else {
      throw .reason(
        "of the shape \(shape) ends at element \(reach.upperBound) of its storage, which has \(storage.count)")
    }
    // One number that is repeated.
    guard count <= storage.count else {
      throw .reason("of the shape \(shape) shows the \(storage.count) elements of its storage more than once")
    }
  }

  /// The elements in row-major order.
  mutating func values(of view: PyTorchView, in storage: PyTorchStorage) throws(Refusal) -> [Float] {
    try Self.check(view, storage)
    let (needed, isTooLarge) = storage.count.multipliedReportingOverflow(by: storage.elementType.bitWidth / 8)
    guard let found = archive.byteCount(ofStorage: storage.key) else {
      throw .reason("lies in the storage \(ForeignText.quoted(storage.key)), which is missing")
    }
    guard !isTooLarge, needed <= found else {
      throw .reason(
        "lies in a storage of \(storage.count) elements of \(storage.elementType.rawValue), but the file has \(found) bytes of it"
      )
    }
    guard let count = view.count, let reach = view.reach, count > 0 else { return [] }
    try spend(count * MemoryLayout<Float>.stride)
    if latest?.key != storage.key {
      try spend(found)
      do throws(PyTorchError.Problem) {
        latest = (storage.key, try archive.bytes(ofStorage: storage.key))
      } catch {
        throw .problem(error)
      }
    }
    let width = storage.elementType.bitWidth / 8
    let entry = SafetensorsEntry(
      name: "", elementType: storage.elementType, shape: view.shape,
      byteRange: reach.lowerBound * width..<reach.upperBound * width)
    guard let reached = entry.values(in: latest?.bytes ?? [], dataOffset: 0) else { return [] }
    if view.isContiguous { return reached }
    try spend(reached.count * MemoryLayout<Float>.stride)
    return Self.gathered(reached, view, count)
  }

  private mutating func spend(_ byteCount: Int) throws(Refusal) {
    guard byteCount <= budget else { throw .problem(.tooManyNumbers) }
    budget -= byteCount
  }

  /// The elements of a view; `values` holds the storage from the view's first element to its last.
  private static func gathered(_ values: [Float], _ view: PyTorchView, _ count: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    var position = [Int](repeating: 0, count: view.shape.count)
    var source = 0
    for _ in 0..<count {
      result.append(values[source])
      for axis in view.shape.indices.reversed() {
        position[axis] += 1
        source += view.strides[axis]
        if position[axis] < view.shape[axis] { break }
        source -= view.strides[axis] * view.shape[axis]
        position[axis] = 0
      }
    }
    return result
  }
}
