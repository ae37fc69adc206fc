internal import Datasets
internal import Support

extension DatasetError {
  /// The parts of the message, with advice that names flags of the command line.
  var diagnosticWithFlags: Diagnostic {
    var diagnostic = diagnostic
    switch code {
    case .dataNotFound:
      diagnostic.advice += " with --data"
    case .noTestImages:
      diagnostic.advice = "choose --split train or validation, or add test images"
    case .noValidationImages:
      diagnostic.advice = "choose --split train or test, or add validation images"
    case .picture(.sizesDiffer(_, _, let height, let width, _)):
      diagnostic.advice = "bring all to one size with --image-size \(height)x\(width), or another"
    case .picture(.unreadable):
      diagnostic.advice =
        "'jacquard data verify' lists all such pictures, and --skip-broken leaves them out"
    case .picture(.tooMuch):
      diagnostic.advice += " with --image-size"
    default: break
    }
    return diagnostic
  }
}
