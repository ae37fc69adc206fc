import Foundation
import Testing

/// Debian's Chromium without a window: opens a page, runs a script on it, and returns what the script found.
public enum Browser {
  private static let path = "/usr/bin/chromium"

  /// Whether Chromium is installed.
  public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// Opens a page and evaluates a script in it after it has loaded.
  ///
  /// - Parameters:
  ///   - html: The page.
  ///   - width: The width of the page in CSS pixels, as narrow as a telephone's.
  ///   - isDark: Whether the reader prefers dark pages.
  ///   - script: The body of a function that returns an object.
  /// - Returns: The object.
  public static func evaluate(
    _ html: String, width: Int, isDark: Bool = false, script: String
  ) throws -> [String: Any] {
    let probe = """
      <script>addEventListener("load", () => { let found; try { found = (() => { \(script) })(); }
      catch (error) { found = { failure: String(error) }; } parent.postMessage(JSON.stringify(found), "*"); });</script>
      """
    let listener = #"addEventListener("message", event => show(event.data));"#
    return try open(
      html.replacingOccurrences(of: "</body>", with: probe + "</body>"), width: width, isDark: isDark, sandbox: "",
      script: listener)
  }

  /// Opens a page with its scripts off and evaluates a script that looks at its `page` from outside.
  public static func evaluateWithoutScripts(_ html: String, script: String) throws -> [String: Any] {
    let look = """
      addEventListener("load", () => { const page = document.querySelector("iframe").contentDocument; let found;
      try { found = (() => { \(script) })(); } catch (error) { found = { failure: String(error) }; }
      show(JSON.stringify(found)); });
      """
    return try open(html, width: 800, isDark: false, sandbox: #"sandbox="allow-same-origin""#, script: look)
  }

  /// Opens a page in a frame: the browser's own window cannot be as narrow as a telephone.
  private static func open(
    _ html: String, width: Int, isDark: Bool, sandbox: String, script: String
  ) throws -> [String: Any] {
    let folder = try TemporaryFolder()
    try folder.write(html, to: "page.html")
    let frame = """
      <!DOCTYPE html><html><body><script>const show = text => { const result = document.createElement("pre");
      result.id = "result"; result.textContent = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
      document.body.append(result); }; \(script)</script>
      <iframe \(sandbox) src="page.html" style="width:\(width)px;height:1000px;border:0"></iframe></body></html>
      """
    let start = URL(fileURLWithPath: try folder.write(frame, to: "frame.html"))
    let dom = try run(
      [
        "--dump-dom", "--virtual-time-budget=20000", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
        "--allow-file-access-from-files", "--window-size=\(max(width, 800)),1000", start.absoluteString,
      ], folder: folder)
    let match = try #require(
      dom.firstMatch(of: /<pre id="result">([A-Za-z0-9+\/=]*)<\/pre>/), "no result in \(dom.prefix(800))")
    let data = try #require(Data(base64Encoded: String(match.1)))
    let result = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    try #require(result["failure"] == nil, "\(result)")
    return result
  }

  private static func run(_ arguments: [String], folder: TemporaryFolder) throws -> String {
    func output(attempt: Int) throws -> String {
      let fixed = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--user-data-dir=\(folder("profile\(attempt)"))",
      ]
      return try FinishedProgram(path, fixed + arguments, seconds: 60).output
    }
    // A browser that hangs, as happens on a busy machine, proves nothing about the page.
    for attempt in 1..<3 {
      do { return try output(attempt: attempt) } catch is FinishedProgram.Failure {}
    }
    return try output(attempt: 3)
  }
}
