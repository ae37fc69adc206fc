package import Datasets
internal import Files
package import JacquardEngine
internal import Photographs
internal import Runs
internal import Support
internal import Synchronization

/// Everything that is odd about the images of a data set: probably wrong labels, near-duplicates, blurred, dark and odd-sized pictures.
package struct DataCleaning {
  /// What was found: first the labels, the least probable first, then near-duplicates, blurred, dark and odd-sized pictures, each in the order of the images.
  package let findings: [DataFinding]
  /// The training images.
  package let training: ImageSet
  /// The test images; nil if the data has none.
  package let test: ImageSet?
  /// The paths of pictures below the data's folder, by part.
  private let paths: [DataSource.Part: [String]]
  /// The number of images whose labels were checked.
  package let checkedLabels: Int
  /// Whether networks confirmed near-duplicates.
  package let usesFeatures: Bool

  /// The cosine of the features of two images from which they count as near-duplicates.
  package static let leastCosine = 0.98
  /// The same for the correlation of their reduced pictures: a network's features may be alike for all images of a class.
  package static let leastCorrelation = 0.98

  /// Looks at all images.
  ///
  /// - Parameters:
  ///   - predictions: The probabilities of networks that were not trained on the images.
  ///   - network: A network whose features confirm near-duplicates; nil to use the hashes alone.
  package init(
    _ source: DataSource, training: ImageSet, test: ImageSet?, predictions: OutOfFoldPredictions, network: Network?,
    team: WorkerTeam
  ) throws {
    self.training = training
    self.test = test
    usesFeatures = network != nil
    var paths: [DataSource.Part: [String]] = [:]
    paths[.training] = try source.relativePaths(of: .training, count: training.count)
    if let test { paths[.test] = try source.relativePaths(of: .test, count: test.count) }
    self.paths = paths
    checkedLabels = predictions.indices.count
    var findings = Self.labels(predictions)
    findings += try Self.duplicates(training, test, network: network, team: team)
    for (part, set) in [(DataSource.Part.training, training)] + (test.map { [(.test, $0)] } ?? []) {
      findings += Self.quality(of: set, part)
    }
    if source.contentBesidesPictures == nil {
      for (part, set) in [(DataSource.Part.training, training)] + (test.map { [(.test, $0)] } ?? []) {
        if let relative = paths[part] {
          findings += Self.sizes(of: relative.map { PathText.joined(source.path, $0) }, part, shape: set.shape)
        }
      }
    }
    // Sorting is stable.
    let order = Dictionary(uniqueKeysWithValues: DataFinding.Reason.allCases.enumerated().map { ($1, $0) })
    self.findings = findings.sorted { (order[$0.reason] ?? 0) < (order[$1.reason] ?? 0) }
  }

  /// The path of an image's picture below the data's folder; nil for other data.
  package func path(_ finding: DataFinding) -> String? { paths[finding.part]?[finding.index] }

  /// The set of a finding's image.
  package func set(_ finding: DataFinding) -> ImageSet {
    finding.part == .test ? test ?? training : training
  }

  /// The name of a finding's class.
  package func label(_ finding: DataFinding) -> String {
    let set = set(finding)
    return set.classNames[Int(set.labels[finding.index])]
  }

  // MARK: Labels

  private static func labels(_ predictions: OutOfFoldPredictions) -> [DataFinding] {
    ConfidentLearning(
      predictions.probabilities, labels: predictions.labels, classes: predictions.classNames.count
    ).suspects.map { suspect in
      DataFinding(
        part: .training, index: Int(predictions.indices[suspect.place]), reason: .label,
        score: suspect.labelProbability, suggestion: predictions.classNames[suspect.meant])
    }
  }

  // MARK: Near-duplicates

  private static func duplicates(
    _ training: ImageSet, _ test: ImageSet?, network: Network?, team: WorkerTeam
  ) throws -> [DataFinding] {
    let hashes = NearDuplicates.hashes(of: training) + (test.map(NearDuplicates.hashes) ?? [])
    let pairs = NearDuplicates(hashes).pairs
    let involved = Set(pairs.flatMap { [$0.image, $0.earlier] }).sorted()
    let features = try network.map {
      try Features(involved, training: training, test: test, network: $0, team: team)
    }
    func picture(_ image: Int) -> GrayPicture {
      guard image >= training.count, let test else { return GrayPicture(training, at: image) }
      return GrayPicture(test, at: image - training.count)
    }
    var best: [Int: (other: Int, cosine: Double)] = [:]
    for pair in pairs {
      let cosine = features?.cosine(pair.image, pair.earlier) ?? 1
      guard cosine >= leastCosine, picture(pair.image).correlation(with: picture(pair.earlier)) >= leastCorrelation
      else { continue }
      // Of a training and a test image, the training image is the one to leave out.
      let isAcross = pair.image >= training.count && pair.earlier < training.count
      let (image, other) = isAcross ? (pair.earlier, pair.image) : (pair.image, pair.earlier)
      if let known = best[image], known.cosine >= cosine { continue }
      best[image] = (other, cosine)
    }
    func place(_ image: Int) -> (part: DataSource.Part, index: Int) {
      image < training.count ? (.training, image) : (.test, image - training.count)
    }
    return best.sorted { $0.key < $1.key }.map { image, match in
      let (own, other) = (place(image), place(match.other))
      return DataFinding(
        part: own.part, index: own.index, reason: .duplicate, score: match.cosine,
        suggestion: "\(other.part.name):\(other.index)")
    }
  }

  /// The features of some images, of unit length.
  private struct Features {
    private let places: [Int: Int]
    private let values: [Float]
    private let width: Int

    init(_ images: [Int], training: ImageSet, test: ImageSet?, network: Network, team: WorkerTeam) throws {
      let layers = network.model.layers.count
      let part = layers > 1 ? try network.prefix(layers: layers - 1) : network
      width = part.outputShape.count
      let predictor = Predictor(part, team: team)
      let normalization = try network.model.normalization()
      var values: [Float] = []
      let split = images.firstIndex { $0 >= training.count } ?? images.count
      for (set, indices) in [
        (training, images[..<split].map { Int32($0) }),
        (test ?? training, images[split...].map { Int32($0 - training.count) }),
      ] where !indices.isEmpty {
        let source = try SampleSource(set, indices: indices, normalization: normalization, seed: 0)
        // This prediction cannot be stopped, so it always has a result.
        values += predictor.logits(of: source)?.logits ?? []
      }
      for first in stride(from: 0, to: values.count, by: width) {
        let length = values[first..<first + width].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        for place in first..<first + width { values[place] = length > 0 ? Float(Double(values[place]) / length) : 0 }
      }
      self.values = values
      places = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1, $0) })
    }

    func cosine(_ a: Int, _ b: Int) -> Double {
      guard let a = places[a], let b = places[b] else { return 0 }
      return (0..<width).reduce(0.0) { $0 + Double(values[a * width + $1]) * Double(values[b * width + $1]) }
    }
  }

  // MARK: Quality

  private static func quality(of set: ImageSet, _ part: DataSource.Part) -> [DataFinding] {
    let quality = PictureQuality(set)
    let blur = quality.blur
    return set.labels.indices.flatMap { index -> [DataFinding] in
      var found: [DataFinding] = []
      let isDark = quality.brightest[index] <= PictureQuality.dark
      // A dark picture has no edges, whether it is sharp or not.
      if blur[index] >= PictureQuality.blurred, !isDark {
        found.append(DataFinding(part: part, index: index, reason: .blurred, score: blur[index], suggestion: ""))
      }
      if isDark {
        found.append(
          DataFinding(part: part, index: index, reason: .dark, score: quality.brightest[index], suggestion: ""))
      }
      return found
    }
  }

  /// The ratio of proportions, or of enlargements, to the median from which a picture is listed.
  private static let oddRatio = 1.5

  private static func sizes(of files: [String], _ part: DataSource.Part, shape: Shape) -> [DataFinding] {
    let sizes = Mutex([(width: Int, height: Int)?](repeating: nil, count: files.count))
    Parallel.perform(count: files.count) { index in
      guard let bytes = try? FileReader.bytes(ofFileAt: files[index], maximumByteCount: Photograph.largestFile),
        let picture = try? Photograph(decoding: bytes)
      else { return }
      sizes.withLock { $0[index] = (picture.width, picture.height) }
    }
    let found = sizes.withLock { $0 }
    let middle = PictureQuality.median(found.compactMap { $0.map { Double($0.width) / Double($0.height) } })
    func growth(_ size: (width: Int, height: Int)) -> Double {
      max(Double(shape.width) / Double(size.width), Double(shape.height) / Double(size.height))
    }
    // Where all pictures are smaller than the input, small ones are ordinary.
    let usualGrowth = PictureQuality.median(found.compactMap { $0.map(growth) })
    let largestGrowth = max(1, oddRatio * usualGrowth)
    return found.enumerated().compactMap { index, size in
      guard let size, middle > 0 else { return nil }
      let ratio = Double(size.width) / Double(size.height) / middle
      let odd = max(ratio, 1 / ratio)
      let growth = growth(size)
      guard odd >= oddRatio || growth > largestGrowth else { return nil }
      return DataFinding(
        part: part, index: index, reason: .size, score: odd >= oddRatio ? odd : growth,
        suggestion: "\(size.width)x\(size.height)")
    }
  }
}
