internal import Support

/// What is wrong with folders of pictures.
public enum PictureProblem: Hashable, Sendable {
  /// A file cannot be decoded; with the decoder's message.
  case unreadable(String)
  /// A picture differs in size from the first one.
  case sizesDiffer(height: Int, width: Int, firstHeight: Int, firstWidth: Int, firstPath: String)
  /// A class has no pictures.
  case noPictures(endings: [String])
  /// A folder inside a class folder.
  case nestedFolder
  /// Fewer than two classes, or more than labels can number.
  case tooFewClasses(found: [String])
  /// A folder contains a name that is not UTF-8; with its bytes.
  case nameNotUTF8([UInt8])
  /// More pixels than the limit.
  case tooMuch(height: Int, width: Int, count: Int)

  /// The messages.
  var diagnostic: Diagnostic {
    switch self {
    case .unreadable(let reason):
      Diagnostic(problem: reason)
    case .sizesDiffer(let height, let width, let firstHeight, let firstWidth, let firstPath):
      Diagnostic(
        problem: "pictures have different sizes", expected: "\(firstHeight) × \(firstWidth), as in \(firstPath)",
        found: "\(height) × \(width)",
        advice: "bring all to one size, such as \(firstHeight) × \(firstWidth)")
    case .noPictures(let endings):
      Diagnostic(
        problem: "a class without pictures", expected: "files that end in " + endings.joined(separator: ", "),
        found: "none", advice: "put pictures of the class there, or remove the folder")
    case .nestedFolder:
      Diagnostic(
        problem: "a folder inside the folder of a class", expected: "pictures", found: "a folder",
        advice: "put the pictures of a class directly into its folder; parts are folders called train and test")
    case .tooFewClasses(let found):
      Diagnostic(
        problem: "not a folder of classes", expected: "2 to \(ClassNames.largestCount) folders, one for each class",
        found: found.isEmpty
          ? "none" : "\(found.count)" + (found.count == 1 ? ", called \(found[0])" : ""),
        advice: "put the pictures of each class into a separate folder")
    case .nameNotUTF8(let bytes):
      Diagnostic(
        problem: "a name that is not UTF-8", expected: "names that are text",
        found: "the bytes \(NumberText.hexadecimal(Array(bytes.prefix(40))))\(bytes.count > 40 ? " …" : "")",
        advice: "rename these files; convmv renames whole folders")
    case .tooMuch(let height, let width, let count):
      Diagnostic(
        problem: "too many pixels", expected: "at most \(PictureImages.largestByteCount >> 30) GiB of them",
        found: "\(count) pictures of \(height) × \(width)", advice: "bring them to a smaller size")
    }
  }
}
