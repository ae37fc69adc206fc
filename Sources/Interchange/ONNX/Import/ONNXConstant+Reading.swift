internal import Support
internal import FoundationEssentials
internal import ONNXSchema

extension ONNXConstant {
  /// The largest number of dimensions of a tensor.
  static let largestRank = 8

  /// Reads a tensor; its shape is compared with the file's content before memory is allocated.
  ///
  /// - Parameter external: The source of numbers that are stored in another file.
  init(_ tensor: ONNXTensor, external: ONNXExternalData = ONNXExternalData()) throws(ONNXImportError.Problem) {
    func refusal(_ reason: String) -> ONNXImportError.Problem {
      ONNXImportError.Problem("the tensor \(ForeignText.quoted(tensor.name)) \(reason)")
    }
    guard let type = ONNXElementType(rawValue: tensor.dataType) else {
      throw refusal("has the element type \(tensor.dataType), which is not supported")
    }
    let fields = tensor.filledFields
    guard fields.count < 2 else {
      throw refusal(
        "holds its numbers twice, in \(fields.joined(separator: " and ")), and does not say which to use; save it again with one of them"
      )
    }
    guard tensor.dims.count <= Self.largestRank, tensor.dims.allSatisfy({ 0...(1 << 32) ~= $0 }) else {
      throw refusal("has the shape \(ForeignText.shape(tensor.dims.map { Int($0) })), which is not supported")
    }
    let shape = tensor.dims.map { Int($0) }
    guard let count = Self.count(shape) else {
      throw refusal("has the shape \(ForeignText.shape(shape)), which is larger than any memory")
    }
    let isExternal = tensor.dataLocation != 0 || !tensor.externalData.isEmpty
    let (byteCount, isTooLarge) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !isTooLarge else {
      throw refusal("has the shape \(ForeignText.shape(shape)), which is larger than any memory")
    }
    let raw: [UInt8]
    do throws(ONNXImportError.Problem) {
      raw = isExternal ? try external.bytes(of: tensor, byteCount: byteCount) : [UInt8](tensor.rawData)
    } catch {
      throw refusal(error.reason)
    }
    let stored = raw.isEmpty ? type.storedCount(in: tensor) : raw.count / type.byteCount
    guard stored == count, raw.isEmpty || raw.count == count * type.byteCount else {
      throw refusal("of the shape \(ForeignText.shape(shape)) should hold \(count) elements, but holds \(stored)")
    }
    guard let elements = raw.isEmpty ? type.elements(of: tensor) : type.elements(raw: raw) else {
      throw refusal("holds a whole number of 2⁶³ or more")
    }
    self.init(shape: shape, elements: elements, lowest: type.lowest)
  }

  /// The elements of a shape; nil if they, or those of a part of its dimensions, cannot be counted.
  static func count(_ shape: [Int]) -> Int? {
    var bound = 1
    for dimension in shape {
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(1, dimension))
      guard dimension >= 0, !overflow else { return nil }
      bound = product
    }
    return shape.contains(0) ? 0 : bound
  }
}
