import Jacquard
import Testing

@Suite struct ModelTests {
  @Test(arguments: [("lenet", 61_706), ("cnn", 93_322), ("vgg", 288_170)])
  func namedModelsHaveTheirParameterCounts(name: String, count: Int) throws {
    #expect(try Model.named(name).summary().parameterCount == count)
  }
}
