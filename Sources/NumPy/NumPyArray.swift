internal import Support

/// A NumPy array: a type, a shape, and elements in row-major order.
public struct NumPyArray: Equatable, Sendable {
  /// The type of the elements.
  public let elementType: NumPyElementType
  /// The dimensions, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The elements, row-major and little-endian, regardless of the file's order.
  public let bytes: [UInt8]

  /// Makes an array of checked parts; the count of bytes must match the shape.
  package init(elementType: NumPyElementType, shape: [Int], bytes: [UInt8]) {
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// An array of `float32`.
  ///
  /// - Precondition: the count of values is the product of the dimensions (1 for a scalar), and no dimension is
  ///   negative.
  public init(shape: [Int], floats: [Float]) {
    Self.check(shape, count: floats.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * floats.count)
    bytes.append(littleEndian: floats)
    self.init(elementType: .float32, shape: shape, bytes: bytes)
  }

  /// An array of `uint8`; preconditions as for `init(shape:floats:)`.
  public init(shape: [Int], bytes: [UInt8]) {
    Self.check(shape, count: bytes.count)
    self.init(elementType: .uint8, shape: shape, bytes: bytes)
  }

  /// An array of `int64`; preconditions as for `init(shape:floats:)`.
  public init(shape: [Int], integers: [Int64]) {
    Self.check(shape, count: integers.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * integers.count)
    bytes.append(littleEndian: integers)
    self.init(elementType: .int64, shape: shape, bytes: bytes)
  }

  /// The number of elements.
  public var count: Int { bytes.count / elementType.byteCount }

  private static func check(_ shape: [Int], count: Int) {
    require(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == count,
      "NumPyArray: the shape \(shape) does not match \(count) elements")
  }
}

extension NumPyArray {
  /// The elements as `Float`, rounded if the type is more precise; truth values are 0 and 1.
  public var floats: [Float] {
    switch elementType {
    case .bool: elements(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: elements(UInt8.self) { Float($0) }
    case .uint16: elements(UInt16.self) { Float($0) }
    case .uint32: elements(UInt32.self) { Float($0) }
    case .uint64: elements(UInt64.self) { Float($0) }
    case .int8: elements(UInt8.self) { Float(Int8(bitPattern: $0)) }
    case .int16: elements(UInt16.self) { Float(Int16(bitPattern: $0)) }
    case .int32: elements(UInt32.self) { Float(Int32(bitPattern: $0)) }
    case .int64: elements(UInt64.self) { Float(Int64(bitPattern: $0)) }
    case .float16: elements(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .float32: bytes.littleEndian(in: bytes.indices, as: Float.self)
    case .float64: elements(UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }

  /// The elements as integers; nil if the type is floating point or an element is 2⁶³ or more.
  public var integers: [Int]? {
    switch elementType {
    case .bool: elements(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: elements(UInt8.self) { Int($0) }
    case .uint16: elements(UInt16.self) { Int($0) }
    case .uint32: elements(UInt32.self) { Int($0) }
    case .uint64: exactIntegers
    case .int8: elements(UInt8.self) { Int(Int8(bitPattern: $0)) }
    case .int16: elements(UInt16.self) { Int(Int16(bitPattern: $0)) }
    case .int32: elements(UInt32.self) { Int(Int32(bitPattern: $0)) }
    case .int64: elements(UInt64.self) { Int(bitPattern: UInt($0)) }
    case .float16, .float32, .float64: nil
    }
  }

  private var exactIntegers: [Int]? {
    let values = elements(UInt64.self) { Int(exactly: $0) }
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }

  private func elements<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable, Value>(
    _ type: Bits.Type, _ convert: (Bits) -> Value
  ) -> [Value] {
    bytes.littleEndian(in: bytes.indices, as: type).map(convert)
  }
}
