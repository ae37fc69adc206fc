import Interchange
import NumPy
import Testing

/// State dictionaries of PyTorch; the conformance tests read files written by PyTorch itself.
@Suite struct PyTorchFileTests {
  private func read(_ file: StateDictionaryBytes) throws(PyTorchError) -> PyTorchFile {
    try PyTorchFile(bytes: file.bytes(), path: "weights.pth")
  }

  /// A dictionary with one tensor "w", a view of six numbers.
  private func file(
    type: String = "FloatStorage", count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int]
  ) -> StateDictionaryBytes {
    var file = StateDictionaryBytes()
    file.dictionary {
      $0.text("w")
      $0.tensor(storage: "0", type: type, count: count, offset: offset, shape: shape, strides: strides)
    }
    file.storage("0", [1, 2, 3, 4, 5, 6])
    return file
  }

  private func refusal(_ file: StateDictionaryBytes) -> String {
    do throws(PyTorchError) {
      _ = try read(file)
      return ""
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    (0, [2, 3], [3, 1], [1, 2, 3, 4, 5, 6] as [Float]), (0, [3, 2], [1, 3], [1, 4, 2, 5, 3, 6]),
    (1, [2, 2], [3, 1], [2, 3, 5, 6]), (5, [], [], [6]), (5, [1], [1], [6]), (0, [3], [2], [1, 3, 5]),
    (9, [0, 4], [4, 1], []),
    (0, [1, 6], [77, 1], [1, 2, 3, 4, 5, 6]), (0, [2, 2], [0, 1], [1, 2, 1, 2]),
  ])
  func offsetsAndStridesAreRespected(offset: Int, shape: [Int], strides: [Int], values: [Float]) throws {
    let found = try read(file(offset: offset, shape: shape, strides: strides))
    #expect(found.content.tensors == [NamedTensor(name: "w", shape: shape, values: values)])
    #expect(found.keys.isEmpty && found.leftOut.isEmpty)
  }

  @Test(arguments: [
    (0, [7], [1], "ends at element 7 of its storage, which has 6"), (3, [4], [1], "ends at element 7"),
    (0, [2, 3], [4, 1], "ends at element 7"), (-1, [2], [1], "which is not read"), (0, [2], [-1], "which is not read"),
    (0, [2], [1, 1], "which is not read"), (0, [-2], [1], "which is not read"),
    (0, [1 << 62, 1 << 62], [0, 0], "larger than any memory"), (0, [2, 2], [Int.max, 1], "larger than any memory"),
    (0, [1 << 40], [0], "shows the 6 elements of its storage more than once"),
    (0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], "which is not read"),
  ])
  func whatTheStorageDoesNotHoldIsRefused(offset: Int, shape: [Int], strides: [Int], words: String) {
    let text = refusal(file(offset: offset, shape: shape, strides: strides))
    #expect(
      text.hasPrefix("weights.pth: not an acceptable PyTorch file: the tensor \"w\" ") && text.contains(words),
      "\(text)")
    #expect(text.contains("; save copies: "))
  }

  @Test(arguments: [7, 1 << 40, Int.max])
  func storagesAreComparedWithTheFile(count: Int) {
    let text = refusal(file(count: count, shape: [6], strides: [1]))
    #expect(text.contains("lies in a storage of \(count) elements of F32, but the file has 24 bytes of it"), "\(text)")
    var missing = file(shape: [6], strides: [1])
    missing.members = []
    #expect(refusal(missing).contains("lies in the storage \"0\", which is missing"))
  }

  /// 1 in each type, whose bits are at the beginning of a storage that is long enough for all of them.
  @Test(arguments: [
    ("FloatStorage", [0, 0, 0x80, 0x3F] as [UInt8]), ("DoubleStorage", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]),
    ("HalfStorage", [0, 0x3C]), ("BFloat16Storage", [0x80, 0x3F]),
  ])
  func elementsBecomeFloats(type: String, bits: [UInt8]) throws {
    var file = file(type: type, count: 1, shape: [1], strides: [1])
    file.members = [("data/0", bits)]
    #expect(try read(file).content.tensors.map(\.values) == [[1]])
  }

  /// Batch counters are present, but are not weights.
  @Test func wholeNumbersAreSkippedByName() throws {
    let content = try read(file(type: "LongStorage", count: 3, shape: [], strides: [])).content
    #expect(content.tensors.isEmpty && content.skipped.map(\.name) == ["w"])
    #expect(content.skipped[0].elementType == .int64)
  }

  /// Two tensors that share one storage, like tied weights.
  @Test func storagesAreShared() throws {
    var file = StateDictionaryBytes()
    file.dictionary {
      for (name, offset) in [("a", 0), ("b", 2), ("c", 0)] {
        $0.text(name)
        $0.tensor(storage: "0", count: 6, offset: offset, shape: [4], strides: [1])
      }
    }
    file.storage("0", [1, 2, 3, 4, 5, 6])
    let tensors = try read(file).content.tensors
    #expect(tensors.map(\.name) == ["a", "b", "c"])
    #expect(tensors.map(\.values) == [[1, 2, 3, 4], [3, 4, 5, 6], [1, 2, 3, 4]])
  }

  /// A file of a few kilobytes does not become gigabytes.
  @Test func sharingIsBounded() {
    var file = StateDictionaryBytes()
    file.dictionary {
      for number in 0..<200 {
        $0.text("t\(number)")
        $0.tensor(storage: "0", count: 40_000, shape: [40_000], strides: [1])
      }
    }
    file.storage("0", [Float](repeating: 0, count: 40_000))
    #expect(refusal(file).contains("take many times the file's size"))
  }

  @Test func dictionariesOfCheckpointsAreFound() throws {
    func checkpoint(_ keys: [String], and others: [String] = []) -> StateDictionaryBytes {
      var file = StateDictionaryBytes()
      func nested(_ file: inout StateDictionaryBytes, _ keys: ArraySlice<String>) {
        file.dictionary {
          if let key = keys.first {
            $0.text(key)
            nested(&$0, keys.dropFirst())
            $0.text("epoch")
            $0.integer(3)
            for other in others {
              $0.text(other)
              $0.dictionary {
                $0.text("w")
                $0.tensor(storage: "0", count: 2, offset: 1, shape: [1], strides: [1])
              }
            }
          } else {
            $0.text("w")
            $0.tensor(storage: "0", count: 2, shape: [1], strides: [1])
          }
        }
      }
      nested(&file, keys[...])
      file.storage("0", [1, 2])
      return file
    }
    for keys in [["state_dict"], ["model"], ["anything"], ["model", "state_dict"]] {
      let found = try read(checkpoint(keys))
      #expect(found.keys == keys && Set(found.leftOut) == ["epoch"])
      #expect(found.content.tensors.map(\.values) == [[1]])
    }
    let usual = try read(checkpoint(["state_dict"], and: ["ema"]))
    #expect(usual.keys == ["state_dict"] && usual.leftOut == ["epoch", "ema"])
    #expect(usual.content.tensors.map(\.values) == [[1]])
    let several = refusal(checkpoint(["one"], and: ["two"]))
    #expect(
      several.contains("several dictionaries of tensors: \"one\", \"two\"; save only the one you need"), "\(several)")
    #expect(refusal(checkpoint(["a", "b", "c", "d"])).contains("found a dictionary without tensors"))
  }

  /// A dictionary that contains itself ends the search, not the process.
  @Test func cyclesEnd() {
    var file = StateDictionaryBytes()
    file.add([0x7D, 0x71, 0, 0x28])
    file.text("self")
    file.add([0x68, 0, 0x75])
    #expect(refusal(file).contains("found a dictionary without tensors"))
  }
}

