import Figures
import Foundation
import Terminal
import Testing

/// Pictures for terminals, read back as a terminal would.
struct PictureTextTests {
  private static let ramp = Bitmap(width: 16, height: 5, pixels: (0..<80).map { UInt8(min(255, $0 * 3 + 2)) })

  @Test func halfBlocksInAllShadesAreExact() throws {
    let lines = ShadeText(.colors).lines(of: Self.ramp)
    #expect(lines.count == 3)
    for (number, line) in lines.enumerated() {
      let cells = try Self.cells(line)
      #expect(cells.count == 16)
      for (column, cell) in cells.enumerated() {
        #expect(cell.upper == [2] + Array(repeating: Int(Self.ramp.pixels[number * 32 + column]), count: 3))
        // There is no sixth row.
        let lower = number == 2 ? 0 : Int(Self.ramp.pixels[number * 32 + 16 + column])
        #expect(cell.lower == [2] + Array(repeating: lower, count: 3))
      }
    }
  }

  @Test func halfBlocksInGraysAreTheNearest() throws {
    for (number, line) in ShadeText(.grays).lines(of: Self.ramp).enumerated() {
      for (column, cell) in try Self.cells(line).enumerated() {
        try #require(cell.upper.count == 2 && cell.upper[0] == 5)
        let shown = cell.upper[1] == 16 ? 0 : cell.upper[1] == 231 ? 255 : 8 + (cell.upper[1] - 232) * 10
        #expect(abs(shown - Int(Self.ramp.pixels[number * 32 + column])) <= 9)
      }
    }
  }

  @Test func charactersGetDarkerWithTheInk() {
    let line = ShadeText(.characters).lines(of: Bitmap(width: 5, height: 1, pixels: [0, 60, 120, 190, 255]))
    // The row below a single row is empty, so half of the ink is the maximum.
    #expect(line == [" .:-="])
    #expect(ShadeText(.characters).lines(of: Bitmap(width: 1, height: 2, pixels: [255, 255])) == ["@"])
  }

  /// The colors of each cell of a line: `[2, red, green, blue]` or `[5, index]`.
  private static func cells(_ line: String) throws -> [(upper: [Int], lower: [Int])] {
    var cells: [(upper: [Int], lower: [Int])] = []
    var (upper, lower): ([Int], [Int]) = ([], [])
    #expect(line.hasSuffix("\u{1B}[0m"))
    for part in line.dropLast(4).split(separator: "\u{1B}[") {
      let end = try #require(part.firstIndex(of: "m"))
      let numbers = part[..<end].split(separator: ";").compactMap { Int($0) }
      let half = numbers.count / 2
      #expect(numbers.first == 38 && numbers[half] == 48)
      (upper, lower) = (Array(numbers[1..<half]), Array(numbers[(half + 1)...]))
      for character in part[end...].dropFirst() {
        #expect(character == "▀")
        cells.append((upper, lower))
      }
    }
    return cells
  }

  @Test func tilesStandBesideEachOtherAsFarAsTheTerminalGoes() {
    let black = Bitmap(width: 4, height: 2, pixels: Array(repeating: 255, count: 8))
    let tile = ImageGrid.Tile(black, captions: [.init("abcdef")])
    let rows = [ImageGrid.Row("name", tiles: [tile, tile, tile]), ImageGrid.Row("empty", tiles: [])]
    #expect(
      TileText(ShadeText(.characters), columns: 10).lines(of: rows)
        == ["name", "@@@@  @@@@", "abc…  abc…", "", "@@@@", "abc…", "", "empty", ""])
    #expect(
      TileText(ShadeText(.characters), columns: 3).lines(of: rows.dropLast()).filter { $0 == "@@@@" }.count == 3)
  }

  @Test func kittysPiecesMakeTheFile() throws {
    let png = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let pieces = PictureText.kitty(png: png).split(separator: "\u{1B}\\")
    #expect(pieces.count == 4)
    #expect(pieces[0].hasPrefix("\u{1B}_Gf=100,a=T,m=1;"))
    #expect(pieces[1].hasPrefix("\u{1B}_Gm=1;"))
    #expect(pieces[3].hasPrefix("\u{1B}_Gm=0;"))
    let text = try pieces.map { piece in
      let content = piece[try #require(piece.firstIndex(of: ";"))...].dropFirst()
      #expect(content.count <= 4096)
      return content
    }.joined()
    #expect(Data(base64Encoded: text).map(Array.init) == png)
    #expect(PictureText.kitty(png: [1]) == "\u{1B}_Gf=100,a=T,m=0;AQ==\u{1B}\\")
  }

  @Test func itermsSequenceHoldsTheFile() {
    #expect(PictureText.iterm2(png: [1, 2, 3, 4]) == "\u{1B}]1337;File=inline=1;size=4:AQIDBA==\u{7}")
  }

  @Test func sixelsMakeThePicture() throws {
    let colors: [[UInt8]] = (0..<91).map { place in
      let gray = UInt8(place)
      let choices: [[UInt8]] = [[255, 0, 51], [0, 0, 0], [gray, gray, gray]]
      return choices[place % 3]
    }
    let image = Bitmap(width: 7, height: 13, channels: 3, pixels: colors.joined())
    let shown = try SixelReader.picture(PictureText.sixel(image))
    #expect(shown.count == 13 && shown[0].count == 7)
    for row in 0..<13 {
      for column in 0..<7 {
        let expected: [UInt8] = colors[row * 7 + column]
        let found = try #require(shown[row][column], "\(row) \(column)")
        for (a, b) in zip(expected, found) { #expect(abs(Double(a) / 2.55 - Double(b)) <= 2.2, "\(row) \(column)") }
      }
    }
  }
}

/// Reads Sixel as the VT330's manual describes it.
private enum SixelReader {
  /// The colors `[row][column]`, in percent; nil if nothing was drawn.
  static func picture(_ text: String) throws -> [[[Int]?]] {
    try #require(text.hasPrefix("\u{1B}Pq\"1;1;") && text.hasSuffix("-\u{1B}\\"))
    let head = text.dropFirst(3).drop { !"#".contains($0) }
    let sizes = text.dropFirst(4).prefix { $0 != "#" }.split(separator: ";").compactMap { Int($0) }
    var picture = [[[Int]?]](repeating: Array(repeating: nil, count: sizes[2]), count: sizes[3])
    var palette: [Int: [Int]] = [:]
    var (color, top, column, count) = (0, 0, 0, 1)
    var rest = head.dropLast(2)
    func number() -> Int {
      let digits = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return Int(digits) ?? -1
    }
    while let character = rest.popFirst() {
      switch character {
      case "#":
        color = number()
        if rest.first == ";" {
          var numbers: [Int] = []
          while rest.first == ";" {
            rest.removeFirst()
            numbers.append(number())
          }
          try #require(numbers.count == 4 && numbers[0] == 2)
          palette[color] = Array(numbers[1...])
        }
      case "!": count = number()
      case "$": column = 0
      case "-": (top, column) = (top + 6, 0)
      default:
        let bits = Int(try #require(character.asciiValue)) - 63
        for _ in 0..<count {
          for row in 0..<6 where bits >> row & 1 == 1 { picture[top + row][column] = palette[color] }
          column += 1
        }
        count = 1
      }
    }
    return picture
  }
}
