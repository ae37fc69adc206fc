internal import Figures
internal import Files
internal import Runs
internal import Support

/// A picture file to write.
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

  /// Checks the path: its extension is the format, and its folder must exist.
  ///
  /// - Parameter flag: The option with the path, for the message.
  init(path: String, theme: PictureTheme, scale: Double, flag: String = "--output") throws(Failure) {
    let name = path.lowercased()
    if name.endsWith(bytesOf: ".png") {
      format = .png
    } else if name.endsWith(bytesOf: ".svg") {
      format = .svg
    } else {
      throw Failure(.usage, "\(flag) \(path): expected a name that ends in .png or .svg; add the extension.")
    }
    self.path = path
    self.theme = theme
    self.scale = scale
    try Folder.requireParent(of: path)
  }

  /// Writes a drawing atomically.
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
