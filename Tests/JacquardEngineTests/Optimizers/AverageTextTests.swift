import JacquardEngine
import Testing

/// The texts of `WeightAverage` and `Lookahead`.
struct AverageTextTests {
  @Test(arguments: [
    ("ema=0.999", WeightAverage.ema(decay: 0.999), "ema=0.999"), ("ema=0", .ema(decay: 0), "ema=0"),
    ("swa=0.75", .swa(share: 0.75), "swa=0.75"), ("swa=0.0", .swa(share: 0), "swa=0"),
    ("swa=7.5e-1", .swa(share: 0.75), "swa=0.75"),
  ])
  func averagesAreReadAndWritten(text: String, average: WeightAverage, canonical: String) {
    #expect(WeightAverage(text) == average)
    #expect(average.description == canonical && WeightAverage(canonical) == average)
  }

  @Test(arguments: [
    "", "ema", "ema=", "ema=1", "ema=-0.1", "ema=nan", "ema=inf", "ema=0.9=1", "swa=1", "swa=2", "swa=75%", "mean=0.5",
    "EMA=0.9", "ema=0.99999999999", "ema= 0.9", "none", "0.999",
  ])
  func otherAveragesAreRefused(text: String) { #expect(WeightAverage(text) == nil) }

  @Test(arguments: [
    ("5", Lookahead(), "5:0.5"), ("5:0.5", Lookahead(), "5:0.5"), ("1:1", Lookahead(steps: 1, share: 1), "1:1"),
    ("100000:0.25", Lookahead(steps: 100_000, share: 0.25), "100000:0.25"),
  ])
  func lookaheadsAreReadAndWritten(text: String, lookahead: Lookahead, canonical: String) {
    #expect(Lookahead(text) == lookahead)
    #expect(lookahead.description == canonical && Lookahead(canonical) == lookahead)
  }

  @Test(arguments: [
    "", "0", "-5", "100001", "5.0", "5:", ":0.5", "5:0", "5:1.1", "5:nan", "5:-1", "5:0.5:1", "5,0.5", "five", "none",
  ])
  func otherLookaheadsAreRefused(text: String) { #expect(Lookahead(text) == nil) }
}
