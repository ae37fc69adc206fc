import Figures
import Foundation
import TestSupport
import Testing

/// The page as text, without a browser.
struct ReportTextTests {
  @Test func nothingIsFetchedAndNothingEscapes() throws {
    let html = try SampleReport.page(answers: 50).html()
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html.contains("<title>cnn on &lt;Fashion&gt; &amp; MNIST</title>"))
    for match in html.matches(of: /(?:src|href)="([^"]*)"/) {
      #expect(match.1.hasPrefix("data:image/png;base64,") || match.1.hasPrefix("#"), "\(match.1.prefix(60))")
    }
    for match in html.matches(of: /url\(([^)]*)\)/) { #expect(match.1.hasPrefix("data:image/png;base64,")) }
    // The only address is the namespace of SVG, which is never opened.
    let addresses = Set(html.matches(of: /https?:\/\/[^"'\s<]*/).map { String($0.0) })
    #expect(addresses == ["http://www.w3.org/2000/svg"])
    #expect(html.contains("default-src 'none'"))
  }

  @Test func namesCannotEndTheScript() throws {
    let explorer = ReportExplorer(
      classNames: ["</script><b>", "a\"b\\c"],
      answers: [.init(item: 0, label: 0, answer: 1, probability: .nan, loss: .infinity)], pixels: [7], width: 1,
      height: 1)
    let html = try ReportPage(
      "t", subtitle: "", highlights: [], sections: [.init("All", [.explorer(explorer)])], footer: ""
    ).html()
    #expect(!html.contains("</script><b>"))
    let match = try #require(html.firstMatch(of: /id="explorer-data">(.*?)<\/script>/))
    let data = try #require(try JSONSerialization.jsonObject(with: Data(match.1.utf8)) as? [String: Any])
    #expect(data["classes"] as? [String] == ["</script><b>", "a\"b\\c"])
  }

  @Test func tenThousandAnswersStayInBounds() throws {
    let html = try SampleReport.page(answers: 10_000).html()
    // All answers are in lists; equal images compress well here, real ones take four megabytes more.
    #expect(html.utf8.count < 1_500_000)
    #expect(html.components(separatedBy: ".e9{background-image").count == 2)
    // The content of the page before the script runs is the same for ten answers and ten thousand.
    let few = try SampleReport.page(answers: 10).html()
    func elements(_ html: String) -> Int { html.components(separatedBy: "<li").count }
    #expect(elements(html) == elements(few))
  }
}

/// Pages of photographs in color, which take more bytes than gray images.
struct ReportSizeTests {
  /// A page with answers to color pictures that hardly compress; every fifth answer is wrong.
  private static func page(answers count: Int, width: Int, height: Int) -> ReportPage {
    // Xorshift, whose bytes do not compress.
    var state: UInt64 = 88_172_645_463_325_252
    let noise = (0..<1_000_000).map { _ -> UInt8 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state)
    }
    let answers = (0..<count).map { number in
      ReportExplorer.Answer(
        item: number, label: number % 3, answer: number % 5 == 0 ? (number + 1) % 3 : number % 3, probability: 0.5,
        loss: Double(number % 17))
    }
    let explorer = ReportExplorer(classNames: ["a", "b", "c"], answers: answers) { place in
      let start = place * 40_009 % (noise.count - width * height * 3)
      return Bitmap(
        width: width, height: height, channels: 3, pixels: noise[start..<start + width * height * 3])
    }
    return ReportPage(
      "t", subtitle: "", highlights: [], sections: [.init("All", [.explorer(explorer)])], footer: "")
  }

  private static func data(_ html: String) throws -> [String: Any] {
    let match = try #require(html.firstMatch(of: /id="explorer-data">(.*?)<\/script>/))
    return try #require(try JSONSerialization.jsonObject(with: Data(match.1.utf8)) as? [String: Any])
  }

  @Test func allAnswersAreThereInColor() throws {
    let html = try Self.page(answers: 300, width: 40, height: 30).html()
    let data = try Self.data(html)
    #expect(data["ink"] as? Bool == false)
    #expect((data["item"] as? [Int]) == Array(0..<300))
    #expect(data["width"] as? Int == 56 && data["height"] as? Int == 42)
    #expect(!html.contains("To keep the page small"))
  }

  @Test func aPageStaysSmallAndMistakesComeFirst() throws {
    let html = try Self.page(answers: 8000, width: 90, height: 60).html()
    #expect(html.utf8.count < 15 << 20)
    let data = try Self.data(html)
    let (items, labels, answers) = try (
      #require(data["item"] as? [Int]), #require(data["label"] as? [Int]), #require(data["answer"] as? [Int])
    )
    #expect(items.count < 8000 && items.count >= 1000)
    let wrong = zip(labels, answers).map { $0 != $1 }
    #expect(wrong.count { $0 } == 1600 || !wrong.contains(false))
    #expect(wrong.firstIndex(of: false).map { !wrong[$0...].contains(true) } ?? true)
    #expect(html.contains("To keep the page small, it holds "))
    #expect(html.contains(" of 8,000 predictions, mistakes first."))
  }
}

/// The page in Chromium.
@Suite(.enabled(if: Browser.isInstalled), .serialized)
struct ReportBrowserTests {
  /// The content of the page, and what the script has added.
  private static let look = """
    const width = document.documentElement.scrollWidth;
    return {
      sections: [...document.querySelectorAll("section h2")].map(h => h.textContent),
      fits: width <= innerWidth, width: innerWidth,
      background: getComputedStyle(document.body).backgroundColor,
      color: getComputedStyle(document.body).color,
      ink: getComputedStyle(document.querySelector("img.ink")).filter,
      bars: getComputedStyle(document.querySelector("svg .f-series-0")).fill,
      smallest: Math.min(...[...document.querySelectorAll("figure text")].map(t => t.getBoundingClientRect().height)),
      fetched: performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length,
      broken: [...document.images].filter(i => i.complete && i.naturalWidth === 0).length,
      images: document.images.length,
      explorer: document.getElementById("explorer").hidden,
      count: document.getElementById("explorer-count").textContent,
      tiles: document.querySelectorAll("#explorer-tiles li").length,
      sprite: getComputedStyle(document.querySelector("#explorer-tiles i")).backgroundImage.slice(0, 27),
      elements: document.querySelectorAll("*").length,
    };
    """

  @Test(arguments: [(360, false), (360, true), (1200, false), (1200, true)])
  func itFitsAndFollowsThePreference(width: Int, isDark: Bool) throws {
    let found = try Browser.evaluate(
      try SampleReport.page(answers: 10_000).html(), width: width, isDark: isDark, script: Self.look)
    #expect(found["sections"] as? [String] == ["1Data", "2Evaluation", "3Predictions"])
    #expect(found["width"] as? Int == width)
    #expect(found["fits"] as? Bool == true)
    #expect(found["background"] as? String == (isDark ? "rgb(18, 22, 28)" : "rgb(255, 255, 255)"))
    #expect(found["color"] as? String == (isDark ? "rgb(230, 235, 240)" : "rgb(27, 33, 39)"))
    #expect(found["ink"] as? String == (isDark ? "none" : "invert(1)"))
    #expect(found["bars"] as? String == (isDark ? "rgb(76, 159, 234)" : "rgb(11, 98, 168)"))
    // Letters of at least 8 pixels, where a line is 1.16 times as high.
    #expect(try #require(found["smallest"] as? Double) >= (width == 360 ? 6 : 9), "\(found)")
    #expect(found["fetched"] as? Int == 0)
    #expect(found["broken"] as? Int == 0)
    #expect(found["images"] as? Int == 20)
    // Ten thousand answers, of which a page shows only as many as are useful.
    #expect(found["explorer"] as? Bool == false)
    #expect(found["count"] as? String == "10,000 of 10,000 predictions")
    #expect(found["tiles"] as? Int == 60)
    #expect(found["sprite"] as? String == "url(\"data:image/png;base64,")
    #expect(try #require(found["elements"] as? Int) < 3000)
  }

  @Test func answersAreFilteredSortedAndContinued() throws {
    let found = try Browser.evaluate(
      try SampleReport.page(answers: 700).html(), width: 1200,
      script: """
        const count = () => document.getElementById("explorer-count").textContent;
        const tiles = () => [...document.querySelectorAll("#explorer-tiles li")];
        const set = (name, value) => {
          const control = document.getElementById(name);
          control.value = value;
          control.dispatchEvent(new Event("change"));
        };
        const result = {};
        result.worst = tiles()[0].title;
        set("pick-shown", 1);
        result.mistakes = count();
        set("pick-true", 4);
        result.ofOneClass = count();
        result.marked = tiles().every(t => t.textContent.includes("✗"));
        set("pick-true", 0); set("pick-shown", 0); set("pick-order", 1);
        result.first = tiles()[0].title;
        document.getElementById("explorer-more").click();
        result.afterMore = tiles().length;
        set("pick-shown", 2);
        result.right = count();
        const cell = document.querySelector('#confusion td[data-true="3"][data-answer="6"]');
        cell.click();
        result.cell = cell.textContent;
        result.ofCell = count();
        result.moreHidden = document.getElementById("explorer-more").hidden;
        return result;
        """)
    // The first of those whose loss is 3.0: number 10, the second of the mistakes.
    #expect((found["worst"] as? String)?.hasPrefix("image 10: T-shirt/top, predicted Dress") == true)
    #expect(found["mistakes"] as? String == "100 of 700 predictions")
    #expect(found["ofOneClass"] as? String == "10 of 700 predictions")
    #expect(found["marked"] as? Bool == true)
    #expect((found["first"] as? String)?.hasPrefix("image 0: T-shirt/top, predicted T-shirt/top") == true)
    #expect(found["afterMore"] as? Int == 120)
    #expect(found["right"] as? String == "600 of 700 predictions")
    #expect(found["cell"] as? String == "10")
    #expect(found["ofCell"] as? String == "10 of 700 predictions")
    #expect(found["moreHidden"] as? Bool == true)
  }

  @Test func answersToPicturesInColorAreShownInColor() throws {
    let names = ["red", "blue"]
    let answers = (0..<4).map {
      ReportExplorer.Answer(item: $0, label: $0 % 2, answer: $0 / 2, probability: 1, loss: 0)
    }
    let explorer = ReportExplorer(classNames: names, answers: answers) { place in
      let color: [UInt8] = place % 2 == 0 ? [248, 0, 0] : [0, 0, 248]
      return Bitmap(width: 8, height: 8, channels: 3, pixels: (0..<64).flatMap { _ in color })
    }
    let matrix = ReportMatrix(classNames: names, counts: [[1, 1], [1, 1]])
    let html = try ReportPage(
      "t", subtitle: "", highlights: [], sections: [.init("All", [.matrix(matrix), .explorer(explorer)])], footer: ""
    ).html()
    for isDark in [false, true] {
      let found = try Browser.evaluate(
        html, width: 600, isDark: isDark,
        script: """
          document.querySelector('#confusion td[data-true="1"][data-answer="0"]').click();
          const tiles = [...document.querySelectorAll("#explorer-tiles li")];
          const style = getComputedStyle(tiles[0].querySelector("i"));
          return { titles: tiles.map(t => t.title), filter: style.filter, place: style.backgroundPosition };
          """)
      #expect((found["titles"] as? [String])?.count == 1)
      #expect((found["titles"] as? [String])?.first?.hasPrefix("image 1: blue, predicted red") == true)
      // Ink is inverted on paper; colors stay unchanged.
      #expect(found["filter"] as? String == "none")
      #expect(found["place"] as? String == "-56px 0px")
    }
  }

  @Test func tablesAreSortedByTheirHeads() throws {
    let found = try Browser.evaluate(
      try SampleReport.page(answers: 10).html(), width: 800,
      script: """
        const table = document.querySelector("table.sortable");
        const column = index => [...table.tBodies[0].rows].map(row => row.cells[index].textContent);
        const click = index => table.tHead.rows[0].cells[index].querySelector("button").click();
        click(2); const down = column(2);
        click(2); const up = column(2);
        const direction = table.tHead.rows[0].cells[2].getAttribute("aria-sort");
        click(0); const names = column(0);
        return { down, up, direction, names, cleared: table.tHead.rows[0].cells[2].hasAttribute("aria-sort") };
        """)
    let expected = (1...10).map { "\($0),000" }
    #expect(found["up"] as? [String] == expected)
    #expect(found["down"] as? [String] == expected.reversed())
    #expect(found["direction"] as? String == "ascending")
    #expect(found["names"] as? [String] == SampleCharts.classNames.sorted { $0.lowercased() < $1.lowercased() })
    #expect(found["cleared"] as? Bool == false)
  }

  @Test func itCanBeReadWithoutScripts() throws {
    let found = try Browser.evaluateWithoutScripts(
      try SampleReport.page(answers: 50).html(),
      script: """
        return {
          text: page.body.innerText, images: [...page.images].filter(i => i.naturalWidth > 0).length,
          drawings: page.querySelectorAll("figure svg").length, buttons: page.querySelectorAll("th button").length,
          explorer: page.getElementById("explorer").hidden,
        };
        """)
    let text = try #require(found["text"] as? String)
    for part in [
      "cnn on <Fashion> & MNIST", "88.30 %", "train images", "By class", "Ankle boot", "The end.",
      "To browse all predictions, turn on scripts",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(found["drawings"] as? Int == 2)
    #expect(found["buttons"] as? Int == 0)
    #expect(found["explorer"] as? Bool == true)
  }
}
