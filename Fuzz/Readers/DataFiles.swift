internal import Datasets

/// IDX files, plain and packed.
enum DataFiles {
  static func readIDX(_ bytes: [UInt8]) {
    FuzzFile.with(bytes) { path in
      guard let array = try? IDXArray(contentsOf: path) else { return }
      check(array)
    }
  }

  /// The bytes after the two that identify gzip, so that the fuzzer need not find them.
  static func readGzip(_ bytes: [UInt8]) {
    readIDX(bytes.starts(with: [0x1F, 0x8B]) ? bytes : [0x1F, 0x8B] + bytes)
  }

  private static func check(_ array: IDXArray) {
    precondition(array.dimensions.allSatisfy { $0 > 0 })
    precondition(array.bytes.count == array.dimensions.reduce(array.elementType.byteCount, *))
    if let shape = try? array.imageShape() {
      precondition(shape.count * array.dimensions[0] == array.bytes.count)
    }
    if (try? array.checkLabels(classCount: 10)) != nil {
      precondition(array.dimensions.count <= 2)
      precondition(array.elementType != .unsignedByte || array.bytes.allSatisfy { $0 < 10 })
    }
    // One file as both images and labels, since it could be either.
    if let set = try? ImageSet(images: array, labels: array, classNames: FashionMNIST.classNames) {
      preconditionFailure("one file was taken for both images and labels: \(set.count)")
    }
  }
}
