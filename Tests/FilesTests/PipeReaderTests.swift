import Files
import Glibc
import Testing

struct PipeReaderTests {
  @Test func linesArriveWhole() throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    defer { close(ends[0]) }
    var reader = PipeReader(descriptor: ends[0])
    try SystemCalls.write(ends[1], all: Array("one\ntw".utf8))
    reader.read()
    #expect(reader.takeLine() == "one")
    #expect(reader.takeLine() == nil)
    #expect(reader.text == "tw")
    try SystemCalls.write(ends[1], all: Array("o\nrest".utf8))
    reader.read()
    #expect(reader.takeLine() == "two")
    #expect(!reader.isAtEnd)
    close(ends[1])
    reader.read()
    #expect(reader.isAtEnd)
    #expect(reader.takeLine() == nil)
    #expect(reader.text == "rest")
  }
}
