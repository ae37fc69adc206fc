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
      "light, dark or auto; auto follows the viewer's preference in SVG, is light in PNG, and dark in a terminal.",
      valueName: "name")
  )
  var theme = PictureTheme.auto

  @Option(help: ArgumentHelp("PNG pixels per point of the figure, 0.5 to 8.", valueName: "x"))
  var scale = 2.0

  func validate() throws {
    guard 0.5...8 ~= scale else { throw ValidationError("--scale must be a number from 0.5 to 8, not '\(scale)'.") }
  }

  /// The file to write, if one is named. Checked before any work starts.
  func file() throws(Failure) -> PictureFile? {
    guard let output else { return nil }
    return try PictureFile(path: output, theme: theme, scale: scale)
  }
}

/// The color theme that the user requests.
enum PictureTheme: String, CaseIterable, ExpressibleByArgument {
  /// Depends on the destination.
  case auto
  /// Dark on white.
  case light
  /// Light on black.
  case dark

  /// The theme, with a fallback for `auto`.
  func theme(auto fallback: Theme) -> Theme {
    switch self {
    case .auto: fallback
    case .light: .light
    case .dark: .dark
    }
  }
}
