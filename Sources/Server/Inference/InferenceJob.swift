/// Images of one request that wait for their answers.
struct InferenceJob: Sendable {
  /// The model that answers.
  let model: ServedModel
  /// The images.
  let content: ImageContent
  /// The number of images.
  let count: Int
  /// When the client stops waiting for the answer.
  let deadline: Double
  /// The moment of its arrival.
  let arrival: Double
  /// Receives the logits, `[N][classes]`.
  let answer: CheckedContinuation<Result<[Float], Problem>, Never>
}
