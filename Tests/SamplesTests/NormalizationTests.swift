import FoundationEssentials
import Samples
import Testing

struct NormalizationTests {
  @Test func textRoundTrips() throws {
    let encoded = try JSONEncoder().encode(Normalization.fashionMNIST)
    #expect(try JSONDecoder().decode(Normalization.self, from: encoded) == .fashionMNIST)
  }

  @Test(arguments: [
    (#"{"scale":1,"mean":[0.5],"deviation":[]}"#, "needs at least one value"),
    (#"{"scale":1,"mean":[],"deviation":[1]}"#, "needs at least one value"),
    (#"{"scale":1,"mean":[0.5],"deviation":[0]}"#, "must be positive, found [0.0]"),
    (#"{"scale":1,"mean":[0.5],"deviation":[1,-1]}"#, "must be positive, found [1.0, -1.0]"),
    (
      #"{"scale":1,"mean":[0.5],"devation":[1]}"#,
      #"a preprocessing has no setting "devation"; did you mean "deviation"?"#
    ),
  ])
  func whatAFileSaysIsRefusedAndNotTrusted(text: String, message: String) throws {
    let error = try #require(throws: DecodingError.self) {
      try JSONDecoder().decode(Normalization.self, from: Data(text.utf8))
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(context.debugDescription == message)
  }

  /// The formula in `Double`, for values shared by all channels and for one per channel, and for pixels that are not divided by 255.
  @Test(arguments: [
    (Normalization(mean: [0.25], deviation: [0.5]), 3), (Normalization(mean: [0.1, 0.2], deviation: [0.3, 0.4]), 2),
    (Normalization(mean: [0.1, 0.2], deviation: [2]), 2), (Normalization(scale: 1, mean: [128], deviation: [64]), 1),
    (Normalization(scale: 1.0 / 127.5, mean: [1], deviation: [1]), 1),
  ])
  func theTableHoldsTheFormula(normalization: Normalization, channels: Int) {
    let table = NormalizationTable(normalization, channels: channels)
    #expect(table.channels == channels)
    for channel in 0..<channels {
      let mean = normalization.mean[normalization.mean.count == 1 ? 0 : channel]
      let deviation = normalization.deviation[normalization.deviation.count == 1 ? 0 : channel]
      for pixel in 0..<256 {
        let expected = (Double(pixel) * normalization.scale - mean) / deviation
        let found = Double(table.value(of: UInt8(pixel), channel: channel))
        #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)))
      }
    }
  }

  /// The bits of trainings with earlier versions: pixels are first divided by 255, then rounded once.
  @Test func theBitsOfFashionMNISTStay() {
    let table = NormalizationTable(.fashionMNIST, channels: 1)
    for pixel in 0..<256 {
      #expect(table.value(of: UInt8(pixel), channel: 0) == Float((Double(pixel) / 255 - 0.28604) / 0.35302))
    }
  }

  @Test(arguments: [0, -1.0 / 255]) func aTableNeedsAPositiveScale(scale: Double) async {
    await #expect(processExitsWith: .failure) { [scale] in
      _ = NormalizationTable(Normalization(scale: scale, mean: [0], deviation: [1]), channels: 1)
    }
  }
}
