extension BatchNormalization: Operator {
  var isGradientInPlace: Bool { true }
  var retains: Retention { .input }
  var trainingPhases: Int { 2 }

  func forward(_ pass: borrowing ForwardPass) {
    if pass.isTraining && pass.phase == 0 { return addMoments(pass, pass.input(), after: 0) }
    if pass.isTraining {
      mergeStatistics(pass)
      prepareScale(pass)
    } else {
      prepareRunningScale(pass)
    }
    var output = pass.output()
    normalize(pass, pass.input(), slope: 1, into: &output)
  }

  func backward(_ pass: borrowing BackwardPass) {
    guard pass.isTraining else { return scaleGradient(pass) }
    if pass.phase == 0 {
      mergeStatistics(pass.forward)
      clearSums(pass)
      addSums(pass, pass.input(), gradient: pass.outputGradient())
      finishSums(pass)
    } else if pass.needsInputGradient {
      mergeStatistics(pass.forward)
      prepareMeans(pass)
      var gradient = pass.changingOutputGradient()
      changeGradient(pass, pass.input(), gradient: &gradient)
    }
  }
}
