internal import HTTPTypes
internal import Support

/// What a client of `/v1/predict` asks for in the address.
struct PredictQuery {
  /// The model's name; nil for the first one.
  var model: String?
  /// The number of classes to list.
  var top = 5
  /// Whether to explain each answer by Grad-CAM.
  var explains = false
  /// Whether to return each picture as the network sees it.
  var showsInput = false

  /// Reads the part of an address after the question mark.
  ///
  /// - Throws: a `Problem` that names what is wrong.
  init(_ query: String) throws(Problem) {
    for item in query.split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let (name, value) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      switch name {
      case "model": model = value
      case "top":
        guard let number = Int(value), (1...1000).contains(number) else {
          throw Problem(
            .badRequest, "top must be a whole number from 1 to 1000, not \"\(value.prefix(40))\"")
        }
        top = number
      case "explain":
        guard ["gradcam", "none"].contains(value) else {
          throw Problem(.badRequest, "explain must be gradcam or none, not \"\(value.prefix(40))\"")
        }
        explains = value == "gradcam"
      case "input":
        guard ["true", "false"].contains(value) else {
          throw Problem(.badRequest, "input must be true or false, not \"\(value.prefix(40))\"")
        }
        showsInput = value == "true"
      default:
        let hint = Suggestion.closest(to: name, among: ["model", "top", "explain", "input"])
        throw Problem(
          .badRequest,
          "there is no parameter \"\(name.prefix(40))\"; \(hint.map { "did you mean \($0)?" } ?? "there are model, top, explain and input")"
        )
      }
    }
  }
}
