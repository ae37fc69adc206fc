internal import Files
package import Support

/// A JSON file with settings of `train`.
package enum ConfigurationFile {
  /// Far larger than any configuration: a weights file given by mistake is rejected before it is read.
  package static let largestSize = 1 << 20

  /// The content of a file.
  ///
  /// - Parameter maximumByteCount: A larger file is rejected before it is read.
  /// - Throws: a `Failure`, of the kind `noInput` if the file does not exist and `badConfiguration` if it is not JSON.
  package static func content(
    of path: String, maximumByteCount: Int = ConfigurationFile.largestSize
  ) throws(Failure) -> JSONValue {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: maximumByteCount)
    } catch {
      throw Failure(error)
    }
    do throws(JSONSyntaxError) {
      return try JSONReader.value(of: bytes)
    } catch {
      throw Failure(.badConfiguration, "\(path): \(error); correct the file.")
    }
  }
}
