import Foundation
import FoundationXML
import Testing

/// The parts of an SVG file that tests ask for.
final class SVGDocument: NSObject, XMLParserDelegate {
  private(set) var root: [String: String] = [:]
  private(set) var texts: [String] = []
  private(set) var titles: [String] = []
  private(set) var references: [String] = []
  private(set) var classes: Set<String> = []
  private(set) var numbers: [Double] = []
  private(set) var styleSheet: String?
  private var content = ""

  var hasClasses: Bool { !classes.isEmpty }

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
    try #require(root["xmlns"] == "http://www.w3.org/2000/svg")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    content = ""
    if name == "svg" { root = attributes }
    if let reference = attributes["href"] { references.append(reference) }
    classes.formUnion((attributes["class"] ?? "").split(separator: " ").map(String.init))
    for key in ["x", "y", "width", "height", "cx", "cy", "r", "stroke-width"] {
      if let text = attributes[key] { numbers.append(Double(text) ?? .nan) }
    }
    let points = (attributes["points"] ?? "").split { $0 == " " || $0 == "," }
    numbers += points.map { Double($0) ?? .nan }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { content += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    switch name {
    case "text": texts.append(content)
    case "title": titles.append(content)
    case "style": styleSheet = content
    default: break
    }
  }
}
