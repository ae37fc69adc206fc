import Datasets
import Testing

/// The real data. The tests require it: if it is missing, install `dataset-fashion-mnist`.
struct FashionMNISTTests {
  @Test func theDebianPackageLoadsAndHasItsKnownStatistics() throws {
    let folder = try DataSource.find(argument: FashionMNIST.systemFolder, environment: [:])
    let (training, found) = try folder.loadBoth()
    let test = try #require(found)
    #expect(training.count == 60_000)
    #expect(test.count == 10_000)
    #expect(training.shape == Shape.image(height: 28, width: 28, channels: 1))
    #expect(test.shape == training.shape)
    let statistics = training.statistics
    #expect(statistics.classCounts == [Int](repeating: 6000, count: 10))
    #expect(test.statistics.classCounts == [Int](repeating: 1000, count: 10))
    #expect(abs(statistics.overall.mean - 0.28604) < 0.000_005)
    #expect(abs(statistics.overall.deviation - 0.35302) < 0.000_005)
    #expect(statistics.channels == [statistics.overall])
    // The first labels of both files, as published with the data.
    #expect(Array(training.labels.prefix(5)) == [9, 0, 0, 3, 0])
    #expect(Array(test.labels.prefix(5)) == [9, 2, 1, 1, 6])
    #expect(training.classNames[9] == "Ankle boot")
  }
}
