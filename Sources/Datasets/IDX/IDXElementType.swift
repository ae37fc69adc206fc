/// The element types of an IDX file; the raw value is the third byte of its header.
public enum IDXElementType: UInt8, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// 8-bit unsigned integers.
  case unsignedByte = 0x08
  /// 8-bit signed integers.
  case signedByte = 0x09
  /// 16-bit signed integers.
  case short = 0x0B
  /// 32-bit signed integers.
  case int = 0x0C
  /// 32-bit IEEE numbers.
  case float = 0x0D
  /// 64-bit IEEE numbers.
  case double = 0x0E

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .unsignedByte, .signedByte: 1
    case .short: 2
    case .int, .float: 4
    case .double: 8
    }
  }

  /// The type in words.
  public var description: String {
    switch self {
    case .unsignedByte: "unsigned bytes"
    case .signedByte: "signed bytes"
    case .short: "16-bit integers"
    case .int: "32-bit integers"
    case .float: "32-bit floats"
    case .double: "64-bit floats"
    }
  }
}