/// Pickles that are programs: none is run.
@Suite struct PickleTests {
  private func refusal(_ body: (inout StateDictionaryBytes) -> Void) -> PyTorchError? {
    var file = StateDictionaryBytes()
    body(&file)
    return #expect(throws: PyTorchError.self) { try PyTorchFile(bytes: file.bytes(), path: "weights.pth") }
  }

  @Test(arguments: [
    ("os", "system"), ("builtins", "eval"), ("__builtin__", "getattr"), ("__main__", "Net"),
    ("torch.nn.modules.linear", "Linear"),
    ("torch", "load"), ("torch.storage", "_load_from_bytes"), ("numpy.core.multiarray", "scalar"),
    ("argparse", "Namespace"),
    ("torch._utils", "_rebuild_qtensor"), ("collections.OrderedDict", "x"), ("torch", "QInt8Storage"),
  ])
  func globalsAreRefusedByName(module: String, name: String) {
    for isOnStack in [false, true] {
      let error = refusal {
        if isOnStack {
          $0.text(module)
          $0.text(name)
          $0.add([0x93])
        } else {
          $0.global(module, name)
        }
        $0.text("touch /tmp/owned")
        $0.add([0x85, 0x52])
      }
      #expect(error?.problem == .notRun("\(module).\(name)"))
      #expect(
        error?.description.contains(
          "but code in a file is never run; save only the tensors: torch.save(model.state_dict()") == true)
    }
  }

  /// A name that would overwrite the terminal.
  @Test func namesAreShownWithoutControlCharacters() {
    let error = refusal { $0.global("os\u{1B}[2J", "x\u{7}") }
    #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
  }

  @Test(
    arguments: [
      [0x49], [0x70], [0x64], [0x6C], [0x69], [0x6F], [0x50], [0x82], [0x8F], [0x92], [0x97], [0xFF], [0x30], [0x32],
    ] as [[UInt8]])
  func otherInstructionsAreRefused(code: [UInt8]) {
    let error = refusal { $0.add(code) }
    #expect(error?.problem == .unknownOpcode(code[0], offset: 2))
  }

  /// Truncated, or with an empty stack, or with lengths beyond the end.
  @Test(
    arguments: [
      [], [0x28], [0x74], [0x85], [0x52], [0x51], [0x73], [0x75], [0x61], [0x65], [0x62], [0x93], [0x71, 0], [0x94],
      [0x68, 9],
      [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x8C, 5], [0x63, 0x61],
      [0x8A, 200], [0x47, 1], [0x4E, 0x4E], [0x4E, 0x28], [0x7D, 0x28, 0x4E, 0x75], [0x4E, 0x28, 0x71, 0],
      [0x4E, 0x4E, 0x73],
      [0x42, 0xFF, 0xFF, 0xFF, 0x7F], [0x28, 0x51], [0x29, 0x51],
    ] as [[UInt8]])
  func damageIsRefused(code: [UInt8]) {
    let error = refusal { $0.add(code) }
    guard case .malformed = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func theNumberOfValuesIsBounded() {
    for code: [UInt8] in [[0x4E], [0x28], [0x5D], [0x7D]] {
      let error = refusal { $0.add(Array(repeatElement(code, count: (1 << 20) + 2).joined())) }
      #expect(error?.problem == .tooManyValues(1 << 20))
    }
  }

  @Test(arguments: [([0x4E] as [UInt8], "no dictionary"), ([0x5D], "a list"), ([0x7D], "a dictionary without tensors")])
  func otherThingsAreNoWeights(code: [UInt8], words: String) {
    #expect(refusal { $0.add(code) }?.problem == .noWeights(words))
  }
}

