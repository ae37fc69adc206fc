internal import Support
internal import Synchronization

/// Memory for one image per thread that draws, kept between draws: after as many were needed at once as ever, a draw allocates nothing.
final class ImageScratch: Sendable {
  private let size: Int
  private let free: Mutex<[[Float]]>

  /// Memory for images of `size` numbers.
  init(size: Int) {
    self.size = size
    // One per thread of a usual team, so that not even the first draws allocate.
    free = Mutex((0..<Hardware.processorCount).map { _ in [Float](repeating: 0, count: size) })
  }

  /// Memory for the caller alone, until `give` returns it.
  func take() -> [Float] {
    free.withLock { $0.popLast() } ?? [Float](repeating: 0, count: size)
  }

  /// Gives memory back.
  func give(_ memory: consuming [Float]) {
    let memory = memory
    free.withLock { $0.append(memory) }
  }
}
