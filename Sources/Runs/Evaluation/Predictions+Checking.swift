internal import JacquardEngine
package import Support

extension Predictions {
  /// Refuses answers that are not finite numbers: figures over them would look like results.
  ///
  /// - Parameter checkpoint: What gave the answers, as the user named it.
  package func requireFinite(from checkpoint: String) throws(Failure) {
    if logits.allSatisfy(\.isFinite) { return }
    let classes = logits.count / max(1, labels.count)
    let broken = labels.indices.filter { !logits[$0 * classes..<($0 + 1) * classes].allSatisfy(\.isFinite) }
    throw Failure(
      .badData,
      "\(checkpoint): the answers to \(NumberText.grouped(broken.count)) of \(NumberText.grouped(labels.count)) images "
        + "are not finite numbers; the weights are far too large, train anew with a lower \(.lr).")
  }
}
