import JacquardEngine

extension Branches: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let ends = paths.enumerated().map { index, layers in
      var inside = context
      inside.name += ".path\(index + 1)"
      return inside.apply(layers, to: input)
    }
    var output: ReferenceBatch
    switch merge {
    case .concat:
      let channels = ends.reduce(0) { $0 + $1.channels }
      let shape: Shape =
        input.shape.isImage
        ? .image(height: ends[0].height, width: ends[0].width, channels: channels) : .vector(channels)
      output = ReferenceBatch(shape, from: ends[0], roundings: 0)
      output.values = (0..<output.images * output.pixels).flatMap { pixel in
        ends.flatMap { $0.values[pixel * $0.channels..<(pixel + 1) * $0.channels] }
      }
    case .add:
      output = ends[0]
      for end in ends.dropFirst() { output.values = zip(output.values, end.values).map(+) }
    case .multiply:
      let image = ends[0].shape.isImage || !ends[1].shape.isImage ? 0 : 1
      let (values, factors) = (ends[image], ends[1 - image])
      let isSpread = factors.values.count < values.values.count
      output = values
      for index in values.values.indices {
        let place = index / (values.pixels * values.channels) * values.channels + index % values.channels
        output.values[index] *= factors.values[isSpread ? place : index]
      }
      output.roundings += isSpread ? values.pixels : 0
    }
    output.margin = ends.reduce(.infinity) { min($0, $1.margin) }
    output.roundings += ends.reduce(ends.count) { $0 + $1.roundings }
    output.zerosAreHeld = false
    return output
  }
}

extension ChannelSlice: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let shape: Shape =
      input.shape.isImage ? .image(height: input.height, width: input.width, channels: count) : .vector(count)
    var output = ReferenceBatch(shape, from: input, roundings: 0)
    for index in output.values.indices {
      output.values[index] = input.values[index / count * input.channels + start + index % count]
    }
    return output
  }
}

extension ChannelShuffle: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    var output = input
    let width = input.channels / groups
    for index in input.values.indices {
      let channel = index % input.channels
      output.values[index - channel + channel % width * groups + channel / width] = input.values[index]
    }
    return output
  }
}

extension ZeroPad2D: ReferenceLayer {
  func reference(_ input: ReferenceBatch, _ context: ReferenceContext) -> ReferenceBatch {
    let shape = Shape.image(
      height: padding.top + input.height + padding.bottom, width: padding.left + input.width + padding.right,
      channels: input.channels)
    var output = ReferenceBatch(shape, from: input, roundings: 0)
    for image in 0..<input.images {
      for row in 0..<input.height {
        for column in 0..<input.width {
          for channel in 0..<input.channels {
            output.values[output.index(image, row + padding.top, column + padding.left, channel)] =
              input.values[input.index(image, row, column, channel)]
          }
        }
      }
    }
    return output
  }
}
