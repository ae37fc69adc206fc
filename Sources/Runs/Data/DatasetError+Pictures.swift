internal import Datasets
package import Support

extension DatasetError {
  /// A picture that cannot be read, for programs.
  package var pictureJSON: JSONValue {
    var reason = diagnostic
    reason.place = ""
    return ["path": .string(path), "error": .string(reason.description)]
  }
}
