internal import Files

extension DatasetError {
  /// The parts of a message that depend on the code.
  struct Explanation {
    var problem: String
    var expected: String
    var found: String
    var advice: String
  }

  /// The words for each code, in the order in which `Code` lists them.
  var explanation: Explanation {
    switch code {
    case .notFound:
      Explanation(problem: "no such file", expected: "a file of data", found: "nothing", advice: "check the path")
    case .isDirectory:
      Explanation(problem: "not a file", expected: "a file of data", found: "a folder", advice: "name a file inside it")
    case .notRegularFile:
      Explanation(
        problem: "not a file", expected: "a file of data", found: "a device, pipe or socket",
        advice: "write the data to a file first")
    case .cannotOpen(let errorNumber):
      Explanation(
        problem: "cannot be opened", expected: "a readable file", found: SystemCode(rawValue: errorNumber).message,
        advice: "check the path and its permissions")
    case .cannotRead(let errorNumber):
      Explanation(
        problem: "cannot be read", expected: "readable bytes", found: SystemCode(rawValue: errorNumber).message,
        advice: "check the disk, then try again")
    case .nothingThere:
      Explanation(
        problem: "no such file or folder", expected: "a folder of data or an .npz file", found: "nothing",
        advice: "check the path")
    case .fileMissing(let names):
      Explanation(
        problem: "a file is missing", expected: "one of " + names.joined(separator: ", "), found: "none of them",
        advice: "copy the file there, or name another folder")
    case .dataNotFound(let folders):
      Explanation(
        problem: "no Fashion-MNIST data", expected: "train-images-idx3-ubyte and its companions, plain or .gz",
        found: "none in " + folders.joined(separator: ", "),
        advice: "install it with apt-get install dataset-fashion-mnist, or name its folder with --data")
    case .unknownFolder:
      Explanation(
        problem: "no data set", expected: "IDX files, .npy files, or folders of pictures, one for each class",
        found: "none of them", advice: "name a folder that holds one of these, or an .npz file")
    case .unknownFile(let guess):
      Explanation(
        problem: "no data set", expected: "a folder or an .npz file", found: guess ?? "another file",
        advice: "name the folder of IDX or .npy files, not one of them")
    case .noTestImages:
      Explanation(
        problem: "there are no test images", expected: "a test part", found: "a training part only",
        advice: "choose --split train or validation, or add test images")
    case .tooLarge(let largest, let found):
      Explanation(
        problem: "too large", expected: "at most \(largest) bytes", found: "\(found)",
        advice: "check what wrote the file, or bring the data to a smaller size")
    case .empty:
      Explanation(problem: "empty", expected: "an IDX header", found: "no bytes", advice: Self.fetchAgain)
    case .headerCutShort(let expected, let found):
      Explanation(
        problem: "shorter than its header", expected: "\(expected) bytes", found: "\(found)", advice: Self.fetchAgain)
    case .markup(let found):
      Explanation(
        problem: "not IDX but HTML or XML", expected: "00 00", found: Self.hexadecimal(found),
        advice: "open it to see what the server answered, then download the file again")
    case .littleEndian(let found):
      Explanation(
        problem: "the header is little-endian", expected: Self.hexadecimal(found.reversed()),
        found: Self.hexadecimal(found), advice: "write the file again with big-endian numbers")
    case .notIDX(let found):
      Explanation(
        problem: "not an IDX file", expected: "00 00", found: Self.hexadecimal(found),
        advice: "name an IDX file, plain or gzip")
    case .unknownElementType(let found):
      Explanation(
        problem: "unknown element type", expected: "08, 09, 0B, 0C, 0D or 0E", found: Self.hexadecimal([found]),
        advice: Self.fetchAgain)
    case .rankOutOfRange(let found):
      Explanation(
        problem: "impossible rank", expected: "1 to 8 dimensions", found: "\(found)", advice: Self.fetchAgain)
    case .zeroDimension(let axis):
      Explanation(problem: "axis \(axis) is empty", expected: "at least 1", found: "0", advice: Self.fetchAgain)
    case .dimensionTooLarge(let axis, let found):
      Explanation(
        problem: "axis \(axis) is too long", expected: "at most \(Int32.max)", found: "\(found)",
        advice: Self.fetchAgain)
    case .sizeOverflow(let dimensions):
      Explanation(
        problem: "the promised size overflows", expected: "a product below 2^63 bytes",
        found: dimensions.map(String.init).joined(separator: " × "), advice: Self.fetchAgain)
    case .implausibleSize(let promised, let largest):
      Explanation(
        problem: "the header promises more than the file can hold", expected: "at most \(largest) bytes",
        found: "\(promised)", advice: Self.fetchAgain)
    case .tooFewElements(let expectedBytes, let foundBytes):
      Explanation(
        problem: "too few elements", expected: "\(expectedBytes) bytes after the header", found: "\(foundBytes)",
        advice: Self.fetchAgain)
    case .tooManyElements(let expectedBytes, let foundBytes):
      Explanation(
        problem: "too many elements", expected: "\(expectedBytes) bytes after the header",
        found: foundBytes.map { "\($0)" } ?? "more", advice: Self.fetchAgain)
    case .gzipCutShort(let section):
      Explanation(
        problem: "the gzip file is cut short in its \(section.rawValue)", expected: "more bytes",
        found: "the end of the file", advice: Self.fetchAgain)
    case .gzipCorrupt(let reason):
      Explanation(
        problem: "the gzip file is damaged", expected: "a valid deflate stream", found: reason, advice: Self.fetchAgain)
    case .gzipChecksum(let expected, let found):
      Explanation(
        problem: "the unpacked data do not match their checksum", expected: "CRC-32 \(Self.hexadecimal(expected))",
        found: Self.hexadecimal(found), advice: Self.fetchAgain)
    case .gzipLength(let expected, let found):
      Explanation(
        problem: "the unpacked data do not have their recorded length", expected: "\(expected) bytes",
        found: "\(found)", advice: Self.fetchAgain)
    case .gzipTrailingBytes(let count):
      Explanation(
        problem: "junk after the last gzip member", expected: "the end of the file or 1F 8B",
        found: "\(count) other bytes", advice: "cut them off, or \(Self.fetchAgain)")
    case .notBytes(let found):
      Explanation(
        problem: "wrong element type", expected: "\(IDXElementType.unsignedByte)", found: "\(found)",
        advice: "convert the file to unsigned bytes")
    case .labelsWhereImagesBelong:
      Explanation(
        problem: "labels where images belong", expected: "rank 3, or 4 with channels", found: "rank 1",
        advice: "check whether the two files are swapped")
    case .imagesWhereLabelsBelong(let rank):
      Explanation(
        problem: "images where labels belong", expected: "rank 1", found: "rank \(rank)",
        advice: "check whether the two files are swapped")
    case .imageRank(let found):
      Explanation(
        problem: "not a stack of images", expected: "rank 3, or 4 with channels", found: "rank \(found)",
        advice: "name a file of images [N, H, W] or [N, H, W, C]")
    case .labelRank(let found):
      Explanation(
        problem: "not a list of labels", expected: "rank 1", found: "rank \(found)", advice: "name a file of labels [N]"
      )
    case .countsDiffer(let images, let labels, let imagesPath):
      Explanation(
        problem: "images and labels do not match", expected: "\(images) labels for the images of \(imagesPath)",
        found: "\(labels)", advice: "take both files from the same data set and the same part of it")
    case .labelOutOfRange(let index, let label, let classCount):
      Explanation(
        problem: "label \(index) names no class", expected: "a value below \(classCount)", found: "\(label)",
        advice: "correct the label, or name all its classes")
    case .array(let problem): problem.explanation
    case .picture(let problem): problem.explanation
    case .classes(let problem): problem.explanation
    }
  }

  /// What helps when the bytes themselves are wrong.
  private static let fetchAgain = "copy or download the file again"

  /// The bytes as pairs of hexadecimal digits: "00 00 08 03".
  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }

  /// The word as eight hexadecimal digits.
  private static func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
