import Datasets
import FoundationEssentials
import Testing

struct AugmentationTextTests {
  @Test(arguments: [
    ("none", Augmentation.none, "none"),
    ("flip", Augmentation(flips: true), "flip"),
    ("shift=2", Augmentation(shift: 2), "shift=2"),
    ("erase", Augmentation(erases: true), "erase"),
    ("flip,shift=2,erase", Augmentation(flips: true, shift: 2, erases: true), "flip,shift=2,erase"),
    (" erase , shift = 12 ,flip", Augmentation(flips: true, shift: 12, erases: true), "flip,shift=12,erase"),
  ])
  func textIsReadAndRoundTrips(text: String, expected: Augmentation, canonical: String) throws {
    #expect(try Augmentation(parsing: text) == expected)
    #expect(expected.description == canonical)
    #expect(try Augmentation(parsing: canonical) == expected)
    let encoded = try JSONEncoder().encode([expected])
    #expect(String(decoding: encoded, as: UTF8.self) == "[\"\(canonical)\"]")
    #expect(try JSONDecoder().decode([Augmentation].self, from: encoded) == [expected])
  }

  @Test(arguments: [
    ("flp", "'flp': expected flip, shift=N or erase, or none; did you mean 'flip'?"),
    ("flip,earse", "'earse': expected flip, shift=N or erase, or none; did you mean 'erase'?"),
    ("shfit=2", "'shfit=2': expected flip, shift=N or erase, or none; did you mean 'shift'?"),
    ("Flip", "'Flip': expected flip, shift=N or erase, or none; did you mean 'flip'?"),
    ("mixup", "'mixup': expected flip, shift=N or erase, or none"),
    ("", "'': expected flip, shift=N or erase, or none"),
    ("flip,", "'': expected flip, shift=N or erase, or none"),
    ("shift", "'shift': expected shift=N with N pixels, from 1 on"),
    ("shift=", "'shift=': expected shift=N with N pixels, from 1 on"),
    ("shift=0", "'shift=0': expected shift=N with N pixels, from 1 on"),
    ("shift=-1", "'shift=-1': expected shift=N with N pixels, from 1 on"),
    ("shift=two", "'shift=two': expected shift=N with N pixels, from 1 on"),
    ("shift=2=3", "'shift=2=3': expected shift=N with N pixels, from 1 on"),
    ("flip=1", "'flip=1': expected flip without a value"),
    ("erase=0.5", "'erase=0.5': expected erase without a value"),
    ("flip,flip", "'flip': expected each change at most once"),
    ("shift=1,shift=2", "'shift=2': expected each change at most once"),
    ("flip,none", "'none': expected \"none\" without other changes"),
  ])
  func otherTextIsRefused(text: String, message: String) throws {
    let error = try #require(throws: SettingError.self) { try Augmentation(parsing: text) }
    #expect(error.description == "augment: " + message)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Augmentation].self, from: Data("[\"\(text)\"]".utf8))
    }
  }

  @Test func shiftsMustLeaveSomethingToSee() throws {
    let shape = Shape.image(height: 28, width: 20, channels: 1)
    try Augmentation(shift: 19).check(for: shape)
    let error = try #require(throws: SettingError.self) { try Augmentation(shift: 20).check(for: shape) }
    #expect(
      error.description == "augment: 'shift=20': expected less than the 20 pixels of an image of 28 × 20")
  }
}
