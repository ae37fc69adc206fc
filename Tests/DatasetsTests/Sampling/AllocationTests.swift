import AllocationCounter
import Datasets
import Testing

struct AllocationTests {
  /// Draws once without changes: Swift's run time allocates the description of a span's type when a process first needs it.
  init() throws {
    let set = SampleImages.patterned(count: 1, height: 2, width: 2, channels: 1)
    let source = try SampleSource(set, normalization: SampleImages.identity(channels: 1), seed: 1)
    _ = source[0]
  }

  /// The counter must count, or the tests below would pass for any code.
  @Test func theCounterSeesAnAllocation() {
    let before = allocations_of_this_thread()
    let array = [Int](repeating: 1, count: 1000 + Int(before % 2))
    let after = allocations_of_this_thread()
    #expect(after > before)
    #expect(array.count >= 1000)
  }

  @Test(
    arguments: [
      "none", "flip", "shift=2", "erase", "flip,shift=2,erase", "flip=alternate,cutout=8",
      "rotate=20,scale=1.2,brightness=0.5,contrast=0.5", "randaugment=8:10,erase", "flip,mixup=0.2,cutmix=1",
    ], [1, 3])
  func drawingAllocatesNothing(augmentation: String, channels: Int) throws {
    let set = SampleImages.patterned(count: 64, height: 28, width: 28, channels: channels)
    let source = try SampleSource(
      set, normalization: SampleImages.identity(channels: channels), augmentation: Augmentation(parsing: augmentation),
      isShuffled: true, seed: 1)
    var samples = [Int32](repeating: 0, count: 64)
    var pixels = [Float](repeating: 0, count: 64 * set.shape.count)
    var labels = [Int32](repeating: 0, count: 64)
    var second = [Int32](repeating: 0, count: 64)
    var weights = [Float](repeating: 0, count: 64)
    for epoch in 0..<3 {
      let before = allocations_of_this_thread()
      var sampleSpan = samples.mutableSpan
      source.order(epoch: epoch, into: &sampleSpan)
      var pixelSpan = pixels.mutableSpan
      var labelSpan = labels.mutableSpan
      source.draw(samples.span, epoch: epoch, into: &pixelSpan, labels: &labelSpan)
      var secondSpan = second.mutableSpan
      var weightSpan = weights.mutableSpan
      source.mixedLabels(of: samples.span, epoch: epoch, into: &secondSpan, weights: &weightSpan)
      let after = allocations_of_this_thread()
      #expect(after == before, "epoch \(epoch)")
    }
    if !source.isMixed { #expect(labels.sorted() == set.labels.map { Int32($0) }.sorted()) }
  }
}
