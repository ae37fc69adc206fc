internal import Datasets
internal import Figures
internal import Runs
internal import Support
internal import Terminal

/// What `data show` shows of a set: samples, mean images, or the number of images in each class.
struct DataPicture {
  /// What is shown.
  enum View {
    /// Images.
    case samples(SampleChoice)
    /// The mean image of each class.
    case means
    /// The number of images of each class.
    case balance
  }

  private let folder: String
  private let part: DataSource.Part
  private let set: ImageSet
  private let view: View
  private let epoch: Int
  private let groups: [[Int]]
  private let means: [[UInt8]]
  private let classCounts: [Int]

  private let samples: SampleSource

  /// Chooses what is shown.
  ///
  /// - Parameters:
  ///   - folder: the data as the user knows it.
  ///   - part: the part that the set is.
  ///   - set: the images.
  ///   - view: what to show.
  ///   - augmentation: the changes of samples.
  ///   - epoch: the epoch that they are changed for, from 1.
  ///   - seed: the seed of the changes.
  /// - Throws: a `Failure` for an image that the set does not have, or that cannot be drawn; a `SettingError` for an
  ///   augmentation that does not suit the images.
  init(
    folder: String, part: DataSource.Part, set: ImageSet, view: View, augmentation: Augmentation, epoch: Int,
    seed: UInt64
  ) throws {
    if case .balance = view {} else { try set.shape.requirePicture(of: folder) }
    if case .samples(.indices(let indices)) = view, let outside = indices.first(where: { $0 >= set.count }) {
      throw Failure(
        .usage,
        "--index: there is no image \(outside); the \(set.count) \(part.name) images have the numbers 0 to \(set.count - 1)."
      )
    }
    self.folder = folder
    self.part = part
    self.set = set
    self.view = view
    self.epoch = epoch
    if case .samples(let choice) = view { groups = choice.groups(of: set) } else { groups = [] }
    if case .means = view { means = set.classMeans } else { means = [] }
    classCounts = set.labels.reduce(into: Array(repeating: 0, count: set.classCount)) { $0[Int($1)] += 1 }
    samples = try SampleSource(
      set, normalization: Normalization(scale: 1, mean: [0], deviation: [1]), augmentation: augmentation, seed: seed)
  }

  /// The pictures, in named rows; empty for the balance.
  var rows: [ImageGrid.Row] {
    switch view {
    case .samples(.perClass):
      zip(set.classNames, groups).map { name, group in
        ImageGrid.Row(name, tiles: group.map { tile($0, captions: ["\($0)"]) })
      }
    case .samples:
      groups.flatMap { group in
        stride(from: 0, to: group.count, by: 10).map { first in
          ImageGrid.Row(
            tiles: group[first..<min(first + 10, group.count)].map { index in
              tile(index, captions: [set.classNames[Int(set.labels[index])], "\(index)"])
            })
        }
      }
    case .means:
      stride(from: 0, to: set.classCount, by: 5).map { first in
        ImageGrid.Row(tiles: (first..<min(first + 5, set.classCount)).map(meanTile))
      }
    case .balance: []
    }
  }

  /// The figure.
  func drawing() throws(FigureError) -> Drawing {
    let count = NumberText.grouped(set.count)
    switch view {
    case .samples(let choice):
      let kind =
        switch choice {
        case .perClass(let count): "the first \(count) of each class"
        case .indices: "chosen by number"
        case .random(_, let seed): "at random, seed \(seed)"
        }
      let change = samples.augmentation == .none ? "" : "; \(samples.augmentation) in epoch \(epoch)"
      return try Panels(
        "Samples", subtitle: "\(count) \(part.name) images, \(kind)\(change)",
        charts: [ImageGrid("", rows: rows, imageWidth: 56)]
      ).drawing()
    case .means:
      return try Panels(
        "Mean image of each class", subtitle: "\(count) \(part.name) images",
        charts: [ImageGrid("", rows: rows, imageWidth: 112, gap: 16)]
      ).drawing()
    case .balance:
      let chart = BarChart(
        "", axis: Axis("images", format: .whole), categories: set.classNames, series: [""],
        values: [classCounts.map(Double.init)])
      return try Panels("Class balance", subtitle: "\(count) \(part.name) images", charts: [chart]).drawing()
    }
  }

  /// What is shown, for programs.
  func json(output: String) -> JSONValue {
    let images = JSONValue.array(
      groups.joined().map { ["index": .integer($0), "class": .string(set.classNames[Int(set.labels[$0])])] })
    let classes = JSONValue.array(
      zip(set.classNames, classCounts).map { ["class": .string($0), "count": .integer($1)] })
    return [
      "schema": 1, "folder": .string(folder), "split": .string(part.name), "output": .string(output),
      "images": images, "classes": classes,
    ]
  }

  /// The balance for terminals, with a bar per class.
  var balanceLines: [String] {
    var table = TextTable([("class", .right), ("name", .left), ("images", .right), ("", .left)])
    let largest = max(1, classCounts.max() ?? 1)
    for (label, count) in classCounts.enumerated() {
      table.append([
        String(label), set.classNames[label], NumberText.grouped(count),
        String(repeating: "#", count: count * 40 / largest),
      ])
    }
    return table.lines
  }

  private func tile(_ index: Int, captions: [String]) -> ImageGrid.Tile {
    let lines = captions.enumerated().map { ImageGrid.Tile.Caption($1, $0 + 1 == captions.count ? .muted : .text) }
    return ImageGrid.Tile(
      Bitmap(set.shape, pixels: samples.pixels(of: [Int32(index)], epoch: epoch - 1)), captions: lines,
      tip: "image \(index): \(set.classNames[Int(set.labels[index])])")
  }

  private func meanTile(_ label: Int) -> ImageGrid.Tile {
    ImageGrid.Tile(Bitmap(set.shape, pixels: means[label]), captions: [.init(set.classNames[label])])
  }
}
