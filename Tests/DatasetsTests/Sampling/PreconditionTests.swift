import Datasets
import Testing

/// A caller's mistakes stop the process instead of reading or writing somewhere else.
struct PreconditionTests {
  @Test(arguments: [[0, 2], [-1, 0], [0]] as [[Int32]])
  func drawingChecksSamplesAndRoom(samples: [Int32]) async {
    // There are two images, and the buffers have the size of two samples.
    await #expect(processExitsWith: .failure) { [samples] in
      let set = SampleImages.patterned(count: 2, height: 3, width: 3, channels: 1)
      let source = try SampleSource(set, normalization: .fashionMNIST, seed: 1)
      var pixels = [Float](repeating: 0, count: 18)
      var labels: [Int32] = [0, 0]
      var pixelSpan = pixels.mutableSpan
      var labelSpan = labels.mutableSpan
      source.draw(samples.span, epoch: 0, into: &pixelSpan, labels: &labelSpan)
    }
  }

  @Test func soundSamplesDoNotStopTheProcess() async {
    await #expect(processExitsWith: .success) {
      let set = SampleImages.patterned(count: 2, height: 3, width: 3, channels: 1)
      _ = DrawnSamples(try SampleSource(set, normalization: .fashionMNIST, seed: 1), [1, 0])
    }
  }

  @Test func anImageSetChecksItsArrays() async {
    await #expect(processExitsWith: .failure) {
      let shape = Shape.image(height: 1, width: 2, channels: 1)
      _ = ImageSet(shape: shape, classNames: ["a"], images: [1, 2, 3], labels: [0, 0])
    }
    await #expect(processExitsWith: .failure) {
      let shape = Shape.image(height: 1, width: 2, channels: 1)
      _ = ImageSet(shape: shape, classNames: ["a"], images: [1, 2], labels: [1])
    }
  }

  @Test func aNormalizationNeedsTheImagesChannels() async {
    await #expect(processExitsWith: .failure) {
      let set = SampleImages.patterned(count: 2, height: 3, width: 3, channels: 3)
      _ = try SampleSource(set, normalization: Normalization(mean: [0.1, 0.2], deviation: [1]), seed: 1)
    }
  }

  @Test func oneMeanAndDeviationServeAllChannels() throws {
    let set = SampleImages.patterned(count: 2, height: 3, width: 3, channels: 3)
    let each = Normalization(mean: [0.25, 0.25, 0.25], deviation: [0.5, 0.5, 0.5])
    let one = try SampleSource(set, normalization: Normalization(mean: [0.25], deviation: [0.5]), seed: 1)
    #expect(DrawnSamples(one, [1, 0]) == DrawnSamples(try SampleSource(set, normalization: each, seed: 1), [1, 0]))
  }
}
