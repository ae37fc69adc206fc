package import Support

/// The columns of a batch's rows. Their names and order are a promise to scripts: schema 1.
package enum BatchColumn: String, CaseIterable, Sendable {
  /// The checkpoint as it was named; `ensemble` for the mean of several.
  case checkpoint
  /// The SHA-256 of its weights file; for an ensemble that of its members' hashes, a line each. Empty where there is no file.
  case weightsSHA256 = "weights_sha256"
  /// The data folder.
  case data
  /// The SHA-256 of the hashes of the files of images and labels, a line each. Empty where they cannot be read.
  case dataSHA256 = "data_sha256"
  /// `test`, `train` or `validation`.
  case split
  /// The views of each image that were averaged: `none`, `flip` or `shift`.
  case views = "tta"
  /// `ok`, `failed` or `timeout`.
  case status
  /// What `evaluate` would have ended with: 0 where all went well; 1 after a timeout.
  case exitCode = "exit_code"
  /// What went wrong, in one line.
  case error
  /// The model's name.
  case model
  /// The checkpoints that answered: 1, or more in an ensemble.
  case members
  /// Trained numbers, of all members.
  case parameters
  /// Images.
  case images
  /// Mean cross-entropy.
  case loss
  /// The share of right answers.
  case accuracy
  /// The lower end of the accuracy's 95 % interval.
  case accuracyLow = "accuracy_low"
  /// Its upper end.
  case accuracyHigh = "accuracy_high"
  /// The share of images whose class is among the three likeliest.
  case top3
  /// The mean of the classes' F1.
  case macroF1 = "macro_f1"
  /// Expected calibration error.
  case calibrationError = "expected_calibration_error"
  /// Seconds of computing the answers.
  case seconds
  /// Images per second.
  case imagesPerSecond = "images_per_second"
  /// The file of probabilities.
  case predictions
  /// When the row ended, in UTC.
  case ended

  /// Whether the values are texts.
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

  /// The value of a cell; nil for what cannot stand in this column.
  package func value(of cell: String) -> JSONValue? {
    if cell.isEmpty { return .null }
    if isText { return .string(cell) }
    if let number = Int(cell) { return .integer(number) }
    return Double(cell).map(JSONValue.number)
  }
}
