public import JacquardEngine

extension Model {
  /// Whether both models compute the same from equal inputs and weights; settings that matter only in training are ignored.
  public func computesTheSame(as other: Model) -> Bool {
    inputShape == other.inputShape && classNames.count == other.classNames.count
      && LayerChain(Self.essence(layers)) == LayerChain(Self.essence(other.layers))
  }

  /// The layers in a canonical form, without those that inference leaves out.
  private static func essence(_ layers: [any Layer]) -> [any Layer] {
    layers.compactMap { layer in
      var layer = layer
      layer.name = nil
      switch layer {
      case is Dropout, is Flatten: return nil
      case let norm as BatchNorm2D: return BatchNorm2D(epsilon: norm.epsilon)
      case let pool as AveragePool2D:
        return AveragePool2D(
          pool.size, stride: pool.stride, padding: pool.padding,
          countsPadding: pool.countsPadding || pool.padding == .valid)
      case let rectifier as PReLU: return PReLU(isShared: rectifier.isShared)
      case let residual as Residual:
        return sum([essence(residual.body), essence(residual.shortcut)])
      case let parallel as Branches:
        let paths = parallel.paths.map(essence)
        return parallel.merge == .add ? sum(paths) : Branches(parallel.merge, paths: paths)
      default: return layer
      }
    }
  }

  /// A sum of branches; an empty one comes last.
  private static func sum(_ branches: [[any Layer]]) -> any Layer {
    Branches(.add, paths: branches.filter { !$0.isEmpty } + branches.filter(\.isEmpty))
  }
}
