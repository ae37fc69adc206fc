import Glibc

/// Softmax cross-entropy with smoothed labels as it is defined: −Σ q log p, `p = exp z / Σ exp z`.
struct ReferenceCrossEntropy {
  let classes: Int
  let labelSmoothing: Double

  /// The sum of the losses of all rows of `logits [images][classes]`, each below 700 in magnitude.
  func loss(_ logits: [Double], labels: [Int32]) -> Double {
    var sum = 0.0
    for (image, label) in labels.enumerated() {
      let row = logits[image * classes..<(image + 1) * classes]
      let normalizer = row.reduce(0) { $0 + exp($1) }
      for (index, logit) in row.enumerated() {
        let target = (index == Int(label) ? 1 - labelSmoothing : 0) + labelSmoothing / Double(classes)
        if target > 0 { sum -= target * (logit - log(normalizer)) }
      }
    }
    return sum
  }
}
