internal import Figures
internal import JacquardEngine
internal import Support

extension Panels {
  /// The weights of a network's first convolution, a picture per filter.
  ///
  /// - Throws: a `Failure` for a model without a convolution.
  static func filters(_ network: Network, checkpoint: String) throws(Failure) -> Panels {
    guard let filters = FilterPictures(network) else {
      throw Failure(
        .usage, "\(checkpoint): the model \"\(network.model.name)\" has no convolution whose filters could be shown.")
    }
    return Panels(
      "Filters of the first convolution",
      subtitle: "\(checkpoint): \(network.model.name), \(filters.description)",
      charts: [ImageGrid("", tiles: filters.tiles, columns: 8, imageWidth: 56)])
  }
}
