internal import Support
internal import Files

/// A JSON file with settings of `train`.
enum ConfigurationFile {
  /// Far more than any configuration: a weights file given by mistake is refused before it is read.
  static let largestSize = 1 << 20

  /// The content of a file.
  ///
  /// - Parameter maximumByteCount: A larger file is refused before it is read.
  /// - Throws: a `CommandFailure`, with exit code 66 where there is no such file and 78 where its content is not JSON.
  static func content(
    of path: String, maximumByteCount: Int = ConfigurationFile.largestSize
  ) throws(CommandFailure) -> JSONValue {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: maximumByteCount)
    } catch {
      throw CommandFailure(describing: error)
    }
    do throws(JSONSyntaxError) {
      return try JSONReader.value(of: bytes)
    } catch {
      throw CommandFailure(.badConfiguration, "\(path): \(error); correct the file.")
    }
  }
}
