/// The changes of tone of one image, in order, in a fixed place: a draw allocates nothing.
struct ToneChanges: Sendable {
  private var changes = InlineArray<16, ToneChange>(repeating: .brightness(1))
  private(set) var count = 0

  /// Adds a change after the others.
  mutating func append(_ change: ToneChange) {
    changes[count] = change
    count += 1
  }

  /// Makes the changes to an image [H, W, C] of values from 0 to 255.
  func apply(to image: inout MutableSpan<Float>, channels: Int) {
    for index in 0..<count { changes[index].apply(to: &image, channels: channels) }
  }
}
