internal import NumPy

/// NumPy's files.
enum ArrayFiles {
  static func readNumPy(_ bytes: [UInt8]) {
    guard let array = try? NumPyArray(file: bytes, path: "fuzz.npy") else { return }
    check(array)
    guard let again = try? NumPyArray(file: array.serialized(), path: "again.npy") else {
      preconditionFailure("an array that was written cannot be read")
    }
    precondition(again == array, "an array changes as it is written and read again")
  }

  static func readArchive(_ bytes: [UInt8]) {
    guard let archive = try? NumPyArchive(file: bytes, path: "fuzz.npz") else { return }
    let names = try? NumPyArchive.names(file: bytes, path: "fuzz.npz")
    precondition(names == archive.members.map(\.name), "the directory has other names than the archive")
    for member in archive.members {
      check(member.array)
      precondition(archive[member.name] == member.array, "two arrays share a name")
    }
    guard let again = try? NumPyArchive(file: archive.serialized(), path: "again.npz") else {
      preconditionFailure("an archive that was written cannot be read")
    }
    precondition(again == archive, "an archive changes as it is written and read again")
  }

  private static func check(_ array: NumPyArray) {
    precondition(array.bytes.count == array.shape.reduce(array.elementType.byteCount, *))
    precondition(array.floats.count == array.count)
    if let integers = array.integers { precondition(integers.count == array.count) }
  }
}
