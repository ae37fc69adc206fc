package import Support

/// The columns of a batch's rows. Scripts rely on their names and order: schema 1.
package enum BatchColumn: String, CaseIterable, Sendable {
  /// The checkpoint as the user named it; `ensemble` for the mean of several.
  case checkpoint
  /// The SHA-256 of its weights file; for an ensemble, of its members' hashes, one per line. Empty without a file.
  case weightsSHA256 = "weights_sha256"
  /// The data folder.
  case data
  /// The SHA-256 of the hashes of the image and label files, one per line. Empty if they cannot be read.
  case dataSHA256 = "data_sha256"
  /// `test`, `train` or `validation`.
  case split
  /// The views of each image that were averaged, such as `none` or `flip,shift=1`.
  case views = "tta"
  /// `ok`, `failed` or `timeout`.
  case status
  /// The exit code of `evaluate` for this row: 0 on success; 1 after a timeout.
  case exitCode = "exit_code"
  /// The error message, in one line.
  case error
  /// The model's name.
  case model
  /// The number of checkpoints: 1, or more in an ensemble.
  case members
  /// Trained parameters, over all members.
  case parameters
  /// Images.
  case images
  /// Mean cross-entropy.
  case loss
  /// The fraction of correct predictions.
  case accuracy
  /// The lower end of the accuracy's 95 % interval.
  case accuracyLow = "accuracy_low"
  /// Its upper end.
  case accuracyHigh = "accuracy_high"
  /// The fraction of images whose class is among the three most probable.
  case top3
  /// The mean of the classes' F1.
  case macroF1 = "macro_f1"
  /// Expected calibration error.
  case calibrationError = "expected_calibration_error"
  /// Seconds to compute the predictions.
  case seconds
  /// Images per second.
  case imagesPerSecond = "images_per_second"
  /// The file of probabilities.
  case predictions
  /// The end of the evaluation, in UTC.
  case ended

  /// Whether the values are text.
  private var isText: Bool {
    switch self {
    case .checkpoint, .weightsSHA256, .data, .dataSHA256, .split, .views, .status, .error, .model, .predictions, .ended:
      true
    default: false
    }
  }

  /// The value as a cell of a table.
  package static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: value.text
    }
  }

  /// The value of a cell; nil if the column does not allow it.
  package func value(of cell: String) -> JSONValue? {
    if cell.isEmpty { return .null }
    if isText { return .string(cell) }
    if let number = Int(cell) { return .integer(number) }
    return Double(cell).map(JSONValue.number)
  }
}
