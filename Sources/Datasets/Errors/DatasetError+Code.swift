internal import Files
public import Samples

extension DatasetError {
  /// One case per reason; the values are what was expected and what was found.
  public enum Code: Hashable, Sendable {
    // MARK: No such input

    /// The file is missing.
    case notFound
    /// A folder instead of a file.
    case isDirectory
    /// A device, a pipe or a socket instead of a file.
    case notRegularFile
    /// The file exists but cannot be opened; with the system's error number.
    case cannotOpen(errorNumber: Int32)
    /// The path of the data set does not exist.
    case nothingThere
    /// A folder contains none of the possible names of a file.
    case fileMissing(names: [String])
    /// None of the searched folders contains a data set.
    case dataNotFound(folders: [String])

    /// A folder contains no data set.
    case unknownFolder
    /// A file is not an `.npz` file; with a guess of what it is.
    case unknownFile(guess: String?)
    /// The data set has no test part.
    case noTestImages
    /// The data set has no validation part.
    case noValidationImages
    /// A folder contains the files of several data sets, whose names begin differently.
    case severalDataSets(prefixes: [String])

    // MARK: The system failed

    /// Reading failed; with the system's error number.
    case cannotRead(errorNumber: Int32)

    // MARK: Size

    /// The file is larger than the limit.
    case tooLarge(largest: Int, found: Int)

    // MARK: IDX

    /// The file or its unpacked content is empty.
    case empty
    /// The header is incomplete.
    case headerCutShort(expected: Int, found: Int)
    /// The file starts with `<`, as web pages do.
    case markup(found: [UInt8])
    /// The four leading bytes are an IDX magic number in reverse.
    case littleEndian(found: [UInt8])
    /// The first two bytes are not zero.
    case notIDX(found: [UInt8])
    /// The third byte is not an element type.
    case unknownElementType(found: UInt8)
    /// The fourth byte, the rank, is outside 1…8.
    case rankOutOfRange(found: UInt8)
    /// An axis has no elements.
    case zeroDimension(axis: Int)
    /// An axis is too long for a 32-bit index.
    case dimensionTooLarge(axis: Int, found: Int)
    /// The product of the dimensions overflows.
    case sizeOverflow(dimensions: [Int])
    /// The header promises more bytes than a gzip file of this size can hold.
    case implausibleSize(promised: Int, largest: Int)
    /// The file ends before the last element that its header promises.
    case tooFewElements(expectedBytes: Int, foundBytes: Int)
    /// The file continues after the last element; with its size, if it is known.
    case tooManyElements(expectedBytes: Int, foundBytes: Int?)

    // MARK: gzip

    /// A gzip member stops in the middle.
    case gzipCutShort(in: GzipSection)
    /// zlib rejects the stream, with this message.
    case gzipCorrupt(reason: String)
    /// The trailer's CRC-32 differs from that of the unpacked bytes.
    case gzipChecksum(expected: UInt32, found: UInt32)
    /// The trailer's length, modulo 2³², differs from that of the unpacked bytes.
    case gzipLength(expected: UInt32, found: UInt32)
    /// The last gzip member is followed by something else.
    case gzipTrailingBytes(count: Int)

    // MARK: Images and labels

    /// The elements are not unsigned bytes.
    case notBytes(found: IDXElementType)
    /// Labels instead of images.
    case labelsWhereImagesBelong
    /// Images instead of labels.
    case imagesWhereLabelsBelong(rank: Int)
    /// The rank is not 3 or 4, as for images.
    case imageRank(found: Int)
    /// The rank is not 1, as for labels.
    case labelRank(found: Int)
    /// The numbers of labels and images differ.
    case countsDiffer(images: Int, labels: Int, imagesPath: String)
    /// A label is too large for the number of classes.
    case labelOutOfRange(index: Int, label: Int, classCount: Int)

    /// The two parts have images of different shapes.
    case partsDiffer(training: Shape, test: Shape)

    // MARK: Own data

    /// Arrays of images and labels.
    case array(ArrayProblem)
    /// Folders of pictures.
    case picture(PictureProblem)
    /// Names of classes.
    case classes(ClassProblem)
  }

  /// The kind of failure, from which the command line derives its exit code.
  public var category: Category {
    switch code {
    case .notFound, .isDirectory, .notRegularFile, .nothingThere, .fileMissing, .dataNotFound, .unknownFolder,
      .noTestImages, .noValidationImages:
      .noInput
    case .cannotOpen(let errorNumber): SystemCode(rawValue: errorNumber).isSystemFailure ? .inputOutput : .noInput
    case .cannotRead: .inputOutput
    default: .badData
    }
  }
}
