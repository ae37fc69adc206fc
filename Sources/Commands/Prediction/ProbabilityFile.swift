internal import Files
internal import Interchange
internal import JacquardEngine
internal import NumPy
internal import Runs
internal import Support

/// The probabilities of `predict` as an `.npy` array `[lines][classes]`.
struct ProbabilityFile {
  private let path: String
  private let classCount: Int
  private var values: [Float] = []

  /// A file without rows.
  ///
  /// - Throws: a `Failure` if its folder does not exist, or its name has another extension.
  init(_ path: String, classCount: Int) throws(Failure) {
    guard path.endsWith(bytesOf: ".npy") else {
      throw Failure(.usage, "--output writes a NumPy array; use a name that ends in .npy, not '\(path)'.")
    }
    try Folder.requireParent(of: path)
    self.path = path
    self.classCount = classCount
  }

  /// Adds the row of a prediction.
  mutating func append(_ prediction: Prediction) { values += prediction.probabilities }

  /// Adds a row of NaN for an input that could not be read, so that rows match lines.
  mutating func appendFailure() { values += repeatElement(.nan, count: classCount) }

  /// Writes the file.
  func write() throws(FileError) {
    try NumPyArray(shape: [values.count / classCount, classCount], floats: values).write(to: path)
  }
}
