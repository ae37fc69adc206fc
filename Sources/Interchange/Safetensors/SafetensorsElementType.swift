/// The element types of safetensors, by their names in a header.
///
/// The list is that of the reference reader (safetensors 0.8). Types that it does not contain are rejected, because their size is unknown.
public enum SafetensorsElementType: String, Sendable, CaseIterable {
  /// Truth values, one byte each.
  case bool = "BOOL"
  /// Floating point in 4 bits.
  case float4 = "F4"
  /// Floating point in 6 bits, 2 of them for the exponent.
  case float6Exponent2 = "F6_E2M3"
  /// Floating point in 6 bits, 3 of them for the exponent.
  case float6Exponent3 = "F6_E3M2"
  /// Unsigned integers of 8 bits.
  case uint8 = "U8"
  /// Signed integers of 8 bits.
  case int8 = "I8"
  /// Floating point in 8 bits, 5 of them for the exponent.
  case float8Exponent5 = "F8_E5M2"
  /// Floating point in 8 bits, 4 of them for the exponent.
  case float8Exponent4 = "F8_E4M3"
  /// Powers of two in 8 bits.
  case float8Exponent8 = "F8_E8M0"
  /// Floating point in 8 bits, 4 of them for the exponent, without infinities and negative zero.
  case float8Exponent4Finite = "F8_E4M3FNUZ"
  /// Floating point in 8 bits, 5 of them for the exponent, without infinities and negative zero.
  case float8Exponent5Finite = "F8_E5M2FNUZ"
  /// Signed integers of 16 bits.
  case int16 = "I16"
  /// Unsigned integers of 16 bits.
  case uint16 = "U16"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of an IEEE 754 binary32.
  case bfloat16 = "BF16"
  /// Signed integers of 32 bits.
  case int32 = "I32"
  /// Unsigned integers of 32 bits.
  case uint32 = "U32"
  /// IEEE 754 binary32, Swift's `Float`.
  case float32 = "F32"
  /// Complex numbers of two binary32.
  case complex64 = "C64"
  /// IEEE 754 binary64, Swift's `Double`.
  case float64 = "F64"
  /// Signed integers of 64 bits.
  case int64 = "I64"
  /// Unsigned integers of 64 bits.
  case uint64 = "U64"

  /// The size of one element in bits.
  public var bitWidth: Int {
    switch self {
    case .float4: 4
    case .float6Exponent2, .float6Exponent3: 6
    case .bool, .uint8, .int8: 8
    case .float8Exponent5, .float8Exponent4, .float8Exponent8, .float8Exponent4Finite, .float8Exponent5Finite: 8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32: 32
    case .complex64, .float64, .int64, .uint64: 64
    }
  }

  /// Whether tensors of this type are read as `Float`: F32 unchanged, F16 and BF16 exactly, F64 rounded to the nearest.
  public var isReadable: Bool {
    switch self {
    case .float32, .float16, .bfloat16, .float64: true
    default: false
    }
  }
}
