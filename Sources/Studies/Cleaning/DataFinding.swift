package import Datasets

/// Something about an image of a data set that a person should look at.
package struct DataFinding: Hashable, Sendable {
  /// What is odd about the image.
  package enum Reason: String, CaseIterable, Sendable {
    /// Its label is probably wrong.
    case label
    /// It repeats an earlier image, or a test image, except for small changes.
    case duplicate
    /// It is far less sharp than others.
    case blurred
    /// It has no bright pixels.
    case dark
    /// The picture has far other proportions than others, or is smaller than the network's input.
    case size
  }

  /// The part of the data.
  package let part: DataSource.Part
  /// The image's number in it.
  package let index: Int
  /// Why it is listed.
  package let reason: Reason
  /// How sure or how odd: the probability of the label; the cosine of the features, or 1 without features; the deviation of the sharpness below the median, in
  /// robust standard deviations; the brightness that 99 of 100 pixels do not exceed; the ratio of the proportions to the median, or of the sizes.
  package let score: Double
  /// The class that the image probably shows, the image that it repeats, such as `test:17`, or its size; empty otherwise.
  package let suggestion: String
}
