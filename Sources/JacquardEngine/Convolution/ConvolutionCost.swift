internal import Samples

/// The cost of a pass by each method, in cycles of one core per image. `auto` chooses by this model.
///
/// Costs are counted in vectors of 16 floats, so the ratios also hold for narrower machines. Measured on one
/// Zen 4 core (cycles per vector or per tile and vector; products run at 93 % of one multiply-add per cycle):
///
/// | step | F(2 × 2) | F(4 × 4) | im2col |
/// | --- | --- | --- | --- |
/// | lowering a patch, per vector of it | | | 1.2 |
/// | adding a patch back, per vector | | | 5 |
/// | Bᵀ x B, per tile and vector of channels | 62 | 190 | |
/// | Aᵀ p A | 45 | 130 | |
/// | A g Aᵀ | 45 | 125 | |
/// | B v Bᵀ | 95 | 250 | |
/// | Gᵀ u G, per plane and vector of weights and shard of 16 images | 3 | 3 | |
///
/// The direct method runs at 90 % of one multiply-add per cycle, its data pass at 95 %, both over whole vectors of outputs or window rows; half a
/// vector takes half as long. A depthwise convolution loads a vector for every multiply-add. Patches above 300 elements do not fit the first-level
/// cache and count four times, as do the transforms of channel counts that are not a multiple of 16. Each pass is chosen separately. The transformed
/// gradient counts half in each backward pass, because the two mostly share it.
///
/// The choice depends on the layer's sizes alone, so a run makes the same choice on every machine.
struct ConvolutionCost {
  private let method: ConvolutionMethod
  private let geometry: ConvolutionGeometry

  init(_ method: ConvolutionMethod, _ geometry: ConvolutionGeometry) {
    self.method = method
    self.geometry = geometry
  }

  subscript(pass: ConvolutionPass) -> Double {
    switch method {
    case .naive: .infinity
    case .im2col: lowered(pass)
    case .direct: direct(pass)
    case .winograd2: winograd(pass, size: 2, input: 62, output: 45, outputAdjoint: 45, inputAdjoint: 95)
    case .winograd4: winograd(pass, size: 4, input: 190, output: 130, outputAdjoint: 125, inputAdjoint: 250)
    }
  }

  private var pixels: Double { Double(geometry.outputPixels) }

  private static func vectors(_ floats: Int) -> Double { Double((floats + 15) / 16) }

  /// The cost of a product with `columns` columns, computed in whole vectors.
  private static func product(_ rows: Double, _ columns: Int, _ depth: Int) -> Double {
    rows * vectors(columns) * Double(depth) / 0.93
  }

  private func lowered(_ pass: ConvolutionPass) -> Double {
    let groups = Double(geometry.groups)
    let columns = pixels * Self.vectors(geometry.patchSize)
    return groups
      * (pass == .backwardData
        ? Self.product(pixels, geometry.patchSize, geometry.groupOutputs) + 5 * columns
        : Self.product(pixels, geometry.groupOutputs, geometry.patchSize) + 1.2 * columns)
  }

  private func direct(_ pass: ConvolutionPass) -> Double {
    if geometry.isDepthwise {
      return pixels * Double(geometry.patchSize) * Self.vectors(geometry.outputChannels) / 0.5
    }
    let outputs = geometry.outputChannels <= 8 ? 0.5 : Self.vectors(geometry.outputChannels)
    // Weights that exceed the first-level cache are loaded again for every few pixels.
    let slowness = geometry.patchSize > Self.longestDirectPatch ? 4.0 : 1
    guard pass == .backwardData else { return slowness * pixels * Double(geometry.patchSize) * outputs / 0.9 }
    let rows = Double(geometry.window.size.height) * Self.vectors(geometry.window.size.width * geometry.input.channels)
    return slowness * pixels * rows * Double(geometry.outputChannels) / 0.95
  }

  private static let longestDirectPatch = 300

  private func winograd(
    _ pass: ConvolutionPass, size: Int, input: Double, output: Double, outputAdjoint: Double, inputAdjoint: Double
  ) -> Double {
    let (height, width) = (geometry.outputHeight + size - 1, geometry.outputWidth + size - 1)
    let tiles = Double(height / size * (width / size))
    let planes = Double((size + 2) * (size + 2))
    let inputs = Self.vectors(geometry.input.channels)
    let outputs = Self.vectors(geometry.outputChannels)
    let product = planes * Self.product(tiles, geometry.outputChannels, geometry.input.channels)
    // A channel count that is not a multiple of 16 is computed lane by lane at the end of each pixel.
    let raggedness = geometry.input.channels % 16 == 0 && geometry.outputChannels % 16 == 0 ? 1.0 : 4
    switch pass {
    case .forward: return product + raggedness * tiles * (inputs * input + outputs * output)
    case .backwardData:
      // Backward-weights shares the transformed gradient.
      return product + raggedness * tiles * (inputs * inputAdjoint + outputs * outputAdjoint / 2)
    case .backwardWeights:
      let weights = Self.vectors(geometry.input.channels * geometry.outputChannels)
      return product + raggedness * tiles * (inputs * input + outputs * outputAdjoint / 2) + planes * weights * 3 / 16
    }
  }
}
