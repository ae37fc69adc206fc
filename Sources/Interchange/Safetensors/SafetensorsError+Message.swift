package import Support

extension SafetensorsError: CustomStringConvertible {
  /// One line: the file, the position, what is wrong, what was expected and found, and what to do about it.
  public var description: String {
    diagnostic.description
  }

  /// The file, what is wrong with it, and what to do about it.
  package var diagnostic: Diagnostic {
    if case .damaged = problem {
      return Diagnostic(place: path, problem: problem.finding, advice: problem.advice)
    }
    return Diagnostic(
      place: path, problem: "not an acceptable safetensors file: \(problem.finding)", advice: problem.advice)
  }
}

extension SafetensorsError.Problem {
  fileprivate var finding: String {
    switch self {
    case .tooShort(let byteCount):
      return "expected at least 8 bytes, which hold the header's length, found \(byteCount)"
    case .headerTooLong(_, let guess?):
      return "it looks like \(guess)"
    case .headerTooLong(let byteCount, nil):
      let limit = SafetensorsHeader.maximumByteCount
      return "the header's length at offset 0 is \(byteCount), expected at most \(limit)"
    case .headerPastEnd(let byteCount, let available):
      return "the header's length at offset 0 is \(byteCount), but only \(available) bytes follow"
    case .notUTF8(let offset):
      return "the header is not UTF-8 at offset \(offset)"
    case .notAnObject(let offset):
      return "expected a JSON object at offset \(offset)"
    case .malformedJSON(let offset, let reason):
      return "the header at offset \(offset) is not JSON: \(reason)"
    case .tooDeep(let offset, let limit):
      return "more than \(limit) objects and arrays are nested at offset \(offset)"
    case .notAWholeNumber(let offset):
      return "expected a whole number below 2^63 at offset \(offset), found another or one with a sign or a fraction"
    case .repeatedName(let name, let offset):
      return "the name \(ForeignText.quoted(name)) occurs a second time at offset \(offset)"
    case .repeatedKey(let key, let entry, let offset):
      return "\(ForeignText.quoted(entry)) has the key \(ForeignText.quoted(key)) a second time at offset \(offset)"
    case .metadataNotText(let key):
      let place = key.map { "the value of \(ForeignText.quoted($0)) in" } ?? "the content of"
      return "\(place) \"__metadata__\" is not text, expected a map from strings to strings"
    case .tensor(let name, let problem):
      return "tensor \(ForeignText.quoted(name)) \(problem.finding)"
    case .trailingBytes(let offset, let count):
      return "\(count) bytes follow the last tensor at offset \(offset), expected the end of the file"
    case .damaged(let stated, let found):
      return
        "the file is damaged: its content has the checksum \(ForeignText.plain(found)), but \(ForeignText.plain(stated)) was written"
    }
  }

  /// Another copy helps against damage, but not if the file was written incorrectly.
  fileprivate var advice: String {
    switch self {
    case .headerTooLong(_, _?): "name a .safetensors file, or convert this one first"
    case .tooShort, .headerTooLong, .headerPastEnd, .notUTF8, .tensor(_, .rangePastEnd), .trailingBytes:
      "it is damaged, incomplete or of another format: copy or download it again"
    case .damaged:
      "copy it again, or remove \"\(SafetensorsFile.checksumKey)\" from its metadata if it was changed on purpose"
    case .repeatedName, .repeatedKey: "write it again with unique names"
    default: "write it again with a safetensors library"
    }
  }
}

extension SafetensorsError.TensorProblem {
  fileprivate var finding: String {
    switch self {
    case .missingField(let field):
      return "has no \"\(field)\""
    case .malformedField(let field, let expected):
      return "has a wrong \(field.map { "\"\($0)\"" } ?? "entry"): expected \(expected)"
    case .unknownElementType(let found):
      let known = SafetensorsElementType.allCases.map(\.rawValue).joined(separator: ", ")
      return "has the unknown \"dtype\" \(ForeignText.quoted(found)), expected one of \(known)"
    case .sizeOverflow(let shape):
      return "has the shape \(ForeignText.shape(shape)), whose size in bytes is too large"
    case .partialByte(let shape, let type):
      return "has the shape \(ForeignText.shape(shape)) of \(type.rawValue), which does not fill whole bytes"
    case .reversedRange(let begin, let end):
      return "has the \"data_offsets\" [\(begin), \(end)], which end before they begin"
    case .rangePastEnd(let end, let available):
      return "ends at data offset \(end), but the file holds only \(available) bytes of data"
    case .wrongByteCount(let shape, let type, let expected, let found):
      return "has the shape \(ForeignText.shape(shape)) of \(type.rawValue): expected \(expected) bytes, found \(found)"
    case .gap(let expected, let found):
      return "begins at data offset \(found), expected \(expected): the bytes between belong to no tensor"
    case .overlap(let other, let expected, let found):
      return "begins at data offset \(found), inside tensor \(ForeignText.quoted(other)), expected \(expected)"
    }
  }
}
