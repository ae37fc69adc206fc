internal import Figures
internal import JacquardEngine
internal import Support

/// The weights of a network's first convolution as pictures.
///
/// All filters share one scale around zero. A filter of three channels is one color picture, in which zero is gray; any other filter is
/// one picture per channel, blue below zero, white at zero and red above.
struct FilterPictures {
  /// The pictures, filter by filter.
  let tiles: [ImageGrid.Tile]
  /// A description: the weights' name, number, size and scale.
  let description: String

  /// Finds the first convolution; nil if there is none.
  init?(_ network: Network) {
    guard let tensor = network.tensors.first(where: { $0.specification.order.fileShape.count == 4 }) else { return nil }
    let shape = tensor.specification.order.fileShape
    let (filters, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let weights = network.exportTensor(tensor)
    let largest = weights.reduce(0) { max($0, $1.magnitude) }
    let taps = height * width
    func picture(_ filter: Int, _ channel: Int) -> Bitmap {
      let first = (filter * channels + channel) * taps
      return Bitmap(width: width, height: height, diverging: weights[first..<first + taps], largest: largest)
    }
    /// Color values, with 128 for zero.
    func plane(_ filter: Int, _ channel: Int) -> [UInt8] {
      let first = (filter * channels + channel) * taps
      return Bitmap(width: width, height: height, values: weights[first..<first + taps], range: -largest...largest)
        .pixels
    }
    tiles = (0..<filters).flatMap { filter -> [ImageGrid.Tile] in
      if channels == 3 {
        let planes = (0..<3).map { plane(filter, $0) }
        let colors = (0..<taps).flatMap { tap in planes.map { $0[tap] } }
        let bitmap = Bitmap(width: width, height: height, channels: 3, pixels: colors)
        return [.init(bitmap, captions: [.init("\(filter)", .muted)], tip: "filter \(filter)")]
      }
      return (0..<channels).map { channel in
        let name = channels == 1 ? "\(filter)" : "\(filter).\(channel)"
        return .init(picture(filter, channel), captions: [.init(name, .muted)], tip: "filter \(name)")
      }
    }
    let size = "\(filters) filters of \(height) × \(width)" + (channels == 1 ? "" : " × \(channels)")
    let scale = NumberText.fixed(Double(largest), decimals: 3)
    let colors = channels == 3 ? "colors from −\(scale) to \(scale), gray 0" : "blue −\(scale), white 0, red \(scale)"
    description = "\(tensor.name), \(size), \(colors)"
  }
}

extension Panels {
  /// The weights of a network's first convolution, one picture per filter.
  ///
  /// - Throws: a `Failure` for a model without a convolution.
  static func filters(_ network: Network, checkpoint: String) throws(Failure) -> Panels {
    guard let filters = FilterPictures(network) else {
      throw Failure(
        .usage, "\(checkpoint): the model \"\(network.model.name)\" has no convolution, so it has no filters to show.")
    }
    return Panels(
      "Filters of the first convolution",
      subtitle: "\(checkpoint): \(network.model.name), \(filters.description)",
      charts: [ImageGrid("", tiles: filters.tiles, columns: 8, imageWidth: 56)])
  }
}
