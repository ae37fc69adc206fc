/// Batch normalization whose running statistics are frozen: in training it computes what it computes in inference, and each image by itself.
///
/// `y = weight · (x − running mean) / √(running variance + ε) + bias`. Weight and bias may still train.
struct FixedNormalization: Operator {
  private let norm: BatchNormalization

  init(_ norm: BatchNormalization) { self.norm = norm }

  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var scratchCount: Int { norm.scratchCount }
  var exchangeCount: Int { norm.exchangeCount }

  func forward(_ pass: borrowing ForwardPass) {
    norm.prepareRunningScale(pass)
    var output = pass.output()
    norm.normalize(pass, pass.input(), slope: 1, into: &output)
  }

  func backward(_ pass: borrowing BackwardPass) {
    norm.prepareRunningStatistics(pass)
    if pass.forward.bound.node.isTrained {
      norm.clearSums(pass)
      norm.addSums(pass, pass.input(), gradient: pass.outputGradient())
      norm.finishSums(pass)
    }
    guard pass.needsInputGradient else { return }
    var gradient = pass.changingOutputGradient()
    norm.changeGradient(pass, pass.input(), gradient: &gradient)
  }
}
