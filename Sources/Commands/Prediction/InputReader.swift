internal import Datasets
internal import Files
internal import JacquardEngine
internal import Photographs
internal import Runs
internal import Support

/// Finds the images that the inputs of `predict` stand for, and delivers them in order.
struct InputReader {
  /// A finding.
  enum Finding {
    /// Images.
    case images(InputImages)
    /// An input, or a file in it, that cannot be used.
    case failure(input: String, Failure)
  }

  /// What an input stands for.
  private enum Content {
    /// A picture, prepared.
    case picture([UInt8])
    /// Items of an IDX or `.npy` file.
    case items(InputImages)
    /// More inputs: the pictures of a folder, or the lines of a list.
    case inputs([String])
  }

  private let model: Model
  private let data: DataOptions
  private let isRecursive: Bool
  private let preparation: PhotographFile.Preparation?
  private let handle: (Finding) throws -> Void
  private var pictures: InputImages
  /// The last file of which only some items were requested: a list may name it once per item.
  private var last: (path: String, file: ImageFile)?

  /// The number of pictures delivered together.
  private static let groupSize = 64

  /// Makes a reader of images for a checkpoint's model.
  ///
  /// - Parameters:
  ///   - isRecursive: Whether to search folders inside folders.
  ///   - handle: Receives each finding.
  init(
    checkpoint: Checkpoint, data: DataOptions, isRecursive: Bool = false, handle: @escaping (Finding) throws -> Void
  ) throws(Failure) {
    model = checkpoint.model
    preparation = try data.preparation(for: checkpoint)
    self.data = data
    self.isRecursive = isRecursive
    self.handle = handle
    pictures = InputImages(shape: model.inputShape)
  }

  /// Reads inputs: IDX and `.npy` files and items of them, pictures, folders of pictures, and `-` for standard input.
  mutating func read(_ inputs: [String]) throws {
    for input in inputs { try read(input, isNested: false) }
    try flush()
  }

  private mutating func read(_ input: String, isNested: Bool) throws {
    let content: Content
    do {
      content = try self.content(of: input, isNested: isNested)
    } catch {
      try flush()
      try handle(.failure(input: input, Failure(error)))
      return
    }
    switch content {
    case .picture(let pixels):
      pictures.append(input, pixels)
      if pictures.count == Self.groupSize { try flush() }
    case .items(let images):
      try flush()
      try handle(.images(images))
    case .inputs(let inputs):
      for input in inputs { try read(input, isNested: true) }
    }
  }

  private mutating func flush() throws {
    guard pictures.count > 0 else { return }
    let found = pictures
    pictures = InputImages(shape: found.shape)
    try handle(.images(found))
  }

  private mutating func content(of input: String, isNested: Bool) throws -> Content {
    if input == "-" {
      guard !isNested else {
        throw Failure(.usage, "-: a list on standard input cannot name standard input.")
      }
      return try standardInput()
    }
    if Folder.kind(input) == .folder {
      let files = try pictures(in: input)
      guard !files.isEmpty else {
        let advice = isRecursive ? "" : "; search its subfolders with --recursive"
        throw Failure(
          .noInput,
          "\(input): there are no pictures in this folder; their names end in "
            + "\(PhotographFile.endings.joined(separator: ", "))\(advice).")
      }
      return .inputs(files)
    }
    if Folder.kind(input) == .nothing, Glob.isPattern(input) {
      let paths = Glob.paths(input)
      guard paths.isEmpty else { return .inputs(paths) }
    }
    if isNested, Folder.kind(input) == .file, !Folder.isRegularFile(input) {
      throw Failure(
        .noInput, "\(input): this is a pipe or a device, not a file; pass it as an input to read from it.")
    }
    if let pixels = try PhotographFile.prepared(input, for: model, preparation) { return .picture(pixels) }
    return .items(try items(InputReference(input)))
  }

  /// The pictures of a folder by name, then those of its subfolders. A folder that a link leads back to is not searched
  /// again.
  private func pictures(in folder: String, within seen: [FileIdentity] = []) throws(FileError) -> [String] {
    // Names with a leading dot belong to the system: macOS puts `._x.png` beside `x.png`.
    let names = try Folder.names(folder).filter { !$0.beginsWith(bytesOf: ".") }
    let paths = names.map { PathText.joined(folder, $0) }
    let files = paths.filter { Folder.kind($0) == .file && PhotographFile.hasPictureName($0) }
    guard isRecursive, let identity = FileIdentity(path: folder), !seen.contains(identity) else { return files }
    var inside: [String] = []
    for path in paths where Folder.kind(path) == .folder {
      if let inner = FileIdentity(path: path), (seen + [identity]).contains(inner) { continue }
      inside += try pictures(in: path, within: seen + [identity])
    }
    return files + inside
  }

  /// A picture, or a list of inputs, one per line.
  private func standardInput() throws -> Content {
    let bytes = try FileReader.bytes(ofFileAt: "/dev/stdin", maximumByteCount: Photograph.largestFile)
    if Photograph.isPicture(bytes) {
      return .picture(try PhotographFile.prepared(bytes, name: "-", for: model, preparation))
    }
    guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
      throw Failure(
        .badData,
        "-: expected a \(PictureFormat.names) picture, or a list of inputs, one per line, found something else.")
    }
    return .inputs(text.parts(separatedBy: "\n").map(Self.withoutReturn).filter { !$0.isEmpty })
  }

  /// A line without the carriage return of Windows line endings.
  private static func withoutReturn(_ line: String) -> String {
    line.endsWith(bytesOf: "\r") ? String(line.unicodeScalars.dropLast()) : line
  }

  /// Items of an IDX or `.npy` file.
  ///
  /// If the path is only a name and no such file exists, it is looked up in the data's folder.
  private mutating func items(_ reference: InputReference) throws -> InputImages {
    var path = reference.path
    if Folder.kind(path) == .nothing, !PathText.hasFolder(path), let folder = try? DataSource.named(data.data).path {
      path = folder + "/" + path
    }
    let file = try imageFile(Folder.kind(path) == .nothing ? reference.path : path, isKept: reference.items != nil)
    try TrainSettings.checkPictureSettings(of: reference.path, content: "arrays", flags: data.values)
    let (shape, count) = (file.shape, file.count)
    try model.check(shape, of: reference.path)
    let items = reference.items ?? 0...count - 1
    guard items.upperBound < count else {
      throw Failure(
        .noInput,
        "\(reference.path): there is no item \(items.upperBound); its \(count) images have the numbers 0 to \(count - 1)."
      )
    }
    let size = shape.count
    return InputImages(
      names: items.map(reference.name), shape: shape,
      pixels: Array(file.pixels[items.lowerBound * size..<(items.upperBound + 1) * size]))
  }

  private mutating func imageFile(_ path: String, isKept: Bool) throws -> ImageFile {
    if let last, last.path == path { return last.file }
    last = nil
    let file = try ImageFile(contentsOf: path)
    if isKept { last = (path, file) }
    return file
  }
}
