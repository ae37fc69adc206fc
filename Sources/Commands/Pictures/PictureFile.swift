internal import Figures
internal import Files
internal import Runs
internal import Support

/// A file that a picture is written to.
struct PictureFile {
  private enum Format {
    case png
    case svg
  }

  /// The path.
  let path: String
  private let format: Format
  private let theme: PictureTheme
  private let scale: Double

  /// Looks at the name: the format is in its ending, and its folder must be there.
  ///
  /// - Parameter flag: The option that named it, for the message.
  init(path: String, theme: PictureTheme, scale: Double, flag: String = "--output") throws(Failure) {
    let name = path.lowercased()
    if name.endsWith(bytesOf: ".png") {
      format = .png
    } else if name.endsWith(bytesOf: ".svg") {
      format = .svg
    } else {
      throw Failure(.usage, "\(flag) \(path): expected a name that ends in .png or .svg; add the ending.")
    }
    self.path = path
    self.theme = theme
    self.scale = scale
    try Folder.requireParent(of: path)
  }

  /// Writes a drawing, as a whole or not at all.
  func write(_ drawing: Drawing) throws {
    try AtomicFile.write(try bytes(of: drawing), to: path)
  }

  private func bytes(of drawing: Drawing) throws(Failure) -> [UInt8] {
    do throws(FigureError) {
      switch format {
      case .png: return try drawing.png(theme.theme(auto: .light), scale: scale)
      case .svg:
        let style = theme == .auto ? SVGStyle.adaptive : .fixed(theme.theme(auto: .light))
        return Array(try drawing.svg(style).utf8)
      }
    } catch {
      throw Failure(.cannotCreate, "\(path): \(error).")
    }
  }
}
