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
    case .picture(.sizesDiffer(_, _, let height, let width, _)):
      diagnostic.advice = "bring all to one size with --image-size \(height)x\(width), or another"
    case .picture(.tooMuch):
      diagnostic.advice += " with --image-size"
    default: break
    }
    return diagnostic
  }
}
