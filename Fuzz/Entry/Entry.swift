import FuzzReaders
import Glibc

/// Passes the bytes to the reader that `JACQUARD_READER` names. libFuzzer provides `main` and calls this function.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  unsafe reader.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

private let reader: FuzzReader = {
  let name = unsafe getenv("JACQUARD_READER").map { unsafe String(cString: $0) } ?? ""
  guard let reader = FuzzReader.all.first(where: { $0.name == name }) else {
    print("Name a reader in JACQUARD_READER: " + FuzzReader.all.map(\.name).joined(separator: ", "))
    exit(64)
  }
  return reader
}()
