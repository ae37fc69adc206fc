import LinearAlgebra
import Testing

struct BadArgumentTests {
  @Test(arguments: MatrixProduct.allCases, BadProduct.allCases)
  func badProductsStopTheProcess(product: MatrixProduct, bad: BadProduct) async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [product, bad] in
      bad.call(product)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("Precondition failed: \(bad.message)"))
  }

  @Test func tooFewElementsForEigenvaluesStopTheProcess() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Decomposition.symmetricEigen([1, 2, 3], order: 2)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("symmetricEigen: expected 4 elements for a matrix of 2×2, found 3"))
  }

  @Test func moreColumnsThanRowsStopTheProcess() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Decomposition.orthonormalColumns([1, 2], rows: 1, columns: 2)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("orthonormalColumns: expected at least as many rows as columns, found 1×2"))
  }

  @Test func negativeSizesStopTheProcess() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Decomposition.orthonormalColumns([], rows: 0, columns: -1)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("orthonormalColumns: expected sizes of 0 to 2147483647, found 0×-1"))
  }
}
