/// Why a picture could not be used.
package enum PhotographError: Error, Equatable, CustomStringConvertible, Sendable {
  /// It is neither PNG nor JPEG.
  case unknownFormat
  /// It has more pixels than are read.
  case tooLarge(width: Int, height: Int)
  /// It is damaged, in the words of the library that reads it.
  case broken(String)
  /// Nothing stands out from its background.
  case blank

  /// What is wrong, expected and found, and what to do about it, to follow the file's name.
  package var description: String {
    switch self {
    case .unknownFormat: "expected a PNG or JPEG picture, found something else; convert it first"
    case .tooLarge(let width, let height):
      "expected at most \(Photograph.largestExtent) pixels on a side and \(Photograph.largestArea) in all, "
        + "found \(width) × \(height); make it smaller first"
    case .broken(let reason): "the picture is damaged: \(reason); get it anew from where it came from"
    case .blank: "the picture is all of one color: there is no object in it to classify"
    }
  }
}
