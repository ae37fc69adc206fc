import Datasets
import FoundationEssentials
import Testing

struct AugmentationTextTests {
  private static let all = {
    var all = Augmentation()
    all.mirroring = .alternating
    all.rotation = 12.5
    all.scale = 1.25
    all.shift = 2
    all.randAugment = RandAugment(count: 2, magnitude: 9)
    all.brightness = 0.25
    all.contrast = 1
    all.saturation = 0.5
    all.erasing = RandomErasing()
    all.erasing?.probability = 1
    all.erasing?.largestArea = 0.4
    all.cutout = 8
    all.mixup = 0.2
    all.cutmix = 1
    return all
  }()

  private static let allText =
    "flip=alternate,rotate=12.5,scale=1.25,shift=2,randaugment=2:9,brightness=0.25,contrast=1,saturation=0.5,erase=1:0.4,cutout=8,mixup=0.2,cutmix=1"

  private static let list =
    "expected a list of flip, rotate, scale, shift, randaugment, brightness, contrast, saturation, erase, cutout, mixup, cutmix, or none"
  private static let randAugment =
    "expected randaugment=N:M with N operations from 1 to 8 and M from 0 to 10"
  private static let erase =
    "expected erase, erase=P or erase=P:AREA with a probability P above 0 and an area above 0.02, both up to 1"

  private static let common = {
    var common = Augmentation.shift(12)
    common.mirroring = .random
    common.erasing = RandomErasing()
    return common
  }()

  private static let frequentErasing = {
    var augmentation = Augmentation.erase
    augmentation.erasing?.probability = 0.75
    return augmentation
  }()

  @Test(arguments: [
    ("none", Augmentation.none, "none"), ("flip", .flip, "flip"),
    ("flip = alternate", .alternatingFlip, "flip=alternate"),
    ("shift=2", .shift(2), "shift=2"), ("erase", .erase, "erase"), ("erase=0.5", .erase, "erase"),
    ("erase=0.50:0.20", .erase, "erase"), ("erase=0.75", frequentErasing, "erase=0.75"),
    ("cutout=8", .cutout(8), "cutout=8"),
    (" erase , shift = 12 ,flip", common, "flip,shift=12,erase"), (allText, all, allText),
    ("cutmix=1,contrast=1.0," + allText.dropLast(9).replacing("contrast=1,", with: ""), all, allText),
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
    ("flp", "'flp': \(list); did you mean 'flip'?"),
    ("flip,earse", "'earse': \(list); did you mean 'erase'?"),
    ("shfit=2", "'shfit=2': \(list); did you mean 'shift'?"),
    ("Flip", "'Flip': \(list); did you mean 'flip'?"),
    ("blur", "'blur': \(list)"),
    ("", "'': \(list)"),
    ("flip,", "'': \(list)"),
    ("crop=4", "'crop=4': expected shift=N, which pads by N zeros and crops at random"),
    ("shift", "'shift': expected shift=N with N pixels, from 1 on"),
    ("shift=", "'shift=': expected shift=N with N pixels, from 1 on"),
    ("shift=0", "'shift=0': expected shift=N with N pixels, from 1 on"),
    ("shift=-1", "'shift=-1': expected shift=N with N pixels, from 1 on"),
    ("shift=two", "'shift=two': expected shift=N with N pixels, from 1 on"),
    ("shift=2=3", "'shift=2=3': expected shift=N with N pixels, from 1 on"),
    ("shift=2:3", "'shift=2:3': expected shift=N with N pixels, from 1 on"),
    ("cutout=0", "'cutout=0': expected cutout=N with N pixels, from 1 on"),
    ("flip=1", "'flip=1': expected flip or flip=alternate"),
    ("flip=", "'flip=': expected flip or flip=alternate"),
    ("rotate=0", "'rotate=0': expected rotate=X with a number above 0 and at most 180"),
    ("rotate=181", "'rotate=181': expected rotate=X with a number above 0 and at most 180"),
    ("rotate=nan", "'rotate=nan': expected rotate=X with a number above 0 and at most 180"),
    ("scale=1", "'scale=1': expected scale=X with a number above 1 and at most 4"),
    ("scale=inf", "'scale=inf': expected scale=X with a number above 1 and at most 4"),
    ("brightness", "'brightness': expected brightness=X with a number above 0 and at most 1"),
    ("contrast=1.5", "'contrast=1.5': expected contrast=X with a number above 0 and at most 1"),
    ("saturation=-1", "'saturation=-1': expected saturation=X with a number above 0 and at most 1"),
    ("mixup=0", "'mixup=0': expected mixup=X with a number of at least 0.01 and at most 100"),
    ("cutmix=101", "'cutmix=101': expected cutmix=X with a number of at least 0.01 and at most 100"),
    ("randaugment=2", "'randaugment=2': \(randAugment)"),
    ("randaugment=0:5", "'randaugment=0:5': \(randAugment)"),
    ("randaugment=9:5", "'randaugment=9:5': \(randAugment)"),
    ("randaugment=2:11", "'randaugment=2:11': \(randAugment)"),
    ("randaugment=2:1.5", "'randaugment=2:1.5': \(randAugment)"),
    ("erase=0", "'erase=0': \(erase)"),
    ("erase=1.01", "'erase=1.01': \(erase)"),
    ("erase=0.5:0.02", "'erase=0.5:0.02': \(erase)"),
    ("erase=0.5:0.4:1", "'erase=0.5:0.4:1': \(erase)"),
    ("erase=:0.4", "'erase=:0.4': \(erase)"),
    ("flip,flip", "'flip': expected each change at most once"),
    ("flip,flip=alternate", "'flip=alternate': expected each change at most once"),
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

  @Test(arguments: ["shift", "cutout"])
  func somethingMustStayVisible(name: String) throws {
    let shape = Shape.image(height: 28, width: 20, channels: 1)
    try Augmentation(parsing: "\(name)=19").check(for: shape)
    let error = try #require(throws: SettingError.self) { try Augmentation(parsing: "\(name)=20").check(for: shape) }
    #expect(error.description == "augment: '\(name)=20': expected less than the 20 pixels of an image of 28 × 20")
  }

  @Test func onlyColorsAreSaturated() throws {
    let augmentation = try Augmentation(parsing: "saturation=0.5")
    try augmentation.check(for: .image(height: 4, width: 4, channels: 3))
    for channels in [1, 4] {
      let error = try #require(throws: SettingError.self) {
        try augmentation.check(for: .image(height: 4, width: 4, channels: channels))
      }
      #expect(
        error.description
          == "augment: 'saturation=0.5': expected images of 3 channels, because gray has no saturation, found \(channels)"
      )
    }
  }

  /// Numbers that code sets have the ranges of the text.
  @Test func numbersOutsideTheirRangesAreRefused() throws {
    let changes: [(String, @Sendable (inout Augmentation) -> Void)] = [
      ("rotate=-3", { $0.rotation = -3 }), ("scale=0.5", { $0.scale = 0.5 }), ("shift=-1", { $0.shift = -1 }),
      ("brightness=2", { $0.brightness = 2 }), ("contrast=nan", { $0.contrast = .nan }),
      (
        "erase=0",
        {
          $0.erasing = RandomErasing(); $0.erasing?.probability = 0
        }
      ), ("cutout=-2", { $0.cutout = -2 }),
    ]
    for (part, change) in changes {
      var augmentation = Augmentation()
      change(&augmentation)
      let error = try #require(throws: SettingError.self) {
        try augmentation.check(for: .image(height: 9, width: 9, channels: 1))
      }
      #expect(error.part == part)
    }
  }
}
