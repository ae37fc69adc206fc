/// A LAPACK routine failed.
public struct LAPACKError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The routine, by its LAPACK name, such as `ssyevr`.
  public let routine: String
  /// LAPACK's result code, never 0: negative for a rejected argument or missing memory, positive for a failed
  /// computation.
  public let info: Int
  /// The meaning of the code for this routine, and what to do.
  public let meaning: String

  /// The message on one line.
  public var description: String { "LAPACK \(routine) failed with info \(info): \(meaning)" }

  /// Makes an error from a routine's result.
  ///
  /// - Parameters:
  ///   - routine: The routine's LAPACK name.
  ///   - info: Its result, which is not 0.
  ///   - failure: What a positive result means for this routine, if it has one.
  package init(routine: String, info: Int, failure: String = "a result that the routine does not document") {
    self.routine = routine
    self.info = info
    self.meaning =
      switch info {
      case Self.workMemory: "no memory for its workspace; use a smaller matrix"
      case Self.transposeMemory: "no memory to transpose the matrix; use a smaller matrix"
      case Self.missingLibrary:
        "\(BLASLibrary.interfaceProblem ?? "it was not found"); install LAPACKE, such as Debian's liblapacke"
      case ..<0: "argument \(-info) was refused: it is out of range or holds NaN or infinity; check where it comes from"
      default: failure
      }
  }

  /// LAPACKE's code for a workspace that it could not allocate.
  private static let workMemory = -1010
  /// LAPACKE's code for a transposed copy that it could not allocate.
  private static let transposeMemory = -1011
  /// Our own code for a routine that cannot be called because LAPACKE is missing.
  static let missingLibrary = -1012
}
