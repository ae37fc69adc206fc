internal import Datasets
internal import Support

extension DatasetError {
  /// A picture that cannot be read, for programs.
  var pictureJSON: JSONValue {
    var reason = diagnostic
    reason.place = ""
    return ["path": .string(path), "error": .string(reason.description)]
  }
}
