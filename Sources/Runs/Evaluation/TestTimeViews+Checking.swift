package import JacquardEngine
package import Support

extension TestTimeViews {
  /// How many views each image is seen in, to follow the number of images; empty for the images alone.
  package var note: String { self == .none ? "" : ", each in \(count) views (\(self))" }

  /// Rejects views that a model's samples do not have.
  package func check(for model: Model) throws(Failure) {
    if fit(model.inputShape) { return }
    throw Failure(
      .usage,
      "\(.views) \(self): the samples of the model \"\(model.name)\" are \(model.inputShape); only images have views, "
        + "and a shift must be less than their height and width.")
  }
}
