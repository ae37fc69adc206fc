package import Support

/// Why a picture could not be used.
package enum PhotographError: Error, Equatable, CustomStringConvertible, Sendable {
  /// It has none of the formats that are read, but is this.
  case unknownFormat(found: String)
  /// It has more pixels than are read.
  case tooLarge(width: Int, height: Int)
  /// It is damaged, in the words of the library that reads it.
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
      Diagnostic(problem: "the picture is damaged: \(reason)", advice: "get it anew from where it came from")
    case .blank:
      Diagnostic(problem: "the picture is all of one color: there is no object in it to classify")
    }
  }

  /// One line, to follow the file's name.
  package var description: String { diagnostic.description }
}
