/// Counts the messages in an ONNX file before it is decoded: an empty message takes two bytes in a file and hundreds in memory.
///
/// Source: the wire format of protocol buffers. It follows only the fields that `onnx.proto` in `ONNXSchema` lists.
struct ONNXWireScan {
  /// The largest number of messages and strings in a file; models of hundreds of layers have a few thousand.
  static let largestCount = 1 << 20

  /// A message of the format, with its fields that hold messages or strings.
  private enum Kind {
    case model, graph, node, attribute, tensor, valueInfo, valueType, tensorType, tensorShape, entry, text

    /// The content of a field of this message; nil for numbers and unknown fields.
    func child(_ field: UInt64) -> Kind? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.model, 8), (.model, 14), (.tensor, 13), (.tensorShape, 1): .entry
      case (.graph, 1): .node
      case (.graph, 5), (.attribute, 5): .tensor
      case (.graph, 11), (.graph, 12), (.graph, 13): .valueInfo
      case (.node, 5): .attribute
      case (.node, 1), (.node, 2): .text
      case (.valueInfo, 2): .valueType
      case (.valueType, 1): .tensorType
      case (.tensorType, 2): .tensorShape
      default: nil
      }
    }
  }

  private let file: [UInt8]
  private var count = 0

  /// Throws if the file contains more than `largestCount`; the decoder reports malformed content.
  static func check(_ file: [UInt8]) throws(ONNXImportError.Problem) {
    var scan = ONNXWireScan(file: file)
    try scan.walk(0..<file.count, .model)
  }

  private init(file: [UInt8]) { self.file = file }

  // The messages do not nest in themselves, so recursion is at most eight calls deep.
  private mutating func walk(_ range: Range<Int>, _ kind: Kind) throws(ONNXImportError.Problem) {
    var place = range.lowerBound
    while place < range.upperBound {
      guard let key = number(at: &place, below: range.upperBound) else { return }
      switch key & 7 {
      case 0: guard number(at: &place, below: range.upperBound) != nil else { return }
      case 1: place += 8
      case 5: place += 4
      case 2:
        guard let length = number(at: &place, below: range.upperBound),
          length <= UInt64(range.upperBound - place)
        else { return }
        let content = place..<place + Int(length)
        place = content.upperBound
        if let child = kind.child(key >> 3) {
          count += 1
          guard count <= Self.largestCount else {
            throw ONNXImportError.Problem("the file holds more than \(Self.largestCount) messages and names")
          }
          if child != .text { try walk(content, child) }
        }
      default: return
      }
    }
  }

  /// A number of variable length; nil if it is truncated or too long.
  private func number(at place: inout Int, below end: Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard place < end else { return nil }
      let byte = file[place]
      place += 1
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    return nil
  }
}
