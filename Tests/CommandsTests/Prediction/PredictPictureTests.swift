import CommandTestSupport
import Figures
import Foundation
import TestSupport
import Testing

/// `predict` on PNG and JPEG pictures.
struct PredictPictureTests {
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "1")
    return tool
  }

  /// The bytes of a picture from the tests of photographs.
  private func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: DocumentationPage.root.appendingPathComponent("Tests/PhotographsTests/Fixtures/\(name)"))
  }

  /// A PNG of one shade on white, larger than the network's images, with its object off center.
  private func block(_ shade: UInt8) throws -> Data {
    let pixels = (0..<90 * 80).map { place -> UInt8 in
      10..<66 ~= place % 90 && 20..<76 ~= place / 90 ? shade : 255
    }
    return Data(try Bitmap(width: 90, height: 80, pixels: pixels).png())
  }

  private func rows(_ outcome: Tool.Outcome) throws -> [[String: Any]] {
    try outcome.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func aPictureIsTheImageThatItsPreparationMakes() throws {
    let tool = try tool()
    // The object alone, 28 × 28 pixels, negated: an image of one shade.
    try tool.folder.write(try block(100), to: "block.png")
    try tool.folder.write(
      SmallData.header(type: 0x08, [1, 28, 28]) + Data(repeating: 155, count: 784), to: "block-idx3-ubyte")
    let outcome = try tool.run("predict", "run", "block.png", "block-idx3-ubyte", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let found = try rows(outcome)
    #expect(found.map { $0["input"] as? String } == ["block.png", "block-idx3-ubyte:0"])
    #expect(found[0]["probabilities"] as? [Double] == found[1]["probabilities"] as? [Double])
    #expect(try #require(found[0]["probabilities"] as? [Double]).count == 10)
  }

  @Test func foldersListsAndStandardInputKeepTheirOrder() throws {
    let tool = try tool()
    for (name, shade) in [("b.png", 50), ("a.PNG", 150), ("notes.txt", 0), ("._b.png", 9)] {
      try tool.folder.write(name.hasSuffix("txt") ? Data("x".utf8) : try block(UInt8(shade)), to: "pictures/\(name)")
    }
    try tool.folder.write(try fixture("quadrants.jpg"), to: "pictures/c.jpeg")
    let names = ["pictures/a.PNG", "pictures/b.png", "pictures/c.jpeg"]
    let folder = try rows(try tool.run("predict", "run", "pictures", "--json"))
    #expect(folder.map { $0["input"] as? String } == names)
    let list = try tool.shell(
      "printf 'pictures/b.png\nnowhere.png\ndata/t10k-images-idx3-ubyte:3\npictures\n' | jacquard predict run - --json")
    #expect(list.status == 1)
    #expect(
      try rows(list).map { $0["input"] as? String }
        == ["pictures/b.png", "nowhere.png", "data/t10k-images-idx3-ubyte:3"] + names)
    let piped = try tool.shell("jacquard predict run - --json < pictures/b.png")
    #expect(piped.status == 0)
    let answer = try rows(piped)[0]
    #expect(answer["input"] as? String == "-")
    #expect(answer["probabilities"] as? [Double] == folder[1]["probabilities"] as? [Double])
    let substituted = try tool.shell("jacquard predict run <(cat pictures/b.png) --json")
    #expect(try rows(substituted)[0]["probabilities"] as? [Double] == answer["probabilities"] as? [Double])
  }

  @Test func whatCannotBeReadIsARowAndTheOthersGoOn() throws {
    let tool = try tool()
    try tool.folder.write(try fixture("quadrants.jpg").prefix(400), to: "cut.jpg")
    var enormous = try fixture("quadrants.jpg")
    let frame = try #require(enormous.firstRange(of: Data([0xFF, 0xC0])))
    enormous.replaceSubrange(frame.lowerBound + 5..<frame.lowerBound + 9, with: [0xFD, 0xE8, 0xFD, 0xE8])
    try tool.folder.write(enormous, to: "enormous.jpg")
    try tool.folder.write("no picture", to: "text.png")
    try tool.folder.write(
      Data(try Bitmap(width: 9, height: 9, pixels: Array(repeating: 9, count: 81)).png()), to: "blank.png")
    try tool.folder.write("x", to: "empty/notes.txt")
    try tool.folder.write(try block(80), to: "good.png")
    let inputs = ["cut.jpg", "enormous.jpg", "text.png", "nowhere.jpg", "blank.png", "empty", "good.png"]
    let outcome = try tool.run(["predict", "run", "--json"] + inputs)
    #expect(outcome.status == 1)
    #expect(outcome.error == "jacquard: warning: 6 of 7 inputs failed; their lines say why\n")
    let found = try rows(outcome)
    #expect(found.map { $0["input"] as? String } == inputs)
    let errors = found.map { $0["error"] as? String }
    for (error, part) in zip(
      errors,
      [
        "cut.jpg: the picture is damaged", "found 65000 × 65000; make it smaller first",
        "text.png: expected a PNG, JPEG, WebP, GIF or BMP picture", "there is no such file", "all of one color",
        "there are no pictures in this folder; their names end in .png, .apng, .jpg",
      ])
    {
      #expect(error?.contains(part) == true, "\(error ?? "no error")")
    }
    #expect(errors[6] == nil && found[6]["label"] is String)
    let nested = try tool.shell("printf '%s\n' - | jacquard predict run -")
    #expect(nested.output == "-\terror\t-: a list on standard input cannot name standard input.\n")
    #expect(nested.status == 1)
    let binary = try tool.shell("printf '\\000\\001' | jacquard predict run -")
    #expect(binary.output.contains("expected a PNG, JPEG, WebP, GIF or BMP picture, or a list of inputs"))
    #expect(binary.status == 1)
  }

  @Test func whatTheNetworkSeesCanBeShown() throws {
    let tool = try tool()
    try tool.folder.write(try block(100), to: "pictures/block.png")
    try tool.folder.write(try fixture("object.png"), to: "pictures/object.png")
    let outcome = try tool.run(
      "predict", "run", "pictures", "data/t10k-images-idx3-ubyte:0..2", "nowhere.png", "--show-input", "seen.svg")
    #expect(outcome.status == 1)
    #expect(outcome.output.split(separator: "\n").count == 6)
    let picture = try tool.folder.text("seen.svg")
    #expect(picture.components(separatedBy: "<image ").count == 6)
    #expect(picture.contains(">object.png</text>") && picture.contains(">no. 2</text>"))
    #expect(picture.contains("<title>data/t10k-images-idx3-ubyte:2</title>"))
    #expect(picture.contains("5 images, each with its prediction"))
    // The first picture is the block of one shade that `aPictureIsTheImageThatItsPreparationMakes` knows.
    let image = try #require(picture.firstMatch(of: /data:image\/png;base64,([^"]*)/)?.1)
    let expected = try Bitmap(width: 28, height: 28, pixels: Array(repeating: 155, count: 784)).png()
    #expect(Data(base64Encoded: String(image)).map(Array.init) == expected)

    let wrong = try tool.run("predict", "run", "pictures", "--show-input", "seen.jpg")
    #expect(wrong.status == 64)
    #expect(wrong.output == "")
    #expect(wrong.error.contains("--show-input seen.jpg: expected a name that ends in .png or .svg"))
  }

  @Test func activationsCanBeThoseOfAPicture() throws {
    let tool = try tool()
    try tool.folder.write(try fixture("object.png"), to: "object.png")
    let outcome = try tool.run("plot", "activations", "run", "object.png", "-o", "a.svg")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try tool.folder.text("a.svg").contains("lenet, object.png"))
  }
}
