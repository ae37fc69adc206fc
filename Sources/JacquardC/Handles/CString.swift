/// A C string that is valid as long as this object exists.
@safe final class CString: @unchecked Sendable {
  private let bytes: UnsafeMutableBufferPointer<CChar>

  init(_ text: String) {
    let units = text.utf8CString
    unsafe bytes = .allocate(capacity: units.count)
    for (place, unit) in units.enumerated() { unsafe bytes.initializeElement(at: place, to: unit) }
  }

  deinit { unsafe bytes.deallocate() }

  /// The address of the string, which ends in a zero.
  @unsafe var start: UnsafePointer<CChar> { unsafe UnsafePointer(bytes.baseAddress.unsafelyUnwrapped) }
}
