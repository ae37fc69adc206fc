import JacquardEngine
import Testing

/// McNemar's test against SciPy 1.17: `binomtest(min(b, c), b + c, 0.5).pvalue` and
/// `chi2.sf(max(0, abs(b - c) - 1)**2 / (b + c), 1)`.
struct McNemarTests {
  @Test(arguments: [
    (1, 0, 1.0), (0, 5, 0.0625), (3, 9, 0.14599609375), (10, 14, 0.5412561893463135), (12, 12, 1.0), (0, 0, 1.0),
  ])
  func fewImagesAreCountedExactly(first: Int, second: Int, expected: Double) {
    for test in [
      McNemarTest(onlyFirst: first, onlySecond: second), McNemarTest(onlyFirst: second, onlySecond: first),
    ] {
      #expect(test.method == .exact)
      #expect(abs(test.pValue - expected) <= 1e-14 * expected)
    }
  }

  @Test(arguments: [
    (10, 15, 0.4237107971667936), (20, 40, 0.014171388254012323), (121, 59, 5.450094825427117e-06), (300, 301, 1.0),
    (1000, 1300, 4.5298895227616383e-10), (50, 50, 1.0),
  ])
  func manyImagesFollowChiSquared(first: Int, second: Int, expected: Double) {
    for test in [
      McNemarTest(onlyFirst: first, onlySecond: second), McNemarTest(onlyFirst: second, onlySecond: first),
    ] {
      #expect(test.method == .chiSquared)
      #expect(abs(test.pValue - expected) <= 1e-12 * expected)
    }
  }
}
