package import Runs

/// What `serve` serves, and how.
package struct ServeSettings: Sendable {
  /// The models.
  package let models: [NamedCheckpoint]
  /// How checkpoints are read and run; the batch size is the most images of a batch.
  package let inference: InferenceSettings
  /// The flags for pictures, with the keys of settings.
  package let pictureFlags: [TrainSettings.FlagValue]
  /// The address to listen at.
  package let host: String
  /// The port; 0 for one that is free.
  package let port: Int
  /// The token that every request must carry; nil for none.
  package let token: String?
  /// The file of the access log; nil for standard error.
  package let accessLog: String?
  /// The most images that wait for their batch.
  package let queueLength: Int
  /// How long an image may wait for others to join its batch, in microseconds.
  package let batchWait: Int
  /// The largest body of a request, in bytes.
  package let largestBody: Int
  /// How long a request may take to arrive, and then to be answered, in seconds.
  package let timeout: Int
  /// The most connections at once.
  package let connections: Int
  /// Whether the line that says what is served is JSON.
  package let isJSON: Bool
  /// Whether only results, warnings and errors are printed.
  package let isQuiet: Bool
}
