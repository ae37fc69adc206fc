import Interchange
import JacquardEngine
import NumPy
import TestSupport
import Testing

/// The weights of a Keras model, which give the same predictions here.
@Suite(.conformance)
struct KerasTests {
  private static func model() -> Model {
    Model(
      name: "keras", inputShape: .image(height: 9, width: 8, channels: 2),
      preprocessing: Normalization(mean: [0], deviation: [1])
    ) {
      Conv2D(outputChannels: 4, kernelSize: Size2D(height: 3, width: 2))
      ReLU()
      BatchNorm2D(epsilon: 1e-3, momentum: 0.01)
      MaxPool2D(2)
      Conv2D(outputChannels: 6, kernelSize: 3, padding: .same(3), usesBias: false)
      Dropout(0.5)
      Flatten()
      Dense(7)
      ReLU()
      Dense(10)
    }
  }

  @Test func predictionsAgree() throws {
    let folder = try TemporaryFolder()
    _ = try Python.run("keras_write.py", folder.path)
    let weights = try #require(KerasWeights(try NumPyArchive(contentsOf: folder("keras.npz"))))
    let sample = try RandomNetwork(Self.model(), images: 1, seed: 1)
    try weights.load(into: sample.network)
    let inputs = try NumPyArray(contentsOf: folder("keras.in.npy"))
    #expect(inputs.shape == [5, 9, 8, 2])
    let ours = sample.logits(of: RandomImages(shape: sample.network.model.inputShape, count: 5, values: inputs.floats))
    let expected = try NumPyArray(contentsOf: folder("keras.out.npy")).floats
    try #require(ours.count == 50 && expected.count == 50)
    let scale = expected.reduce(1) { max($0, $1.magnitude) }
    for (one, other) in zip(ours, expected) { #expect((one - other).magnitude < 1e-5 * scale) }
  }
}
