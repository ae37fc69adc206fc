internal import Support

/// What is wrong with arrays of images and labels.
public enum ArrayProblem: Hashable, Sendable {
  /// The file is not an acceptable `.npy` or `.npz` file; with the reader's whole message.
  case unreadable(String)
  /// An archive contains none of the known array names.
  case missing(names: [String], found: [String])
  /// Images that are not `uint8`.
  case notBytes(type: String)
  /// Images that are neither `[N, H, W]` nor `[N, H, W, C]`.
  case imageRank(shape: [Int])
  /// Labels that are neither `[N]` nor `[N, 1]`.
  case labelRank(shape: [Int])
  /// Labels that are not whole numbers.
  case labelsNotWhole(type: String)
  /// A label of 2⁶³ or more.
  case labelTooLarge
  /// A dimension of 0.
  case empty(shape: [Int])
  /// A label that names no class.
  case label(index: Int, value: Int, classCount: Int)
  /// The numbers of labels and images differ.
  case countsDiffer(images: Int, labels: Int, imagesPath: String)

  /// The messages.
  var diagnostic: Diagnostic {
    switch self {
    case .unreadable(let message):
      Diagnostic(problem: message)
    case .missing(let names, let found):
      Diagnostic(
        problem: "an array is missing", expected: "one of " + names.joined(separator: ", "),
        found: found.isEmpty ? "no arrays" : found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", …" : ""),
        advice: "write it with numpy.savez(path, x_train=…, y_train=…, x_test=…, y_test=…)")
    case .notBytes(let type):
      Diagnostic(
        problem: "wrong element type", expected: "uint8", found: type,
        advice: "bring the pixels to 0…255 and convert them with astype('uint8')")
    case .imageRank(let shape):
      Diagnostic(
        problem: "not a stack of images", expected: "[N, H, W] or [N, H, W, C]", found: "\(shape)",
        advice: shape.count < 3
          ? "check whether images and labels are swapped, and give flat images their height and width with reshape"
          : "bring the array to this shape with reshape or squeeze")
    case .labelRank(let shape):
      Diagnostic(
        problem: "not a list of labels", expected: "[N] or [N, 1]", found: "\(shape)",
        advice: shape.count == 2
          ? "turn one column per class into labels with y.argmax(axis=1)"
          : "check whether images and labels are swapped")
    case .labelsNotWhole(let type):
      Diagnostic(
        problem: "wrong element type", expected: "whole numbers", found: type,
        advice: "convert the labels with astype('int64')")
    case .labelTooLarge:
      Diagnostic(
        problem: "a label is too large", expected: "labels below \(ClassNames.largestCount)", found: "2^63 or more",
        advice: "number the classes from 0 on")
    case .empty(let shape):
      Diagnostic(
        problem: "the array is empty", expected: "at least 1 along each axis", found: "\(shape)",
        advice: "write the array again")
    case .label(let index, let value, let classCount):
      Diagnostic(
        problem: "label \(index) names no class", expected: "a value from 0 to \(classCount - 1)", found: "\(value)",
        advice: "correct the label, name all classes in \(ClassNames.fileName), or use a model trained on these classes"
      )
    case .countsDiffer(let images, let labels, let imagesPath):
      Diagnostic(
        problem: "images and labels do not match", expected: "\(images) labels for the images of \(imagesPath)",
        found: "\(labels)", advice: "take both from the same data set and the same part of it")
    }
  }
}
