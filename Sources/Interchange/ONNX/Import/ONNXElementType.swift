internal import Support
internal import ONNXSchema

/// The supported element types of tensors, by their codes in the format.
enum ONNXElementType: Int32 {
  case float32 = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
  case float64 = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16

  /// The size of one element in bytes.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .int64, .float64, .uint64: 8
    }
  }

  /// The smallest whole number of a type; nil for floating point.
  var lowest: Int? {
    switch self {
    case .uint8, .uint16, .uint32, .uint64, .bool: 0
    case .int8: -1 << 7
    case .int16: -1 << 15
    case .int32: -1 << 31
    case .int64: .min
    case .float32, .float64, .float16, .bfloat16: nil
    }
  }

  /// Whether elements are floating point numbers.
  var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  /// The number of elements of a tensor without raw bytes.
  func storedCount(in tensor: ONNXTensor) -> Int {
    switch self {
    case .float32: tensor.floatData.count
    case .float64: tensor.doubleData.count
    case .int64: tensor.int64Data.count
    // Their typed field is not read: all programs write raw bytes.
    case .uint32, .uint64: 0
    default: tensor.int32Data.count
    }
  }

  /// The elements of a tensor without raw bytes; nil if one does not fit.
  func elements(of tensor: ONNXTensor) -> ONNXConstant.Elements? {
    switch self {
    case .float32: return .floats(tensor.floatData)
    case .float64: return .floats(tensor.doubleData.map { Float($0) })
    case .int64: return .integers(tensor.int64Data.map { Int($0) })
    // Stored as the bits of the number.
    case .float16:
      return .floats(tensor.int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
    case .bfloat16: return .floats(tensor.int32Data.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) })
    default: return .integers(tensor.int32Data.map { Int($0) })
    }
  }

  /// The elements in raw bytes, little-endian; nil if one does not fit.
  func elements(raw: [UInt8]) -> ONNXConstant.Elements? {
    func all<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable, Value>(
      _: Bits.Type, _ convert: (Bits) -> Value
    ) -> [Value] {
      raw.littleEndian(in: 0..<raw.count / byteCount * byteCount, as: Bits.self).map(convert)
    }
    switch self {
    case .float32: return .floats(raw.littleEndian(in: 0..<raw.count / 4 * 4, as: Float.self))
    case .float64: return .floats(all(UInt64.self) { Float(Double(bitPattern: $0)) })
    case .float16: return .floats(all(UInt16.self) { Float(Float16(bitPattern: $0)) })
    case .bfloat16: return .floats(all(UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
    case .uint8, .bool: return .integers(all(UInt8.self) { Int($0) })
    case .int8: return .integers(all(UInt8.self) { Int(Int8(bitPattern: $0)) })
    case .uint16: return .integers(all(UInt16.self) { Int($0) })
    case .int16: return .integers(all(UInt16.self) { Int(Int16(bitPattern: $0)) })
    case .uint32: return .integers(all(UInt32.self) { Int($0) })
    case .int32: return .integers(all(UInt32.self) { Int(Int32(bitPattern: $0)) })
    case .int64: return .integers(all(UInt64.self) { Int(Int64(bitPattern: $0)) })
    case .uint64:
      let values = all(UInt64.self) { Int(exactly: $0) }
      return values.contains(nil) ? nil : .integers(values.compactMap(\.self))
    }
  }
}
