internal import HTTPTypes

/// The parts of a form (RFC 7578).
enum Multipart {
  /// A part with a file name, or of a field.
  struct Part {
    /// The name of the field.
    let field: String
    /// The name of the file; nil for a field without one.
    let file: String?
    /// The content.
    let content: [UInt8]
  }

  /// The boundary in a content type; nil if it is no form.
  static func boundary(in type: String) -> String? {
    let parts = type.split(separator: ";").map { $0.drop { $0 == " " } }
    guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
    for part in parts.dropFirst() where part.lowercased().hasPrefix("boundary=") {
      let value = part.dropFirst("boundary=".count)
      let text =
        value.hasPrefix("\"") ? value.dropFirst().prefix { $0 != "\"" } : value.prefix { $0 != " " }
      return (1...70).contains(text.utf8.count) ? String(text) : nil
    }
    return nil
  }

  /// The parts of a body.
  ///
  /// - Throws: a `Problem` if the body is not a form, or has more than `limit` parts.
  static func parts(of body: [UInt8], boundary: String, limit: Int) throws(Problem) -> [Part] {
    let mark = Array("--\(boundary)".utf8)
    guard body.starts(with: mark) else { throw malformed }
    var parts: [Part] = []
    var position = mark.count
    let delimiter = Array("\r\n".utf8) + mark
    while true {
      let rest = body[position...]
      if rest.starts(with: "--".utf8) { return parts }
      guard rest.starts(with: "\r\n".utf8) else { throw malformed }
      guard parts.count < limit else {
        throw Problem(
          .contentTooLarge, "the form has more than \(limit) parts; send fewer pictures at once")
      }
      let start = position + 2
      // A part without headers begins with the empty line.
      guard let headerEnd = find(Array("\r\n\r\n".utf8), in: body, from: position),
        let end = find(delimiter, in: body, from: headerEnd + 2)
      else { throw malformed }
      guard headerEnd + 4 <= end || headerEnd + 2 == end else { throw malformed }
      let header = headerEnd > start ? String(decoding: body[start..<headerEnd], as: UTF8.self) : ""
      guard header.utf8.count <= 8192 else { throw malformed }
      let (field, file) = disposition(header)
      parts.append(
        Part(field: field, file: file, content: Array(body[min(headerEnd + 4, end)..<end])))
      position = end + delimiter.count
    }
  }

  private static var malformed: Problem {
    Problem(.badRequest, "the body is not the form that its content type announces")
  }

  /// The place of some bytes at or after a position.
  private static func find(_ wanted: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    let last = body.count - wanted.count
    var place = max(0, start)
    while place <= last {
      if body[place] == wanted[0], body[place..<place + wanted.count].elementsEqual(wanted) { return place }
      place += 1
    }
    return nil
  }

  private static func disposition(_ header: String) -> (field: String, file: String?) {
    for line in header.split(separator: "\r\n")
    where line.lowercased().hasPrefix("content-disposition:") {
      let field = value("name", in: line)
      return (field ?? "", value("filename", in: line))
    }
    return ("", nil)
  }

  private static func value(_ name: String, in line: Substring) -> String? {
    let marks = ["; \(name)=\"", ";\(name)=\""]
    for mark in marks {
      guard let range = line.firstRange(of: mark) else { continue }
      return String(line[range.upperBound...].prefix { $0 != "\"" }.prefix(200))
    }
    return nil
  }
}
