/// One value read by several branches: forward computes nothing, backward sums the branches' gradients.
package struct Fork: Operator {
  /// The number of branches.
  var branches = 2

  package var isGradientInPlace: Bool { true }

  package func forward(_ pass: borrowing ForwardPass) {}

  package func backward(_ pass: borrowing BackwardPass) {
    var gradient = pass.changingOutputGradient(0)
    for branch in 1..<branches { Kernels.add(pass.outputGradient(branch), to: &gradient) }
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