/// The archive around the pickle.
@Suite struct PyTorchArchiveTests {
  private func problem(_ bytes: [UInt8]) -> PyTorchError.Problem? {
    #expect(throws: PyTorchError.self) { try PyTorchFile(bytes: bytes, path: "weights.pth") }?.problem
  }

  private func sound() -> StateDictionaryBytes {
    var file = StateDictionaryBytes()
    file.dictionary {
      $0.text("w")
      $0.tensor(storage: "0", count: 1, shape: [1], strides: [1])
    }
    file.storage("0", [1])
    return file
  }

  @Test func olderFilesAreNamedWithARecipe() throws {
    let magic: [UInt8] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    #expect(problem(magic + [0x80, 2, 0x4D, 0xE9, 3, 0x2E]) == .legacy)
    let error = try #require(throws: PyTorchError.self) { try PyTorchFile(bytes: magic, path: "old.pth") }
    #expect(
      error.description.contains("torch.save(torch.load(FILE, map_location='cpu', weights_only=True), 'weights.pth')"))
  }

  @Test func programsAreNamed() {
    var file = sound()
    file.members.append(("code/__torch__.py", []))
    #expect(problem(file.bytes()) == .script)
    file = sound()
    file.members.append(("constants.pkl", []))
    #expect(problem(file.bytes()) == .script)
  }

  @Test func otherArchivesAndOrdersAreRefused() {
    #expect(problem([]) == .zip(.noDirectory(guess: "an empty file, 0 bytes")))
    #expect(problem(Array("\u{89}HDF".utf8)) != nil)
    var file = sound()
    file.folder = "archive"
    #expect(problem(file.bytes()) == .noPickle)
    file = sound()
    var bytes = file.bytes()
    let place = bytes.indices.first { bytes[$0...].starts(with: Array("little".utf8)) }
    bytes[(place ?? 0)] = UInt8(ascii: "k")
    guard case .zip(.wrongChecksum) = problem(bytes) else {
      Issue.record("a wrong checksum is accepted")
      return
    }
  }

  /// Every truncation and every flipped byte is rejected or read, without a trap.
  @Test func damageNeverTraps() {
    let whole = sound().bytes()
    for count in 0..<whole.count { _ = try? PyTorchFile(bytes: Array(whole[..<count]), path: "cut") }
    for place in whole.indices {
      for bit in [1, 0x80, 0xFF] as [UInt8] {
        var bytes = whole
        bytes[place] ^= bit
        _ = try? PyTorchFile(bytes: bytes, path: "flipped")
      }
    }
  }
}
