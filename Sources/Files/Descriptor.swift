/// The number of an open file, closed when it goes out of scope.
struct Descriptor: ~Copyable {
  let number: Int32

  // A descriptor released without `close` belongs to a file that was only read, or whose failure is already being thrown. No caller is left to
  // receive another error.
  deinit { try? SystemCalls.close(number) }

  consuming func close() throws(SystemCode) {
    let number = number
    discard self
    try SystemCalls.close(number)
  }
}
