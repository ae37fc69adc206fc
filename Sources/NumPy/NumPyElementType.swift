/// The supported element types of `.npy` files; the raw value is the code that follows the byte order in the header.
public enum NumPyElementType: String, Sendable, CaseIterable {
  /// Truth values, one byte each.
  case bool = "b1"
  /// Signed integers of 8 bits.
  case int8 = "i1"
  /// Unsigned integers of 8 bits.
  case uint8 = "u1"
  /// Signed integers of 16 bits.
  case int16 = "i2"
  /// Unsigned integers of 16 bits.
  case uint16 = "u2"
  /// Signed integers of 32 bits.
  case int32 = "i4"
  /// Unsigned integers of 32 bits.
  case uint32 = "u4"
  /// Signed integers of 64 bits.
  case int64 = "i8"
  /// Unsigned integers of 64 bits.
  case uint64 = "u8"
  /// IEEE 754 binary16.
  case float16 = "f2"
  /// IEEE 754 binary32, Swift's `Float`.
  case float32 = "f4"
  /// IEEE 754 binary64, Swift's `Double`.
  case float64 = "f8"

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Whether elements are floating point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64: true
    default: false
    }
  }

  /// The type's name in a header: little-endian, or `|` for types without a byte order.
  var descriptor: String { (byteCount == 1 ? "|" : "<") + rawValue }
}
