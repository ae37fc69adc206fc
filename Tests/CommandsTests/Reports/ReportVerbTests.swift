import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// `report`.
struct ReportVerbTests {
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.trainSmall("--epochs", "2", "--validation", "50")
    return tool
  }

  @Test func aRunBecomesOnePage() throws {
    let tool = try tool()
    let outcome = try tool.run("report", "run", "--data", "data", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "")
    let json = try outcome.json()
    #expect(json["run"] as? String == "run")
    #expect(json["output"] as? String == "run/report.html")
    let html = try tool.folder.text("run/report.html")
    #expect(json["bytes"] as? Int == html.utf8.count)
    // The same run gives the same page.
    let again = try tool.run("report", "run", "--data", "data", "-o", "again.html")
    #expect(again.output.hasPrefix("report  again.html, "))
    #expect(try tool.folder.text("again.html") == html)

    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    let accuracy = try #require(evaluation["accuracy"] as? Double)
    #expect(html.contains("<dd>\(String(format: "%.2f", accuracy * 100)) %</dd>"))
    #expect(html.contains("<h1>lenet on data</h1>"))
    // Every picture: 11 samples of each class at most, means, filters, answers, layers, mistakes.
    #expect(html.contains("<h3>Mean image of each class</h3>"))
    #expect(html.contains("conv1.weight, 6 filters of 5 × 5"))
    #expect(html.contains("<h4>pool2 5×5×16</h4>"))
    #expect(html.contains("<h3>What the mistakes depend on</h3>") && html.contains("Grad-CAM of pool2"))
    #expect(!html.contains(tool.folder.path), "a path of this machine is in the report")
  }

  @Test(.enabled(if: Browser.isInstalled))
  func theBrowserShowsWhatEvaluateSays() throws {
    let tool = try tool()
    try #require(try tool.run("report", "run", "--data", "data").status == 0)
    let found = try Browser.evaluate(
      try tool.folder.text("run/report.html"), width: 360,
      script: """
        return {
          sections: [...document.querySelectorAll("section h2")].map(h => h.textContent.slice(1)),
          fits: document.documentElement.scrollWidth <= innerWidth,
          confusion: [...document.querySelectorAll("#confusion tbody tr")].map(
            row => [...row.querySelectorAll("td")].map(cell => +cell.textContent.replace(",", ""))),
          epochs: [...document.querySelectorAll("table")].find(
            t => t.textContent.includes("train loss")).tBodies[0].rows.length,
          answers: document.getElementById("explorer-count").textContent,
          broken: [...document.images].filter(i => i.complete && i.naturalWidth === 0).length,
          fetched: performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length,
        };
        """)
    #expect(
      found["sections"] as? [String]
        == ["Summary", "Evaluation", "Data", "Model", "Training", "Predictions", "Mistakes"])
    #expect(found["fits"] as? Bool == true)
    let evaluation = try tool.run("evaluate", "run", "--data", "data", "--json").json()
    #expect(found["confusion"] as? [[Int]] == evaluation["confusion"] as? [[Int]])
    #expect(found["epochs"] as? Int == 2)
    #expect(found["answers"] as? String == "50 of 50 predictions")
    #expect(found["broken"] as? Int == 0)
    #expect(found["fetched"] as? Int == 0)
  }

  @Test func whatIsNoRunHasNoReport() throws {
    let tool = try tool()
    let cases: [([String], Int32, String)] = [
      (["nowhere"], 66, "nowhere: not a run folder"),
      (["run/weights/last.safetensors", "-o", "a.html"], 66, "not a run folder"),
      (["run", "-o", "missing/a.html"], 73, "the folder missing does not exist"),
      (["run", "--data", "/nowhere"], 66, "no such file or folder"),
    ]
    for (arguments, status, message) in cases {
      let outcome = try tool.run(["report"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.error)")
      #expect(outcome.output == "")
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.error.contains(message), "\(outcome.error)")
    }
  }
}
