package import Support

/// Why a picture could not be used.
package enum PhotographError: Error, Equatable, CustomStringConvertible, Sendable {
  /// It has no supported format; with a guess of what it is.
  case unknownFormat(found: String)
  /// It has too many pixels.
  case tooLarge(width: Int, height: Int)
  /// It is damaged; with the library's message.
  case broken(String)
  /// Nothing stands out from its background.
  case blank

  /// What is wrong, expected and found, and what to do about it; the caller knows the file.
  package var diagnostic: Diagnostic {
    switch self {
    case .unknownFormat(let found):
      Diagnostic(expected: "a \(PictureFormat.names) picture", found: found, advice: "convert it first")
    case .tooLarge(let width, let height):
      Diagnostic(
        expected: "at most \(Photograph.largestExtent) pixels on a side and \(Photograph.largestArea) in all",
        found: "\(width) × \(height)", advice: "make it smaller first")
    case .broken(let reason):
      Diagnostic(problem: "the picture is damaged: \(reason)", advice: "get a new copy from its source")
    case .blank:
      Diagnostic(problem: "the picture is all of one color and shows no object to classify")
    }
  }

  /// One line; it follows the file's name.
  package var description: String { diagnostic.description }
}
