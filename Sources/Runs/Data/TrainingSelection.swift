package import Datasets
internal import Files
internal import Support

/// The training images that a run leaves out, and the groups that its folds keep together, from the files that its settings name.
package struct TrainingSelection {
  /// The images to leave out.
  package let excluded: Set<Int32>
  /// The number of each image's group; nil without groups.
  package let groups: [Int]?

  /// Nothing is left out, and there are no groups.
  package static let all = TrainingSelection(excluded: [], groups: nil)

  private init(excluded: Set<Int32>, groups: [Int]?) {
    self.excluded = excluded
    self.groups = groups
  }

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - set: All training images.
  ///   - source: Their source.
  /// - Throws: a `Failure` for a file that cannot be read, names images that do not exist, or gives an image no group.
  package init(of set: ImageSet, in source: DataSource, settings: TrainSettings) throws {
    guard settings.exclude != nil || settings.foldGroups != nil else {
      self = .all
      return
    }
    let paths = try source.relativePaths(of: .training, count: set.count)
    excluded =
      try settings.exclude.map { file in
        Set(try ImageTable(file, part: .training, images: set.count, paths: paths).rows.map(\.image))
      } ?? []
    groups = try settings.foldGroups.map { try Self.groups($0, images: set.count, paths: paths) }
  }

  /// The files that the settings name, with their hashes as parts of the data.
  package static func files(_ settings: TrainSettings) -> [String] {
    [settings.exclude, settings.foldGroups].compactMap(\.self)
  }

  /// Numbers for the names of groups, in the order in which they occur.
  private static func groups(_ file: String, images: Int, paths: [String]?) throws(Failure) -> [Int] {
    let table = try ImageTable(file, part: .training, images: images, paths: paths, value: "group")
    var numbers: [String: Int] = [:]
    var groups = [Int](repeating: -1, count: images)
    for (image, cells) in table.rows {
      let name = cells["group"] ?? ""
      let number = numbers[name, default: numbers.count]
      numbers[name] = number
      guard groups[Int(image)] < 0 || groups[Int(image)] == number else {
        throw Failure(.badData, "\(file): the image \(paths?[Int(image)] ?? String(image)) is in two groups; keep one.")
      }
      groups[Int(image)] = number
    }
    if let missing = groups.firstIndex(of: -1) {
      throw Failure(
        .badData,
        "\(file): the image \(paths?[missing] ?? String(missing)) has no group; give every training image a line with its index or path and its group."
      )
    }
    return groups
  }
}

extension DataSource {
  /// The paths of a part's pictures below the data's folder, in the order of its images; nil for other data, or if pictures were added or removed since.
  ///
  /// - Parameter count: The number of images that were read.
  package func relativePaths(of part: Part, count: Int) throws(DatasetError) -> [String]? {
    guard contentBesidesPictures == nil else { return nil }
    let broken = Set((pictures.log?.broken ?? []).map { ExactText($0.path) })
    let paths = try files(of: part).filter { PictureDecoder.photographs.decodes($0) && !broken.contains(ExactText($0)) }
    guard paths.count == count else { return nil }
    return paths.map { full in
      String(full.utf8.dropFirst(path.utf8.count).drop { $0 == UInt8(ascii: "/") }) ?? full
    }
  }
}
