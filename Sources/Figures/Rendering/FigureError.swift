package import Support

/// Why a drawing could not become a file.
package enum FigureError: Error, Equatable, CustomStringConvertible, Sendable {
  /// It has too many pixels for the drawing library.
  case tooLarge(width: Int, height: Int)
  /// The drawing library failed; with its message.
  case library(String)

  /// What is wrong, and what to do about it.
  package var diagnostic: Diagnostic {
    switch self {
    case .tooLarge(let width, let height):
      Diagnostic(
        problem: "a picture of \(width) × \(height) pixels is more than \(CairoSurface.largestExtent) on a side or "
          + "\(CairoSurface.largestArea) in all",
        advice: "show fewer images, choose a smaller scale, or write SVG")
    case .library(let message):
      Diagnostic(problem: "the drawing library Cairo failed: \(message)")
    }
  }

  /// One line: what is wrong, and what to do about it.
  package var description: String { diagnostic.description }
}
