internal import Support

extension NumPyArray {
  /// The bytes of an `.npy` file of version 1.0. The same array always gives the same bytes.
  public func serialized() -> [UInt8] {
    // The comma after a single dimension makes it a tuple in Python.
    let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(elementType.descriptor)', 'fortran_order': False, 'shape': (\(dimensions)), }"
    let prefixCount = NumPyHeader.magic.count + 4
    // The data begins on a multiple of 64 bytes, and the header ends in a newline.
    let headerCount = (prefixCount + text.utf8.count + 1 + 63) / 64 * 64 - prefixCount
    require(
      headerCount <= UInt16.max, "NumPyArray: a header of \(headerCount) bytes is too long for version 1.0")
    var file: [UInt8] = []
    file.reserveCapacity(prefixCount + headerCount + bytes.count)
    file += NumPyHeader.magic
    file += [1, 0]
    file.append(littleEndian: UInt16(headerCount))
    file += text.utf8
    file += repeatElement(UInt8(ascii: " "), count: headerCount - text.utf8.count - 1)
    file.append(UInt8(ascii: "\n"))
    file += bytes
    return file
  }
}
