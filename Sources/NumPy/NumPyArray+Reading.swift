extension NumPyArray {
  /// Whether a file that begins with these bytes is an `.npy` file.
  public static func isFile(_ beginning: [UInt8]) -> Bool { beginning.starts(with: NumPyHeader.magic) }

  /// Reads an `.npy` file from its content, in any version, byte order and memory order; `path` is its name in errors.
  public init(file: [UInt8], path: String) throws(NumPyError) {
    do throws(NumPyError.Problem) {
      try self.init(file)
    } catch {
      throw NumPyError(path: path, problem: error)
    }
  }

  private init(_ file: [UInt8]) throws(NumPyError.Problem) {
    let header = try NumPyHeader(file)
    let found = file.count - header.dataOffset
    guard header.dataByteCount == found else {
      throw .wrongByteCount(
        shape: header.shape, elementType: header.elementType, expected: header.dataByteCount, found: found)
    }
    var bytes = Array(file[header.dataOffset...])
    let size = header.elementType.byteCount
    if header.isBigEndian, size > 1 {
      for start in stride(from: 0, to: bytes.count, by: size) { bytes[start..<start + size].reverse() }
    }
    if header.isColumnMajor, header.shape.count > 1 {
      bytes = Self.rowMajor(bytes, shape: header.shape, elementByteCount: size)
    }
    self.init(elementType: header.elementType, shape: header.shape, bytes: bytes)
  }

  /// Column-major elements, whose first dimension runs fastest, as row-major ones.
  private static func rowMajor(_ bytes: [UInt8], shape: [Int], elementByteCount size: Int) -> [UInt8] {
    // The distances of neighbors along each dimension in the source.
    var strides: [Int] = []
    var step = size
    for dimension in shape {
      strides.append(step)
      step *= dimension
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = [Int](repeating: 0, count: shape.count)
    var source = 0
    while result.count < bytes.count {
      result += bytes[source..<source + size]
      for axis in shape.indices.reversed() {
        place[axis] += 1
        source += strides[axis]
        if place[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        place[axis] = 0
      }
    }
    return result
  }
}
