import Datasets
import Dispatch
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

/// Decoded pictures that are kept.
struct PictureCacheTests {
  private let folder: TemporaryFolder
  private let cache: PictureCache
  private let decoded = Counter()

  /// How many pictures were decoded.
  private final class Counter: Sendable {
    private let value = Mutex(0)
    func add() { value.withLock { $0 += 1 } }
    func take() -> Int {
      value.withLock { value in
        defer { value = 0 }
        return value
      }
    }
  }

  /// What was reported.
  private final class Reports: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ event: PictureEvent) {
      switch event {
      case .decoded, .ended: break
      case .cacheIsBroken(_, let reason): texts.withLock { $0.append(reason) }
      case .cacheFailed(let error): texts.withLock { $0.append("\(error)") }
      }
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    cache = PictureCache(folder: folder("cache"))
    for number in 0..<40 {
      try folder.write(Self.picture(number, isGray: false), to: "data/\(number % 2 == 0 ? "cat" : "dog")/\(number).raw")
    }
  }

  /// A picture of 8 × 9 pixels.
  private static func picture(_ number: Int, isGray: Bool) -> [UInt8] {
    [8, 9]
      + (0..<216).map { UInt8(truncatingIfNeeded: isGray ? $0 / 3 * 7 + number : $0 * 11 + number * 3) }
  }

  private func reading(
    _ name: String = "raw", colors: PictureColors = .automatic, skipsBroken: Bool = false, log: PictureLog? = nil,
    threads: Int? = nil, cache: PictureCache?, reports: Reports? = nil
  ) -> PictureReading {
    let counter = decoded
    let decoder = PictureDecoder(name: name, endings: [".raw"]) { (bytes, size) throws(PictureRefusal) in
      counter.add()
      guard bytes.count == 218 else { throw PictureRefusal(reason: "not a picture; draw it again") }
      return DecodedPicture(height: 8, width: 9, pixels: Array(bytes[2...]))
    }
    return PictureReading(
      decoder: decoder, colors: colors, skipsBroken: skipsBroken, log: log, cache: cache, threads: threads,
      report: { reports?.add($0) })
  }

  private func load(_ reading: PictureReading) throws -> ImageSet {
    try DataSource(path: folder("data"), pictures: reading).load(.training)
  }

  private func same(_ one: ImageSet, _ other: ImageSet) -> Bool {
    one.shape == other.shape && one.labels == other.labels && one.images == other.images
      && one.classNames == other.classNames
  }

  private func cacheFile() throws -> String {
    "cache/" + (try #require(try folder.names("cache").first { $0.hasSuffix(".pictures") }))
  }

  @Test func thePicturesAreDecodedOnceAndTheSame() throws {
    let plain = try load(reading(cache: nil))
    #expect(decoded.take() == 41)
    let reports = Reports()
    for threads in [1, 3] {
      let first = try load(reading(threads: threads, cache: cache, reports: reports))
      #expect(decoded.take() == 41 && same(first, plain))
      let second = try load(reading(cache: cache, reports: reports))
      #expect(decoded.take() == 0 && same(second, plain))
      for entry in try cache.entries() { try cache.remove(entry) }
    }
    #expect(reports.all == [])
  }

  @Test func theBytesOfTheFileDoNotDependOnThreads() throws {
    var contents: [[UInt8]] = []
    for threads in [1, 2, 5] {
      _ = try load(reading(threads: threads, cache: cache))
      contents.append(try folder.content(cacheFile()))
      folder.remove("cache")
    }
    #expect(contents[0] == contents[1] && contents[0] == contents[2])
  }

  /// The name of the decoder stands for everything that it does.
  @Test func otherSettingsHaveAnotherFile() throws {
    _ = try load(reading(cache: cache))
    _ = decoded.take()
    for other in [
      reading("raw, cropped", cache: cache), reading(colors: .gray, cache: cache),
      reading(skipsBroken: true, cache: cache),
    ] {
      _ = try load(other)
      #expect(decoded.take() == 41)
      _ = try load(other)
      #expect(decoded.take() == 0)
    }
    #expect(try cache.entries().count == 4)
    // What became colored by itself.
    let set = try load(reading(colors: .color, cache: cache))
    #expect(decoded.take() == 0)
    #expect(same(set, try load(reading(cache: cache))))
    // A decoder without a name cannot be told from others.
    _ = try load(reading("", cache: cache))
    #expect(decoded.take() == 41)
    #expect(try cache.entries().count == 4)
  }

  /// Also a change that keeps size and name, one that keeps the time, and one that keeps everything but the file's number.
  @Test func aChangedFolderReplacesItsFile() throws {
    _ = try load(reading(cache: cache))
    let path = folder("data/cat/0.raw")
    let changes: [() throws -> Void] = [
      { try folder.write(Self.picture(99, isGray: false), to: "data/cat/0.raw") },
      { try folder.write(Self.picture(1, isGray: false), to: "data/cat/98.raw") },
      { folder.remove("data/cat/98.raw") },
      {
        let time = try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
        try folder.write(Self.picture(55, isGray: false), to: "data/cat/new")
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: folder("data/cat/new"))
        folder.remove("data/cat/0.raw")
        try FileManager.default.moveItem(atPath: folder("data/cat/new"), toPath: path)
      },
      { try FileManager.default.moveItem(atPath: path, toPath: folder("data/cat/00.raw")) },
    ]
    for (number, change) in changes.enumerated() {
      try change()
      _ = decoded.take()
      let set = try load(reading(cache: cache))
      #expect(decoded.take() > 0, "change \(number)")
      #expect(same(set, try load(reading(cache: nil))), "change \(number)")
      #expect(try cache.entries().count == 1)
    }
  }

  @Test func grayPicturesAreKeptGrayAndOneInColorChangesAll() throws {
    for number in 0..<40 {
      try folder.write(Self.picture(number, isGray: true), to: "data/\(number % 2 == 0 ? "cat" : "dog")/\(number).raw")
    }
    #expect(same(try load(reading(cache: cache)), try load(reading(cache: nil))))
    #expect(try cache.entries().first?.content?.channels == 1)
    try folder.write(Self.picture(3, isGray: false), to: "data/dog/zz.raw")
    let set = try load(reading(cache: cache))
    #expect(try set.shape.channels == 3 && same(set, load(reading(cache: nil))))
    _ = decoded.take()
    #expect(same(try load(reading(cache: cache)), set) && decoded.take() == 0)
  }

  @Test func brokenPicturesAreRememberedWithTheirReasons() throws {
    try folder.write([1, 2, 3], to: "data/dog/broken.raw")
    let first = PictureLog()
    let set = try load(reading(skipsBroken: true, log: first, cache: cache))
    _ = decoded.take()
    let second = PictureLog()
    #expect(same(try load(reading(skipsBroken: true, log: second, cache: cache)), set))
    #expect(decoded.take() == 0 && set.count == 40)
    #expect(first.broken.map(\.path) == [folder("data/dog/broken.raw")])
    #expect(second.broken.map(\.description) == first.broken.map(\.description))
    // Without leave to skip it, it is an error with a cache too, and leaves nothing behind.
    folder.remove("cache")
    #expect(throws: DatasetError.self) { try load(reading(cache: cache)) }
    #expect(try folder.names("cache") == [])
  }

  /// Damage anywhere is found, and the pictures are decoded again.
  @Test func aDamagedFileIsReplaced() throws {
    let plain = try load(reading(cache: nil))
    _ = try load(reading(cache: cache))
    let name = try cacheFile()
    let content = try folder.content(name)
    let end = content.count
    let places = [0, 10, 4096, 5000, 4096 + 40 * 216 - 1, 4096 + 40 * 216 + 5, end - 24, end - 20, end - 12, end - 1]
    for place in places {
      var damaged = content
      damaged[place] ^= 0x41
      try folder.write(damaged, to: name)
      try expectMended(plain, "byte \(place)")
    }
    for count in [0, 1, 4095, 4096, 6000, end - 24, end - 1] {
      try folder.write(Array(content[..<count]), to: name)
      try expectMended(plain, "\(count) bytes")
    }
    try folder.write(content + [0], to: name)
    try expectMended(plain, "a byte more")
    try folder.write([UInt8](repeating: 7, count: 100_000), to: name)
    try expectMended(plain, "another file")
    #expect(try folder.content(name) == content)
  }

  private func expectMended(_ plain: ImageSet, _ comment: Comment) throws {
    let reports = Reports()
    _ = decoded.take()
    #expect(same(try load(reading(cache: cache, reports: reports)), plain), comment)
    #expect(decoded.take() == 41 && reports.all.count == 1, comment)
    #expect(same(try load(reading(cache: cache, reports: reports)), plain), comment)
    #expect(decoded.take() == 0 && reports.all.count == 1, comment)
  }

  /// A description that is whole, but lies, costs no memory.
  @Test(arguments: [
    (#""files":40"#, #""files":41"#), (#""height":8"#, #""height":2147483647"#), (#""width":9"#, #""width":-9"#),
    (#""channels":3"#, #""channels":9223372036854775807"#), (#""broken":[]"#, #""broken":[[5,""],[4,""]]"#),
    (#""broken":[]"#, #""broken":[[40,""]]"#), (#""checksums":["#, #""checksums":["1","#),
  ])
  func aLyingDescriptionIsRefused(text: String, lie: String) throws {
    let plain = try load(reading(cache: nil))
    _ = try load(reading(cache: cache))
    let name = try cacheFile()
    let content = try folder.content(name)
    let start = 4096 + 40 * 216
    let description = String(decoding: content[start..<content.count - 24], as: UTF8.self)
    #expect(description.contains(text))
    let changed = Array(description.replacing(text, with: lie, maxReplacements: 1).utf8)
    var hash = XXH64()
    hash.update(changed)
    func bytes(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) } }
    try folder.write(
      Array(content[..<start]) + changed + bytes(UInt64(changed.count)) + bytes(hash.digest()) + Array("JQPIXEND".utf8),
      to: name)
    try expectMended(plain, "\(lie)")
  }

  /// The target of a link is neither read nor written.
  @Test func linksAreNotFollowed() throws {
    _ = try load(reading(cache: cache))
    let name = try cacheFile()
    try FileManager.default.moveItem(atPath: folder(name), toPath: folder("elsewhere"))
    try FileManager.default.createSymbolicLink(atPath: folder(name), withDestinationPath: folder("elsewhere"))
    let before = try folder.content("elsewhere")
    try folder.write(Self.picture(77, isGray: false), to: "data/cat/0.raw")
    let reports = Reports()
    let set = try load(reading(cache: cache, reports: reports))
    #expect(reports.all == ["it is a symbolic link"])
    #expect(try folder.content("elsewhere") == before)
    #expect(same(set, try load(reading(cache: nil))))
    #expect(throws: (any Error).self) { try FileManager.default.destinationOfSymbolicLink(atPath: folder(name)) }
  }

  @Test func withoutAFolderTheWorkGoesOn() throws {
    try folder.write("", to: "file")
    let nowhere = PictureCache(folder: folder("file/cache"))
    let reports = Reports()
    let reading = reading(cache: nowhere, reports: reports)
    for _ in 0..<2 { #expect(same(try load(reading), try load(self.reading(cache: nil)))) }
    // Reported once.
    #expect(reports.all.count == 1 && reports.all[0].contains("cannot create the folder"), "\(reports.all)")
    #expect(try nowhere.entries().isEmpty)
  }

  @Test func severalAtOnceDoNotDisturbEachOther() throws {
    let plain = try load(reading(cache: nil))
    let results = Mutex<[Bool]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      // Another cache value, as in another process.
      let isSame = (try? load(reading(cache: PictureCache(folder: folder("cache"))))).map { same($0, plain) }
      results.withLock { $0.append(isSame ?? false) }
    }
    #expect(results.withLock { $0 } == Array(repeating: true, count: 8))
    #expect(try folder.names("cache").count == 1)
  }

  @Test func leftoversOfProcessesThatEndedAreRemoved() throws {
    try folder.write([1], to: "cache/.jacquard-old.tmp")
    try folder.write([1], to: "cache/.jacquard-new.tmp")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: folder("cache/.jacquard-old.tmp"))
    _ = try load(reading(cache: cache))
    #expect(try folder.names("cache").first == ".jacquard-new.tmp")
    #expect(try cache.entries().map(\.isUnfinished) == [true, false])
  }

  @Test func thePlaceFollowsFromTheEnvironment() {
    func place(_ environment: [String: String]) -> String? { PictureCache.standard(environment: environment)?.folder }
    #expect(place(["JACQUARD_CACHE": "/a/", "XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/a")
    #expect(place(["XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/b/jacquard")
    #expect(place(["XDG_CACHE_HOME": "b", "HOME": "/c"]) == "/c/.cache/jacquard")
    #expect(place(["JACQUARD_CACHE": "", "HOME": "/c"]) == nil)
    #expect(place(["JACQUARD_CACHE": "off", "HOME": "/c"]) == nil)
    #expect(place([:]) == nil && place(["HOME": ""]) == nil)
  }
}
