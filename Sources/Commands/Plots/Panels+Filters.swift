internal import Figures
internal import Jacquard

extension Panels {
  /// The weights of a network's first convolution, a picture per filter.
  ///
  /// All share one scale, with 0 in the middle between paper and ink. Filters of three channels are shown in color, those of
  /// another number as one picture per channel.
  ///
  /// - Throws: a `CommandFailure` for a model without a convolution.
  static func filters(_ network: Network, checkpoint: String) throws(CommandFailure) -> Panels {
    guard let tensor = network.tensors.first(where: { $0.specification.order.fileShape.count == 4 }) else {
      throw CommandFailure(
        .usage, "\(checkpoint): the model \"\(network.model.name)\" has no convolution whose filters could be shown.")
    }
    let shape = tensor.specification.order.fileShape
    let (filters, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let weights = network.exportTensor(tensor)
    let largest = weights.reduce(0) { max($0, $1.magnitude) }
    let taps = height * width
    func picture(_ filter: Int, _ channel: Int) -> Bitmap {
      let first = (filter * channels + channel) * taps
      return Bitmap(width: width, height: height, values: weights[first..<first + taps], range: -largest...largest)
    }
    let tiles = (0..<filters).flatMap { filter -> [ImageGrid.Tile] in
      if channels == 3 {
        let planes = (0..<3).map { picture(filter, $0).pixels }
        let colors = (0..<taps).flatMap { tap in planes.map { $0[tap] } }
        return [
          .init(
            Bitmap(width: width, height: height, channels: 3, pixels: colors), captions: [.init("\(filter)", .muted)])
        ]
      }
      return (0..<channels).map { channel in
        .init(picture(filter, channel), captions: [.init(channels == 1 ? "\(filter)" : "\(filter).\(channel)", .muted)])
      }
    }
    let size = "\(filters) filters of \(height) × \(width)" + (channels == 1 ? "" : " × \(channels)")
    let scale = NumberText.fixed(Double(largest), decimals: 3)
    return Panels(
      "Filters of the first convolution",
      subtitle: "\(checkpoint): \(network.model.name), \(tensor.name), \(size), paper −\(scale), ink \(scale)",
      charts: [ImageGrid("", tiles: tiles, columns: 8, imageWidth: 56)])
  }
}
