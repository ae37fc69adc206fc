internal import Samples
internal import Support
internal import Files

extension DatasetError {
  /// The messages, in the order of `Code`.
  var words: Diagnostic {
    switch code {
    case .notFound:
      Diagnostic(problem: "no such file", expected: "a file of data", found: "nothing", advice: "check the path")
    case .isDirectory:
      Diagnostic(problem: "not a file", expected: "a file of data", found: "a folder", advice: "name a file inside it")
    case .notRegularFile:
      Diagnostic(
        problem: "not a file", expected: "a file of data", found: "a device, pipe or socket",
        advice: "write the data to a file first")
    case .cannotOpen(let errorNumber):
      Diagnostic(
        problem: "cannot be opened", expected: "a readable file", found: SystemCode(rawValue: errorNumber).message,
        advice: "check the path and its permissions")
    case .cannotRead(let errorNumber):
      Diagnostic(
        problem: "cannot be read", expected: "readable bytes", found: SystemCode(rawValue: errorNumber).message,
        advice: "check the disk, then try again")
    case .nothingThere:
      Diagnostic(
        problem: "no such file or folder", expected: "a folder of data or an .npz file", found: "nothing",
        advice: "check the path")
    case .fileMissing(let names):
      Diagnostic(
        problem: "a file is missing", expected: "one of " + names.joined(separator: ", "), found: "none of them",
        advice: "copy the file there, or name another folder")
    case .dataNotFound(let folders):
      Diagnostic(
        problem: "no Fashion-MNIST data", expected: "train-images-idx3-ubyte and its companions, plain or .gz",
        found: "none in " + folders.joined(separator: ", "),
        advice: "install it with apt-get install dataset-fashion-mnist, or name its folder")
    case .unknownFolder:
      Diagnostic(
        problem: "no data set", expected: "IDX files, .npy files, or folders of pictures, one for each class",
        found: "none of them", advice: "name a folder that holds one of these, or an .npz file")
    case .unknownFile(let guess):
      Diagnostic(
        problem: "no data set", expected: "a folder or an .npz file", found: guess ?? "another file",
        advice: "name the folder of IDX or .npy files, not one of them")
    case .noTestImages:
      Diagnostic(
        problem: "there are no test images", expected: "a test part", found: "a training part only",
        advice: "choose another part of the data, or add test images")
    case .noValidationImages:
      Diagnostic(
        problem: "there are no validation images", expected: "a validation part", found: "none",
        advice: "choose another part of the data, or add validation images")
    case .severalDataSets(let prefixes):
      Diagnostic(
        problem: "the files of several data sets", expected: "one", found: prefixes.joined(separator: ", "),
        advice: "put the files of each into a separate folder")
    case .tooLarge(let largest, let found):
      Diagnostic(
        problem: "too large", expected: "at most \(largest) bytes", found: "\(found)",
        advice: "check the program that wrote the file, or reduce the data")
    case .empty:
      Diagnostic(problem: "empty", expected: "an IDX header", found: "no bytes", advice: Self.fetchAgain)
    case .headerCutShort(let expected, let found):
      Diagnostic(
        problem: "shorter than its header", expected: "\(expected) bytes", found: "\(found)", advice: Self.fetchAgain)
    case .markup(let found):
      Diagnostic(
        problem: "not IDX but HTML or XML", expected: "00 00", found: NumberText.hexadecimal(found),
        advice: "open it to see what the server answered, then download the file again")
    case .littleEndian(let found):
      Diagnostic(
        problem: "the header is little-endian", expected: NumberText.hexadecimal(found.reversed()),
        found: NumberText.hexadecimal(found), advice: "write the file again with big-endian numbers")
    case .notIDX(let found):
      Diagnostic(
        problem: "not an IDX file", expected: "00 00", found: NumberText.hexadecimal(found),
        advice: "name an IDX file, plain or gzip")
    case .unknownElementType(let found):
      Diagnostic(
        problem: "unknown element type", expected: "08, 09, 0B, 0C, 0D or 0E", found: NumberText.hexadecimal([found]),
        advice: Self.fetchAgain)
    case .rankOutOfRange(let found):
      Diagnostic(
        problem: "impossible rank", expected: "1 to 8 dimensions", found: "\(found)", advice: Self.fetchAgain)
    case .zeroDimension(let axis):
      Diagnostic(problem: "axis \(axis) is empty", expected: "at least 1", found: "0", advice: Self.fetchAgain)
    case .dimensionTooLarge(let axis, let found):
      Diagnostic(
        problem: "axis \(axis) is too long", expected: "at most \(Int32.max)", found: "\(found)",
        advice: Self.fetchAgain)
    case .sizeOverflow(let dimensions):
      Diagnostic(
        problem: "the promised size overflows", expected: "a product below 2^63 bytes",
        found: dimensions.map(String.init).joined(separator: " × "), advice: Self.fetchAgain)
    case .implausibleSize(let promised, let largest):
      Diagnostic(
        problem: "the header promises more than the file can hold", expected: "at most \(largest) bytes",
        found: "\(promised)", advice: Self.fetchAgain)
    case .tooFewElements(let expectedBytes, let foundBytes):
      Diagnostic(
        problem: "too few elements", expected: "\(expectedBytes) bytes after the header", found: "\(foundBytes)",
        advice: Self.fetchAgain)
    case .tooManyElements(let expectedBytes, let foundBytes):
      Diagnostic(
        problem: "too many elements", expected: "\(expectedBytes) bytes after the header",
        found: foundBytes.map { "\($0)" } ?? "more", advice: Self.fetchAgain)
    case .gzipCutShort(let section):
      Diagnostic(
        problem: "the gzip file is cut short in its \(section.rawValue)", expected: "more bytes",
        found: "the end of the file", advice: Self.fetchAgain)
    case .gzipCorrupt(let reason):
      Diagnostic(
        problem: "the gzip file is damaged", expected: "a valid deflate stream", found: reason, advice: Self.fetchAgain)
    case .gzipChecksum(let expected, let found):
      Diagnostic(
        problem: "the unpacked data do not match their checksum",
        expected: "CRC-32 \(NumberText.hexadecimal(expected))",
        found: NumberText.hexadecimal(found), advice: Self.fetchAgain)
    case .gzipLength(let expected, let found):
      Diagnostic(
        problem: "the unpacked data do not have their recorded length", expected: "\(expected) bytes",
        found: "\(found)", advice: Self.fetchAgain)
    case .gzipTrailingBytes(let count):
      Diagnostic(
        problem: "unexpected data after the last gzip member", expected: "the end of the file or 1F 8B",
        found: "\(count) other bytes", advice: "cut them off, or \(Self.fetchAgain)")
    case .notBytes(let found):
      Diagnostic(
        problem: "wrong element type", expected: "\(IDXElementType.unsignedByte)", found: "\(found)",
        advice: "convert the file to unsigned bytes")
    case .labelsWhereImagesBelong:
      Diagnostic(
        problem: "labels where images belong", expected: "rank 3, or 4 with channels", found: "rank 1",
        advice: "check whether the two files have been swapped")
    case .imagesWhereLabelsBelong(let rank):
      Diagnostic(
        problem: "images where labels belong", expected: "rank 1", found: "rank \(rank)",
        advice: "check whether the two files have been swapped")
    case .imageRank(let found):
      Diagnostic(
        problem: "not a stack of images", expected: "rank 3, or 4 with channels", found: "rank \(found)",
        advice: "name a file of images [N, H, W] or [N, H, W, C]")
    case .labelRank(let found):
      Diagnostic(
        problem: "not a list of labels", expected: "rank 1", found: "rank \(found)", advice: "name a file of labels [N]"
      )
    case .countsDiffer(let images, let labels, let imagesPath):
      Diagnostic(
        problem: "images and labels do not match", expected: "\(images) labels for the images of \(imagesPath)",
        found: "\(labels)", advice: "take both files from the same data set and the same part of it")
    case .labelOutOfRange(let index, let label, let classCount):
      Diagnostic(
        problem: "label \(index) names no class", expected: "a value below \(classCount)", found: "\(label)",
        advice: "correct the label, name all classes, or use a model trained on these classes")
    case .partsDiffer(let training, let test):
      Diagnostic(
        problem: "training and test images have different shapes", expected: "\(training) for both",
        found: "\(test) for testing", advice: "bring all images to one shape")
    case .array(let problem): problem.diagnostic
    case .picture(let problem): problem.diagnostic
    case .classes(let problem): problem.diagnostic
    }
  }

  /// The advice for damaged bytes.
  private static let fetchAgain = "copy or download the file again"
}
