import CommandTestSupport
import Figures
import Foundation
import Photographs
import TestSupport
import Testing

/// `data show`.
struct DataShowTests {
  private func tool(training: Int = 30) throws -> Tool {
    let tool = try Tool()
    try SmallData.write(in: tool.folder, training: training, test: 20)
    return tool
  }

  /// The picture of a PNG file in the tool's folder.
  private func picture(_ tool: Tool, _ name: String) throws -> Photograph {
    try Photograph(decoding: Array(try Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/" + name))))
  }

  @Test func theFirstImagesOfEachClassAreAPicture() throws {
    let tool = try tool()
    let outcome = try tool.run("data", "show", "--data", "data", "-o", "a.png")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output == "picture  a.png\n")
    let picture = try picture(tool, "a.png")
    #expect(picture.width > 300 && picture.height > 1200)
    let svg = try tool.run("data", "show", "--data", "data", "--per-class", "2", "-o", "a.svg")
    #expect(svg.status == 0)
    let text = try tool.folder.text("a.svg")
    #expect(text.components(separatedBy: "<image ").count == 21)
    for name in ["T-shirt/top", "Ankle boot"] { #expect(text.contains(">\(name)</text>")) }
    #expect(text.contains("<title>image 19: Ankle boot</title>"))
    #expect(text.contains("prefers-color-scheme:dark"))
  }

  @Test func imagesAreChosenByNumberOrAtRandom() throws {
    let tool = try tool()
    func indices(_ flags: String...) throws -> [Int] {
      let json = try tool.run(["data", "show", "--data", "data", "-o", "a.svg", "--json"] + flags).json()
      #expect(json["output"] as? String == "a.svg")
      let images = try #require(json["images"] as? [[String: Any]])
      #expect(images.allSatisfy { $0["class"] is String })
      return images.compactMap { $0["index"] as? Int }
    }
    #expect(try indices("--index", "7,0,3..5") == [7, 0, 3, 4, 5])
    #expect(try indices("--index", "19", "--split", "test") == [19])
    let random = try indices("--random", "6", "--seed", "4")
    #expect(random.count == 6 && Set(random).count == 6)
    #expect(try indices("--random", "6", "--seed", "4") == random)
    #expect(try indices("--random", "6", "--seed", "5") != random)
    #expect(try indices("--per-class", "1") == Array(0..<10))
  }

  @Test func imagesAreShownAugmented() throws {
    let tool = try tool()
    func picture(_ name: String, _ flags: String...) throws -> [UInt8] {
      let flags = ["data", "show", "--data", "data", "--index", "0..9", "-o", name + ".png"] + flags
      let outcome = try tool.run(flags)
      #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
      return try Array(Data(contentsOf: URL(fileURLWithPath: tool.folder.path + "/" + name + ".png")))
    }
    let plain = try picture("plain")
    let shifted = try picture("shifted", "--augment", "shift=3")
    #expect(shifted != plain)
    #expect(try picture("again", "--augment", "shift=3", "--epoch", "1", "--seed", "1") == shifted)
    #expect(try picture("later", "--augment", "shift=3", "--epoch", "2") != shifted)
    #expect(try picture("other", "--augment", "shift=3", "--seed", "2") != shifted)
    let svg = try tool.run("data", "show", "--data", "data", "--augment", "cutout=4", "-o", "a.svg")
    #expect(svg.status == 0)
    #expect(try tool.folder.text("a.svg").contains("cutout=4"))
  }

  @Test func meansAndBalanceAreShown() throws {
    let tool = try tool(training: 25)
    #expect(try tool.run("data", "show", "--data", "data", "--means", "-o", "m.svg").status == 0)
    #expect(try tool.folder.text("m.svg").components(separatedBy: "<image ").count == 11)
    let balance = try tool.run("data", "show", "--data", "data", "--balance", "-o", "b.svg", "--json").json()
    let classes = try #require(balance["classes"] as? [[String: Any]])
    #expect(classes.map { $0["count"] as? Int } == [3, 3, 3, 3, 3, 2, 2, 2, 2, 2])
    #expect(try tool.folder.text("b.svg").contains("Bag, 2</title>"))
    let text = try tool.run("data", "show", "--data", "data", "--balance", "--terminal").output
    #expect(text.split(separator: "\n")[2] == "    0  T-shirt/top       3  " + String(repeating: "#", count: 40))
  }

  @Test func themesAndScalesChangeThePicture() throws {
    let tool = try tool()
    let flags = ["data", "show", "--data", "data", "--per-class", "1"]
    for (name, more) in [("l", []), ("d", ["--theme", "dark"]), ("s", ["--scale", "1"])] {
      #expect(try tool.run(flags + ["-o", "\(name).png"] + more).status == 0)
    }
    let (light, dark, small) = try (picture(tool, "l.png"), picture(tool, "d.png"), picture(tool, "s.png"))
    #expect(light.pixels.prefix(3) == [255, 255, 255])
    #expect(dark.pixels.prefix(3) == [0x12, 0x16, 0x1C])
    #expect(light.width == 2 * small.width && light.height == 2 * small.height)
  }

  @Test func lettersAreThereWithoutAnyFont() throws {
    // An empty font configuration: Cairo must use its built-in letters.
    var tool = try tool()
    try tool.folder.write("<?xml version=\"1.0\"?><fontconfig></fontconfig>", to: "fonts.conf")
    tool.environment = ["FONTCONFIG_FILE": tool.folder.path + "/fonts.conf"]
    #expect(try tool.run("data", "show", "--data", "data", "--balance", "-o", "a.png").status == 0)
    let picture = try picture(tool, "a.png")
    // The title is in the upper left corner: 20 points of margin, then 18 points of letters.
    var dark = 0
    for y in 40..<80 {
      for x in 40..<300 where picture.pixels[(y * picture.width + x) * 4] < 128 { dark += 1 }
    }
    #expect(dark > 300)
  }

  @Test func aPipeGetsPlainCharactersAndATerminalBlocks() throws {
    let tool = try tool()
    let plain = try tool.run("data", "show", "--data", "data", "--index", "0", "--terminal")
    #expect(plain.status == 0)
    #expect(!plain.output.contains("\u{1B}"))
    #expect(plain.output.split(separator: "\n").count == 16)
    let command = "'\(Tool.path)' data show --data data --index 0"
    // `script` gives the command a terminal that answers no questions.
    let blocks = try tool.shell("script -qec \"\(command)\" /dev/null")
    #expect(blocks.output.contains("\u{1B}[38;5;"), "\(blocks.output)")
    let colors = try Tool(environment: ["COLORTERM": "truecolor"])
    try SmallData.write(in: colors.folder, training: 10, test: 10)
    #expect(try colors.shell("script -qec \"\(command)\" /dev/null").output.contains("\u{1B}[38;2;"))
    let none = try Tool(environment: ["NO_COLOR": "1"])
    try SmallData.write(in: none.folder, training: 10, test: 10)
    let uncolored = try none.shell("script -qec \"\(command)\" /dev/null").output
    #expect(!uncolored.contains("\u{1B}") && uncolored.contains("@"))
  }

  @Test func realPicturesHoldAWholePNG() throws {
    let tool = try tool()
    let kitty = try tool.run("data", "show", "--data", "data", "--means", "--protocol", "kitty").output
    let text = try kitty.split(separator: "\u{1B}\\").dropLast().map { piece in
      String(piece[try #require(piece.firstIndex(of: ";"))...].dropFirst())
    }.joined()
    let png = try #require(Data(base64Encoded: text))
    // Dark, like most terminals.
    #expect(try Photograph(decoding: Array(png)).pixels.prefix(3) == [0x12, 0x16, 0x1C])
    let sixel = try tool.run("data", "show", "--data", "data", "--means", "--protocol", "sixel").output
    #expect(sixel.hasPrefix("\u{1B}Pq\"1;1;"))
    let named = try Tool(environment: ["TERM_PROGRAM": "iTerm.app"])
    try SmallData.write(in: named.folder, training: 10, test: 10)
    let iterm = try named.shell("script -qec \"'\(Tool.path)' data show --data data --means\" /dev/null").output
    #expect(iterm.hasPrefix("\u{1B}]1337;File=inline=1;"))
  }

  @Test(arguments: [
    (["--per-class", "0"], "--per-class must be"), (["--random", "-1"], "--random"),
    (["--index", "1..x"], "--index must be"), (["--index", "3..1"], "--index must be"),
    (["--index", "30"], "there is no image 30; the 30 train images have the numbers 0 to 29"),
    (["--means", "--balance"], "cannot be combined; choose one"), (["--scale", "9"], "--scale must be"),
    (["--output", "b.gif"], "ends in .png or .svg"), (["--output", "png"], "ends in .png or .svg"),
    (["--augment", "shift=28"], "augment: 'shift=28': expected less than the 28 pixels"),
    (["--augment", "saturation=0.5"], "gray has no saturation"), (["--augment", "flop"], "Did you mean 'flip'?"),
    (["--augment", "flip", "--means"], "--augment cannot be combined"), (["--epoch", "0"], "--epoch must be"),
    (["--terminal"], "cannot be combined"), (["--theme", "pink"], "--theme"),
  ])
  func wrongFlagsAreRefusedInOneLine(flags: [String], message: String) throws {
    let outcome = try tool().run(["data", "show", "--data", "data", "-o", "a.png"] + flags)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }

  @Test func aPictureThatIsTooLargeIsRefused() throws {
    let tool = try tool()
    let list = Array(repeating: "0..29", count: 300).joined(separator: ",")
    let flags = ["data", "show", "--data", "data", "--index", list, "--scale", "8", "-o"]
    let outcome = try tool.run(flags + ["a.png"])
    #expect(outcome.status == 73)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.error.contains("a.png: a picture of "), "\(outcome.error)")
    #expect(try !tool.folder.names().contains("a.png"))
    #expect(try tool.run(flags + ["a.svg"]).status == 0)
  }

  @Test func whereAPictureCannotGoIsSaidBeforehand() throws {
    let outcome = try tool().run("data", "show", "--data", "/nowhere", "-o", "missing/a.png")
    #expect(outcome.status == 73)
    #expect(outcome.error == "jacquard: error: missing/a.png: the folder missing does not exist; create it first.\n")
    let nowhere = try tool().run("data", "show", "--data", "data")
    #expect(nowhere.status == 64)
    #expect(nowhere.error.contains("standard output is not a terminal"))
  }
}
