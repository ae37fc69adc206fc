internal import Files
public import Samples

extension DatasetError {
  /// One case per refusal; the values are what was expected and what was found.
  public enum Code: Hashable, Sendable {
    // MARK: No such input

    /// There is no file at the path.
    case notFound
    /// A folder stands where a file belongs.
    case isDirectory
    /// A device, a pipe or a socket stands where a file belongs.
    case notRegularFile
    /// The file exists and cannot be opened; the system's error number.
    case cannotOpen(errorNumber: Int32)
    /// Nothing stands where a data set was said to be.
    case nothingThere
    /// A folder holds none of the names under which a file is known.
    case fileMissing(names: [String])
    /// None of the folders holds a data set.
    case dataNotFound(folders: [String])

    /// A folder holds nothing that a data set could be.
    case unknownFolder
    /// A file is no `.npz` file; with a guess of what it is.
    case unknownFile(guess: String?)
    /// The data set has no test part.
    case noTestImages
    /// The data set has no validation part.
    case noValidationImages
    /// A folder holds the files of several data sets, which differ in what their names begin with.
    case severalDataSets(prefixes: [String])

    // MARK: The system failed

    /// Reading failed half way; the system's error number.
    case cannotRead(errorNumber: Int32)

    // MARK: Size

    /// The file has more bytes than are read at once.
    case tooLarge(largest: Int, found: Int)

    // MARK: IDX

    /// The file, or what it unpacks to, has no bytes.
    case empty
    /// The header needs more bytes than there are.
    case headerCutShort(expected: Int, found: Int)
    /// The file starts with `<`, as a web page does.
    case markup(found: [UInt8])
    /// The four leading bytes are an IDX magic number in reverse.
    case littleEndian(found: [UInt8])
    /// The first two bytes are not zero.
    case notIDX(found: [UInt8])
    /// The third byte names no element type.
    case unknownElementType(found: UInt8)
    /// The fourth byte, the rank, is outside 1…8.
    case rankOutOfRange(found: UInt8)
    /// An axis has no elements.
    case zeroDimension(axis: Int)
    /// An axis is longer than a 32-bit index can count.
    case dimensionTooLarge(axis: Int, found: Int)
    /// The product of the dimensions overflows.
    case sizeOverflow(dimensions: [Int])
    /// The header promises more bytes than a gzip file of this size can hold.
    case implausibleSize(promised: Int, largest: Int)
    /// The file ends before the last element that its header promises.
    case tooFewElements(expectedBytes: Int, foundBytes: Int)
    /// The file goes on after the last element; how many bytes in all, where that is known.
    case tooManyElements(expectedBytes: Int, foundBytes: Int?)

    // MARK: gzip

    /// A gzip member stops in the middle.
    case gzipCutShort(in: GzipSection)
    /// zlib refuses the stream, in these words.
    case gzipCorrupt(reason: String)
    /// The trailer's CRC-32 is not that of the unpacked bytes.
    case gzipChecksum(expected: UInt32, found: UInt32)
    /// The trailer's length, modulo 2³², is not that of the unpacked bytes.
    case gzipLength(expected: UInt32, found: UInt32)
    /// Something that is no gzip member follows the last one.
    case gzipTrailingBytes(count: Int)

    // MARK: Images and labels

    /// The elements are not unsigned bytes.
    case notBytes(found: IDXElementType)
    /// A list of labels stands where images belong.
    case labelsWhereImagesBelong
    /// Images stand where a list of labels belongs.
    case imagesWhereLabelsBelong(rank: Int)
    /// The rank is not that of images, 3 or 4.
    case imageRank(found: Int)
    /// The rank is not that of labels, 1.
    case labelRank(found: Int)
    /// There are not as many labels as images.
    case countsDiffer(images: Int, labels: Int, imagesPath: String)
    /// A label is not below the number of classes.
    case labelOutOfRange(index: Int, label: Int, classCount: Int)

    /// The images of the two parts have different shapes.
    case partsDiffer(training: Shape, test: Shape)

    // MARK: Own data

    /// Arrays of images and labels.
    case array(ArrayProblem)
    /// Folders of pictures.
    case picture(PictureProblem)
    /// Names of classes.
    case classes(ClassProblem)
  }

  /// The kind of trouble, as a command line's exit code knows it.
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
