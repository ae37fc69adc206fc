internal import Support

/// The header of an `.npy` file: the kind of data and where it begins.
///
/// Source of the format: the documentation of `numpy.lib.format`, versions 1.0 to 3.0.
struct NumPyHeader {
  /// The bytes at the beginning of every file.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest accepted header: NumPy's own limit for untrusted files.
  static let maximumByteCount = 10_000
  /// The most dimensions of an array; the limit of NumPy 2.
  static let maximumRank = 64

  /// The type of the elements.
  let elementType: NumPyElementType
  /// Whether an element's highest byte comes first.
  let isBigEndian: Bool
  /// Whether the first dimension runs fastest.
  let isColumnMajor: Bool
  /// The dimensions, outermost first.
  let shape: [Int]
  /// The expected size of the data in bytes.
  let dataByteCount: Int
  /// The data's offset in the file.
  let dataOffset: Int

  /// Reads the header at the start of a file.
  init(_ file: [UInt8]) throws(NumPyError.Problem) {
    guard file.starts(with: Self.magic) else {
      throw file.isEmpty ? .tooShort(byteCount: 0) : .notNumPy(guess: ContentGuess.describe(file))
    }
    guard file.count >= 10 else { throw .tooShort(byteCount: file.count) }
    let version = file[6]
    guard 1...3 ~= version, file[7] == 0 else { throw .unknownVersion(Int(version), Int(file[7])) }
    let start = version == 1 ? 10 : 12
    guard file.count >= start else { throw .tooShort(byteCount: file.count) }
    let count =
      version == 1 ? Int(file.littleEndian(at: 8, as: UInt16.self)) : Int(file.littleEndian(at: 8, as: UInt32.self))
    guard count <= Self.maximumByteCount else { throw .headerTooLong(byteCount: count) }
    guard count <= file.count - start else { throw .headerPastEnd(byteCount: count, available: file.count - start) }
    var literal = PythonLiteral(file[start..<start + count])
    let fields = try literal.dictionary()
    for field in fields where !["descr", "fortran_order", "shape"].contains(field.key) {
      throw .unknownKey(field.key)
    }
    (elementType, isBigEndian) = try Self.type(of: Self.value("descr", in: fields))
    guard case .truth(let isColumnMajor) = try Self.value("fortran_order", in: fields) else {
      throw .wrongValue(key: "fortran_order", expected: "True or False")
    }
    self.isColumnMajor = isColumnMajor
    guard case .tuple(let shape) = try Self.value("shape", in: fields) else {
      throw .wrongValue(key: "shape", expected: "a tuple of whole numbers")
    }
    guard shape.count <= Self.maximumRank else { throw .wrongValue(key: "shape", expected: "at most 64 dimensions") }
    self.shape = shape
    dataByteCount = try Self.byteCount(shape, elementType)
    dataOffset = start + count
  }

  private static func value(
    _ key: String, in fields: [(key: String, value: PythonLiteral.Value)]
  ) throws(NumPyError.Problem) -> PythonLiteral.Value {
    let found = fields.filter { $0.key == key }
    guard let field = found.first else { throw .missingKey(key) }
    guard found.count == 1 else { throw .repeatedKey(key) }
    return field.value
  }

  private static func type(
    of value: PythonLiteral.Value
  ) throws(NumPyError.Problem) -> (type: NumPyElementType, isBigEndian: Bool) {
    guard case .text(let text) = value else { throw .structuredType }
    guard let order = text.first, "<>|=".contains(order),
      let type = NumPyElementType(rawValue: String(text.dropFirst())), order != "|" || type.byteCount == 1
    else { throw .unknownElementType(text) }
    return (type, order == ">")
  }

  private static func byteCount(_ shape: [Int], _ type: NumPyElementType) throws(NumPyError.Problem) -> Int {
    // A dimension of 0 makes the size 0, but it must not hide an overflow of the others.
    var product = type.byteCount
    for dimension in shape where dimension > 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .sizeOverflow(shape: shape) }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}
