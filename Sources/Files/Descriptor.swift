/// The number of an open file, closed when it goes out of scope.
struct Descriptor: ~Copyable {
  let number: Int32

  // A descriptor that is dropped and not closed belongs to a file that was only read, or whose failure is already on its way to
  // the caller: nobody is waiting for another error.
  deinit { try? SystemCalls.close(number) }

  consuming func close() throws(SystemCode) {
    let number = number
    discard self
    try SystemCalls.close(number)
  }
}
