import FoundationEssentials
import JacquardEngine

/// `Fixtures/pytorch_step.json`: PyTorch's results in float64; `Fixtures/README.md` explains each field.
struct PyTorchFixture: Decodable {
  struct OptimizerSettings: Decodable {
    let lr: Double
    let momentum: Double?
    let nesterov: Bool?
    let weight_decay: Double
  }

  /// A summary of a tensor in a few numbers.
  struct Digest: Decodable {
    let sum: Double
    let norm: Double
    let values: [Double]
  }

  struct Images: Decodable {
    let at: [Int]
    let sum: Double
    let norm: Double
    let values: [Double]
  }

  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    let at: [Int]
    let initial: Digest
    let gradient: Digest?
    let after_first_step: Digest?
  }

  /// The deviation of PyTorch's float32 from these numbers.
  struct Deviation: Decodable {
    let losses: Double
    let logits: Double
    let gradient: Double
    let after: Double
    let update: Double
    let eval_logits: Double
  }

  struct Run: Decodable {
    let losses: [Double]
    let eval_logits: [[Double]]
    let after: [String: Digest]
    let float32_deviation: Deviation
  }

  struct Case: Decodable {
    let parameters: Int
    let batch: Int
    let image_tensor: Int
    let labels: [Int32]
    let images: Images
    let logits: [[Double]]
    let tensors: [Tensor]
    let runs: [String: Run]
  }

  let optimizers: [String: OptimizerSettings]
  let models: [String: Case]

  static func load() throws -> PyTorchFixture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(
      PyTorchFixture.self, from: Data(contentsOf: folder.appending(path: "Fixtures/pytorch_step.json")))
  }
}

/// The inputs, by the formula of `Fixtures/README.md`.
enum PyTorchInputs {
  static func mix(_ tensor: Int, _ index: Int) -> UInt64 {
    var z = UInt64(tensor) << 32 &+ UInt64(index) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  static func unit(_ tensor: Int, _ index: Int) -> Float { Float(mix(tensor, index) >> 40) / 0x1p24 }

  static func images(_ fixture: PyTorchFixture.Case) -> [Float] {
    (0..<fixture.batch * 28 * 28).map { (unit(fixture.image_tensor, $0) - 0.28604) / 0.35302 }
  }

  static func labels(_ fixture: PyTorchFixture.Case) -> [Int32] {
    (0..<fixture.batch).map { Int32(mix(1001, $0) % 10) }
  }

  /// The initial values of the trainable tensor number `ordinal`, in the order of files.
  static func initial(_ tensor: NetworkTensor, ordinal: Int) -> [Float] {
    let shape = tensor.specification.order.fileShape
    let isNorm = tensor.name.hasPrefix("bn")
    return (0..<tensor.range.count).map { index in
      let u = unit(ordinal, index)
      if shape.count > 1 {
        let fanIn = shape.dropFirst().reduce(1, *)
        return (2 * u - 1) * Float((6 / Double(fanIn)).squareRoot())
      }
      return isNorm && tensor.name.hasSuffix("weight") ? 0.5 + u : (2 * u - 1) * 0.1
    }
  }
}
