internal import Datasets
internal import Figures
internal import JacquardEngine
internal import Runs
internal import Support

/// How features are brought into two dimensions.
enum FeatureMethod: String, CaseIterable {
  /// Along the two directions of largest variance.
  case pca
  /// So that neighbors stay neighbors.
  case tsne
}

/// The inputs of a network's last layer for some images, in two dimensions.
struct FeatureMap {
  /// The most features for which components are computed: their covariance has as many rows and columns.
  private static let dimensionLimit = 4096
  /// How many neighbors the trustworthiness is about.
  static let neighbors = 12

  /// The number of features.
  let dimensions: Int
  /// The image's coordinates, `[images][2]`.
  let coordinates: [Float]
  /// The class of each image.
  let labels: [Int32]
  /// The meaning of the coordinates.
  let axes: (x: Axis, y: Axis)
  /// How far neighbors in the map are neighbors among the features, 0…1; nil for very few images.
  let trustworthiness: Double?

  /// Computes the features of some images, and their map.
  ///
  /// - Parameter measures: Whether to compute the trustworthiness.
  /// - Throws: a `Failure` if the network has no such inputs, too many, or ones that are not finite, or if there are too few images.
  init(
    _ network: Network, _ source: SampleSource, threads: Int, checkpoint: String, method: FeatureMethod = .pca,
    settings: NeighborMap.Settings = NeighborMap.Settings(), measures: Bool = false
  ) throws {
    let layers = network.model.layers.count
    guard layers > 1 else {
      throw Failure(
        .usage,
        "\(checkpoint): the model \"\(network.model.name)\" has a single layer, so it has no features before the last layer."
      )
    }
    let part = try network.prefix(layers: layers - 1)
    dimensions = part.outputShape.count
    guard 2...Self.dimensionLimit ~= dimensions else {
      throw Failure(
        .usage,
        "\(checkpoint): the last layer of \"\(network.model.name)\" sees \(dimensions) features; "
          + "2 to \(Self.dimensionLimit) can be drawn.")
    }
    guard method == .pca || source.count >= NeighborMap.fewestPoints else {
      throw Failure(
        .usage, "\(checkpoint): a map by tsne needs at least \(NeighborMap.fewestPoints) images, found \(source.count)."
      )
    }
    let predictor = Predictor(part, team: try WorkerTeam.started(threads: threads, isNamed: false))
    // This prediction cannot be stopped, so it always has a result.
    let features = predictor.computedFeatures(of: source)
    guard features.logits.allSatisfy(\.isFinite) else {
      throw Failure(
        .badData,
        "\(checkpoint): some features are not finite numbers; the weights are broken; train again with a lower --lr.")
    }
    labels = features.labels
    switch method {
    case .pca:
      let components = try PrincipalComponents(features.logits, dimensions: dimensions, count: 2)
      func axis(_ name: String, _ index: Int) -> Axis {
        Axis("\(name) component, \(NumberText.percent(components.shares[index], decimals: 1)) of the variance")
      }
      coordinates = components.coordinates
      axes = (axis("first", 0), axis("second", 1))
    case .tsne:
      coordinates = try NeighborMap(features.logits, dimensions: dimensions, settings: settings).coordinates
      axes = (Axis("", range: nil), Axis("", range: nil))
    }
    trustworthiness =
      measures && labels.count > 2 * Self.neighbors
      ? Trustworthiness.value(
        features.logits, dimensions: dimensions, map: coordinates, neighbors: Self.neighbors) : nil
  }

  /// The point of an image.
  func point(_ image: Int) -> Point { Point(Double(coordinates[2 * image]), Double(coordinates[2 * image + 1])) }
}

extension Predictor {
  /// The answers of the first layers of a network.
  fileprivate func computedFeatures(of source: SampleSource) -> Predictions {
    logits(of: source) ?? Predictions(logits: [], labels: [])
  }
}

extension ScatterChart {
  /// The images of a map as points, by their classes.
  init(_ map: FeatureMap, classNames: [String]) {
    var points = [[Point]](repeating: [], count: classNames.count)
    for (image, label) in map.labels.enumerated() { points[Int(label)].append(map.point(image)) }
    self.init(
      "", x: map.axes.x, y: map.axes.y, series: zip(classNames, points).map { Series($0, points: $1) })
  }

  /// The end of a caption, for a chart of too many classes to name.
  var unnamedKinds: String {
    series.count > Self.mostNames ? "; the markers of the \(NumberText.grouped(series.count)) classes repeat" : ""
  }
}

extension Panels {
  /// The inputs of a network's last layer for some images, in two dimensions.
  ///
  /// - Parameter hasPictures: Whether points are pictures.
  static func features(
    _ map: FeatureMap, of network: Network, _ source: SampleSource, method: FeatureMethod, hasPictures: Bool,
    checkpoint: String, split: EvaluationSplit
  ) -> Panels {
    let scatter = ScatterChart(map, classNames: network.model.classNames)
    let chart: any Chart
    if hasPictures {
      let set = source.set
      chart = PictureChart(
        x: map.axes.x, y: map.axes.y,
        items: source.indices.enumerated().map { image, index in
          let label = Int(map.labels[image])
          return PictureChart.Item(
            Bitmap(set.shape, pixels: set.pixels(at: Int(index))), at: map.point(image), kind: label,
            tip: "image \(index): \(network.model.classNames[label])")
        }, kinds: network.model.classNames)
    } else {
      chart = scatter
    }
    let quality =
      map.trustworthiness.map {
        "; trustworthiness \(NumberText.fixed($0, decimals: 3)) for \(FeatureMap.neighbors) neighbors"
      } ?? ""
    return Panels(
      "Features before the last layer",
      subtitle: "\(checkpoint): \(network.model.name), \(map.dimensions) features of "
        + "\(NumberText.grouped(source.count)) \(split.rawValue) images" + (method == .tsne ? ", t-SNE" : "")
        + (hasPictures ? "" : scatter.unnamedKinds) + quality,
      charts: [chart])
  }
}
