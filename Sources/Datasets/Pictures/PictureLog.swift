internal import Synchronization

/// Collects problems of picture files while any number of threads read them.
public final class PictureLog: Sendable {
  private let state = Mutex<State>(State())

  private struct State {
    var broken: [DatasetError] = []
    var warnings: [PictureWarning] = []
  }

  /// Makes an empty log.
  public init() {}

  /// The files that cannot be read, sorted by path.
  public var broken: [DatasetError] { state.withLock { $0.broken }.sorted { $0.path < $1.path } }

  /// The problems of files that can be read, sorted by path.
  public var warnings: [PictureWarning] { state.withLock { $0.warnings }.sorted { $0.path < $1.path } }

  func note(_ error: DatasetError) { state.withLock { $0.broken.append(error) } }

  func note(_ warnings: [String], of path: String) {
    guard !warnings.isEmpty else { return }
    state.withLock { $0.warnings += warnings.map { PictureWarning(path: path, text: $0) } }
  }
}

/// A problem of a picture file that can still be read.
public struct PictureWarning: Hashable, Sendable {
  /// The file.
  public let path: String
  /// What is wrong, in the decoder's words.
  public let text: String
}
