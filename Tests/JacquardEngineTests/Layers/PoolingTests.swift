import JacquardEngine
import TestSupport
import Testing

struct PoolingTests {
  @Test(arguments: PoolingCase.table)
  func maximaAreExact(item: PoolingCase) throws {
    // Negative inputs too: padding that took part as zeros would win.
    for range in [-3...3, -7 ... -5] {
      let sample = try LayerSample([item.maxPool], item.shape, images: item.images) { $0.integers($1, in: range) }
      for shards in [1, 3, item.images + 2] {
        expectClose(try sample.probe(shards: shards).forward(sample.input), sample.reference().values, tolerance: 0)
      }
    }
  }

  @Test(arguments: PoolingCase.table, [true, false])
  func averagesRoundOncePerAddition(item: PoolingCase, countsPadding: Bool) throws {
    let layer = AveragePool2D(item.size, stride: item.stride, padding: item.padding, countsPadding: countsPadding)
    let sample = try LayerSample([layer], item.shape, images: item.images)
    let expected = sample.reference()
    #expect(try sample.probe().outputShape == expected.shape)
    expectClose(
      try sample.probe(shards: 2).forward(sample.input), expected.values,
      relativeTo: .values(sample.magnitudes.reference().values),
      tolerance: Double(expected.roundings) * Double(Float.ulpOfOne))
  }

  @Test func averagesDivideByTheWindowOrItsPartInTheImage() throws {
    let input: [Float] = [8, 16, 24, 32]
    for (countsPadding, expected) in [(true, [2, 4, 6, 8] as [Double]), (false, [8, 16, 24, 32])] {
      let pool = AveragePool2D(2, stride: 2, padding: Padding(1), countsPadding: countsPadding)
      let probe = try LayerProbe([pool], input: .image(height: 2, width: 2, channels: 1), images: 1)
      expectClose(probe.forward(input), expected, tolerance: 0)
    }
  }

  @Test(arguments: [MaxPool2D(2), GlobalMaxPool()] as [any Layer])
  func theFirstOfEqualValuesGetsTheGradient(layer: any Layer) throws {
    let probe = try LayerProbe([layer], input: .image(height: 2, width: 2, channels: 2), images: 2, shards: 2)
    // Channel 0 is the same everywhere, in channel 1 the last three agree.
    let image: [Float] = [5, 1, 5, 3, 5, 3, 5, 3]
    #expect(probe.forward(image + image) == [5, 3, 5, 3])
    let expected: [Float] = [10, 0, 0, 20, 0, 0, 0, 0, 30, 0, 0, 40, 0, 0, 0, 0]
    #expect(probe.backward([10, 20, 30, 40]).input == expected)
  }

  @Test func gradientsOfOverlappingWindowsAreSummed() throws {
    let pool = MaxPool2D(3, stride: 1, padding: Padding(1))
    let probe = try LayerProbe([pool], input: .image(height: 3, width: 3, channels: 1), images: 1)
    #expect(probe.forward([0, 0, 0, 0, 9, 0, 0, 0, 0]) == Array(repeating: 9, count: 9))
    #expect(probe.backward([1, 2, 3, 4, 5, 6, 7, 8, 9]).input == [0, 0, 0, 0, 45, 0, 0, 0, 0])
  }

  @Test func everyPlaceOfTheLargestWindowCanWin() throws {
    let probe = try LayerProbe([MaxPool2D(16)], input: .image(height: 16, width: 16, channels: 1), images: 256)
    var input = (0..<256 * 256).map { Float(-($0 % 256)) }
    var expected = [Float](repeating: 0, count: 256 * 256)
    for winner in 0..<256 {
      input[winner * 257] = 1
      expected[winner * 257] = Float(winner + 1)
    }
    #expect(probe.forward(input) == Array(repeating: 1, count: 256))
    let gradient = (1...256).map { Float($0) }
    #expect(probe.backward(gradient).input == expected)
  }

  @Test(arguments: [MaxPool2D(2), AveragePool2D(2), GlobalMaxPool(), GlobalAveragePool()] as [any Layer])
  func nanIsPropagated(layer: any Layer) throws {
    let probe = try LayerProbe([layer], input: .image(height: 2, width: 2, channels: 1), images: 4)
    for place in 0..<4 {
      var input = [Float](repeating: 1, count: 16)
      input[4 + place] = .nan
      #expect(probe.forward(input).map(\.isNaN) == [false, true, false, false], "NaN at \(place)")
    }
  }
}
