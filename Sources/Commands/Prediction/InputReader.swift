internal import Files
internal import Datasets
internal import JacquardEngine
internal import Photographs

/// Finds the images that the INPUTs of `predict` stand for, and hands them on in their order.
struct InputReader {
  /// What is found.
  enum Finding {
    /// Images.
    case images(InputImages)
    /// An input, or a file of one, that cannot be used.
    case failure(input: String, CommandFailure)
  }

  /// What an input stands for.
  private enum Content {
    /// A picture, prepared.
    case picture([UInt8])
    /// Items of an IDX or `.npy` file.
    case items(InputImages)
    /// Other inputs: the pictures of a folder, or the lines of a list.
    case inputs([String])
  }

  private let model: Model
  private let data: DataOptions
  private let handle: (Finding) throws -> Void
  private var pictures: InputImages
  /// The last file of which only some items were wanted: a list may name it once for each of them.
  private var last: (path: String, file: ImageFile)?

  /// Pictures that are handed on together.
  private static let groupSize = 64

  /// Makes a reader of images for a model.
  ///
  /// - Parameter handle: Takes what is found.
  init(model: Model, data: DataOptions, handle: @escaping (Finding) throws -> Void) {
    self.model = model
    self.data = data
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
      try handle(.failure(input: input, CommandFailure(describing: error)))
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
        throw CommandFailure(.usage, "-: a list on standard input cannot name standard input.")
      }
      return try standardInput()
    }
    if Folder.kind(input) == .folder {
      let files = ((try? Folder.names(input)) ?? []).filter(PhotographFile.hasPictureName)
      guard !files.isEmpty else {
        throw CommandFailure(
          .noInput,
          "\(input): there are no pictures in this folder; their names end in \(PhotographFile.endings.joined(separator: ", "))."
        )
      }
      return .inputs(files.map { input.hasSuffix("/") ? input + $0 : input + "/" + $0 })
    }
    if let pixels = try PhotographFile.prepared(input, for: model) { return .picture(pixels) }
    return .items(try items(InputReference(input)))
  }

  /// A picture, or a list of inputs, one per line.
  private func standardInput() throws -> Content {
    let bytes = try FileReader.bytes(ofFileAt: "/dev/stdin", maximumByteCount: Photograph.largestFile)
    if Photograph.isPicture(bytes) { return .picture(try PhotographFile.prepared(bytes, name: "-", for: model)) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
      throw CommandFailure(
        .badData,
        "-: expected a \(PictureFormat.names) picture, or a list of inputs, one per line, found something else.")
    }
    return .inputs(text.split(whereSeparator: \.isNewline).map(String.init))
  }

  /// Items of an IDX or `.npy` file.
  ///
  /// A file that is not there by its path, and whose path is only a name, is looked for in the data's folder.
  private mutating func items(_ reference: InputReference) throws -> InputImages {
    var path = reference.path
    if Folder.kind(path) == .nothing, !path.contains("/"), let folder = try? data.source().path {
      path = folder + "/" + path
    }
    let file = try imageFile(Folder.kind(path) == .nothing ? reference.path : path, isKept: reference.items != nil)
    let (shape, count) = (file.shape, file.count)
    try model.check(shape, of: reference.path)
    let items = reference.items ?? 0...count - 1
    guard items.upperBound < count else {
      throw CommandFailure(
        .noInput,
        "\(reference.path): there is no item \(items.upperBound); the last of its \(count) images is \(count - 1).")
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
