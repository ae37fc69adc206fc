/// A text as C has it, in a place of its own that lasts as long as this does.
@safe final class CString: @unchecked Sendable {
  private let bytes: UnsafeMutableBufferPointer<CChar>

  init(_ text: String) {
    let units = text.utf8CString
    unsafe bytes = .allocate(capacity: units.count)
    for (place, unit) in units.enumerated() { unsafe bytes.initializeElement(at: place, to: unit) }
  }

  deinit { unsafe bytes.deallocate() }

  /// Where the text begins; it ends in a zero.
  @unsafe var start: UnsafePointer<CChar> { unsafe UnsafePointer(bytes.baseAddress.unsafelyUnwrapped) }
}
