import Interchange
import Testing

struct SafetensorsMessageTests {
  @Test(arguments: [
    (
      SafetensorsError.Problem.tooShort(byteCount: 3),
      "expected at least 8 bytes, which hold the header's length, found 3; "
        + "it is damaged, incomplete or of another format: copy or download it again"
    ),
    (
      .headerTooLong(byteCount: 5_000_000_000, guess: nil),
      "the header's length at offset 0 is 5000000000, expected at most 100000000; "
        + "it is damaged, incomplete or of another format: copy or download it again"
    ),
    (
      .headerTooLong(byteCount: 5_000_000_000, guess: "a gzip file"),
      "it looks like a gzip file; name a .safetensors file, or convert this one first"
    ),
    (
      .repeatedName("conv1.weight", offset: 60),
      #"the name "conv1.weight" occurs a second time at offset 60; write it again with unique names"#
    ),
    (
      .metadataNotText(key: "epoch"),
      #"the value of "epoch" in "__metadata__" is not text, expected a map from strings to strings; "#
        + "write it again with a safetensors library"
    ),
    (
      .tensor(
        name: "fc1.weight", .wrongByteCount(shape: [10, 64], elementType: .float32, expected: 2560, found: 2556)),
      #"tensor "fc1.weight" has the shape [10, 64] of F32: expected 2560 bytes, found 2556; "#
        + "write it again with a safetensors library"
    ),
    (
      .tensor(name: "fc1.bias", .overlap(other: "fc1.weight", expected: 8, found: 4)),
      #"tensor "fc1.bias" begins at data offset 4, inside tensor "fc1.weight", expected 8; "#
        + "write it again with a safetensors library"
    ),
    (
      .tensor(name: "fc1.bias", .rangePastEnd(end: 40, available: 36)),
      #"tensor "fc1.bias" ends at data offset 40, but the file holds only 36 bytes of data; "#
        + "it is damaged, incomplete or of another format: copy or download it again"
    ),
  ])
  func messagesHaveWhatWhereExpectedFoundAndAdvice(problem: SafetensorsError.Problem, text: String) {
    let error = SafetensorsError(path: "w.safetensors", problem: problem)
    #expect(error.description == "w.safetensors: not an acceptable safetensors file: " + text)
    #expect(InterchangeError.safetensors(error).description == error.description)
  }

  @Test func hostileNamesAreMadeHarmless() {
    let driving = SafetensorsError(path: "w", problem: .repeatedName("\u{1B}[2J\n", offset: 1)).description
    #expect(driving.contains(#""\u{1B}[2J\n""#))
    let long = SafetensorsError(path: "w", problem: .repeatedName(String(repeating: "n", count: 100_000), offset: 1))
    #expect(long.description.contains(#"""# + String(repeating: "n", count: 80) + #""…"#))
    #expect(long.description.utf8.count < 300)
    let shape = SafetensorsError(
      path: "w", problem: .tensor(name: "a", .sizeOverflow(shape: [Int](repeating: 9, count: 100_000))))
    #expect(shape.description.contains("[9, 9, 9, 9, 9, 9, 9, 9, …]"))
  }
}
