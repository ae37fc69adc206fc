internal import ArgumentParser
internal import Figures
internal import Support

/// Where a picture goes and how it looks.
struct PictureOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The picture: a .png or .svg file.", valueName: "file"), completion: .file()
  )
  var output: String?

  @Option(
    help: ArgumentHelp(
      "light, dark or auto; auto follows the viewer in SVG, is light in PNG and dark in a terminal.", valueName: "name")
  )
  var theme = PictureTheme.auto

  @Option(help: ArgumentHelp("Pixels of a PNG per point of the figure, 0.5 to 8.", valueName: "x"))
  var scale = 2.0

  func validate() throws {
    guard 0.5...8 ~= scale else { throw ValidationError("--scale must be a number from 0.5 to 8, not '\(scale)'.") }
  }

  /// The file to write, where one is named, before any work starts.
  func file() throws(Failure) -> PictureFile? {
    guard let output else { return nil }
    return try PictureFile(path: output, theme: theme, scale: scale)
  }
}

/// The colors that the user asks for.
enum PictureTheme: String, CaseIterable, ExpressibleByArgument {
  /// What suits where the picture goes.
  case auto
  /// Dark on white.
  case light
  /// Light on black.
  case dark

  /// The colors, where `auto` is not a choice.
  func theme(auto fallback: Theme) -> Theme {
    switch self {
    case .auto: fallback
    case .light: .light
    case .dark: .dark
    }
  }
}
