/// One value read by two branches: nothing to compute forward, the sum of both gradients backward.
package struct Fork: Operator {
  package var isGradientInPlace: Bool { true }

  package func forward(_ pass: borrowing ForwardPass) {}

  package func backward(_ pass: borrowing BackwardPass) {
    var gradient = pass.changingOutputGradient(0)
    Kernels.add(pass.outputGradient(1), to: &gradient)
  }
}

/// The sum of two values: the end of a skip path.
struct Sum: Operator {
  var isInPlace: Bool { true }

  func forward(_ pass: borrowing ForwardPass) {
    var output = pass.output()
    Kernels.add(pass.input(1), to: &output)
  }

  func backward(_ pass: borrowing BackwardPass) {
    var skip = pass.inputGradient(1)
    Kernels.copy(pass.outputGradient(), to: &skip)
  }
}
