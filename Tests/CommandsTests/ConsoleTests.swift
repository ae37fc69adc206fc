import Commands
import Testing

/// The parts of what is shown that need no process.
struct ConsoleTests {
  private let plain = TextStyle(isTerminal: false, noColor: nil, terminalType: nil)

  private func progress(step: Int = 62, left: Double? = 83) -> StepProgress {
    StepProgress(
      epoch: 3, epochCount: 10, step: step, stepCount: 100, loss: 0.23104, accuracy: 0.9151, imagesPerSecond: 9812.4,
      secondsLeft: left)
  }

  @Test(arguments: [
    (
      120,
      "epoch 3/10  [==================>           ]   62%  loss 0.2310  accuracy 0.9151  9,812 images/s  1:23 left"
    ),
    (80, "epoch 3/10   62%  loss 0.2310  accuracy 0.9151  9,812 images/s  1:23 left"),
    (58, "epoch 3/10  [====>  ]   62%  loss 0.2310  accuracy 0.9151"),
    (20, "epoch 3/10   62%  l"),
  ])
  func theBarFitsTheTerminal(columns: Int, expected: String) {
    let line = ProgressBar.line(progress(), columns: columns, style: plain)
    #expect(line == expected)
    #expect(line.count < columns)
  }

  @Test func theBarIsFullOnlyAtTheEnd() {
    #expect(ProgressBar.line(progress(step: 99), columns: 120, style: plain).contains("> ]") == false)
    #expect(ProgressBar.line(progress(step: 99), columns: 120, style: plain).contains("=>]"))
    #expect(ProgressBar.line(progress(step: 100, left: nil), columns: 120, style: plain).contains("==]  100%"))
  }

  @Test func theEpochLineHasNoControlCharacters() {
    let epoch = EpochSummary(
      epoch: 3, epochCount: 10, steps: 1407, learningRate: 1e-3, training: .init(loss: 0.2310, accuracy: 0.9151),
      validation: .init(loss: 0.3, accuracy: 0.89), imagesPerSecond: 9812.4, seconds: 6.12)
    #expect(
      epoch.line(columns: 120)
        == "epoch  3/10  train loss 0.2310 accuracy 0.9151  validation loss 0.3000 accuracy 0.8900  9,812 images/s  6.1 s"
    )
  }

  @Test func theEpochLineFits() {
    var epoch = EpochSummary(
      epoch: 3, epochCount: 10, steps: 1407, learningRate: 1e-3, training: .init(loss: 0.2310, accuracy: 0.9151),
      validation: .init(loss: 0.3, accuracy: 0.89), imagesPerSecond: 9812.4, seconds: 6.12)
    #expect(
      epoch.line(columns: 80) == "epoch  3/10  train loss 0.2310 accuracy 0.9151  validation 0.3000 0.8900  6.1 s")
    #expect(epoch.line(columns: 40) == "epoch  3/10  train loss 0.2310 accuracy ")
    epoch.share = 0.9999
    #expect(epoch.line(columns: 80).hasPrefix("epoch  3/10 (99 %)  train loss 0.2310"))
    // The longest that can be.
    epoch = EpochSummary(
      epoch: 99_999, epochCount: 100_000, steps: 1, learningRate: 1e-3, training: .init(loss: 4e20, accuracy: 0.9151),
      validation: .init(loss: -1e300, accuracy: .nan), imagesPerSecond: 1e300, seconds: .infinity, share: 0.5)
    for columns in 1...200 { #expect(epoch.line(columns: columns).count <= columns) }
    epoch.validation = nil
    epoch.share = 1
    #expect(
      EpochSummary(
        epoch: 1, epochCount: 2, steps: 1, learningRate: 1, training: .init(loss: 1, accuracy: 0.5), validation: nil,
        imagesPerSecond: 12_345, seconds: 61
      ).line(columns: 80) == "epoch 1/2  train loss 1.0000 accuracy 0.5000  12,345 images/s  1:01")
  }

  @Test(arguments: [
    (ProgressMode.auto, true, "xterm", ProgressMode.bar), (.auto, true, "dumb", .plain),
    (.auto, false, "xterm", .plain),
    (.bar, false, "xterm", .bar), (.plain, true, "xterm", .plain), (.none, true, "xterm", .none),
  ])
  func autoLooksAtTheTerminal(mode: ProgressMode, isTerminal: Bool, terminal: String, expected: ProgressMode) {
    #expect(mode.resolved(isTerminal: isTerminal, terminalType: terminal) == expected)
  }

  @Test func namesOfOthersSendNothingToTheTerminal() {
    let name = "a\u{1B}[31m\u{9B}2J\u{7F}\tb é"
    let shown = #"a\u{1B}[31m\u{009B}2J\u{7F}\tb é"#
    #expect(CommandFailure.visible(name) == shown)
    #expect(CommandFailure.singleLine(" " + name + "\n c ") == shown + " c")
    var table = TextTable([("name", .left)])
    table.append([name])
    #expect(table.lines.last == shown)
  }

  @Test func tablesAreAligned() {
    var table = TextTable([("name", .left), ("count", .right)])
    table.append(["a", "12,345"])
    table.append(["longer", "1"])
    #expect(table.lines == ["name     count", "------  ------", "a       12,345", "longer       1"])
    #expect(TextTable.pairs([("a", "1"), ("long", "")]) == ["a     1", "long"])
  }

  @Test(arguments: [
    ("90", 90.0), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("1h1s", 3601), ("0.5", 0.5),
    ("1e-06s", 1e-6),
  ])
  func durationsAreRead(text: String, seconds: Double) {
    #expect(DurationText.seconds(text) == seconds)
  }

  @Test(arguments: ["", "0", "-5", "10x", "m", "30m1h", "1m1m", "1m30", "inf", "nan"])
  func otherTextsAreNoDurations(text: String) {
    #expect(DurationText.seconds(text) == nil)
  }

  @Test func theBestEpochHasTheHighestAccuracyThenTheLowestLoss() {
    var best = BestEpoch()
    let scores: [EpochSummary.Score] = [
      .init(loss: 0.5, accuracy: 0.8), .init(loss: 0.5, accuracy: 0.8), .init(loss: 0.1, accuracy: 0.79),
      .init(loss: 0.4, accuracy: 0.8), .init(loss: 0.9, accuracy: 0.81),
    ]
    let improvements = scores.enumerated().map { best.improves(with: $1, epoch: $0 + 1, step: 10 * ($0 + 1)) }
    #expect(improvements == [true, false, false, true, true])
    #expect(best.epoch == 5)
    #expect(best.step == 50)
    #expect(best.score == scores[4])
  }
}
