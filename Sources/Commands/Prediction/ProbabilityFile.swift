internal import Files
internal import Interchange
internal import JacquardEngine
internal import NumPy
internal import Runs
internal import Support

/// The probabilities of `predict` as an array `[lines][classes]` in an `.npy` file.
struct ProbabilityFile {
  private let path: String
  private let classCount: Int
  private var values: [Float] = []

  /// A file without rows yet.
  ///
  /// - Throws: a `Failure` if there is no folder for it, or its name is that of another format.
  init(_ path: String, classCount: Int) throws(Failure) {
    guard path.endsWith(bytesOf: ".npy") else {
      throw Failure(.usage, "--output writes a NumPy array; its name must end in .npy, not '\(path)'.")
    }
    try Folder.requireParent(of: path)
    self.path = path
    self.classCount = classCount
  }

  /// Adds the row of an answer.
  mutating func append(_ prediction: Prediction) { values += prediction.probabilities }

  /// Adds the row of an input that could not be read, so that rows stay beside lines: no numbers.
  mutating func appendFailure() { values += repeatElement(.nan, count: classCount) }

  /// Writes the file.
  func write() throws(FileError) {
    try NumPyArray(shape: [values.count / classCount, classCount], floats: values).write(to: path)
  }
}
