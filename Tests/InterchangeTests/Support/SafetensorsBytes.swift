/// The bytes of a file with this header and this much data, even if the header is wrong.
func safetensorsBytes(_ header: String, dataByteCount: Int = 0) -> [UInt8] {
  safetensorsBytes(Array(header.utf8), dataByteCount: dataByteCount)
}

/// The bytes of a file with these bytes as its header and this much data.
func safetensorsBytes(_ header: [UInt8], dataByteCount: Int = 0) -> [UInt8] {
  let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
  return length + header + [UInt8](repeating: 0, count: dataByteCount)
}

/// The header's entry of one tensor.
func entry(_ name: String, type: String = "F32", _ shape: [Int], _ begin: Int, _ end: Int) -> String {
  #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
}

/// The path of a file beside these tests.
func fixture(_ name: String) -> String {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
  return folder + "/Fixtures/" + name
}
