internal import Files
package import Support

/// An earlier result of the same benchmark, as printed by `--json`.
package struct EarlierBenchmark: Sendable {
  /// The file's path.
  package let path: String
  /// The machine and its BLAS.
  package let machine: JSONValue
  /// The rows.
  package let rows: [JSONValue]

  /// Far larger than any result.
  private static let maximumByteCount = 1 << 24

  /// Reads a file.
  ///
  /// - Throws: a `Failure`, of the kind `noInput` if the file does not exist and `badData` if it is not a result of this benchmark.
  package init(path: String, kind: BenchmarkKind) throws(Failure) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileReader.bytes(ofFileAt: path, maximumByteCount: Self.maximumByteCount)
    } catch {
      throw Failure(error)
    }
    let advice: MessageText = "give a file that 'jacquard bench \(kind.rawValue) \(.json)' printed."
    func refuse(_ reason: String) -> Failure { Failure(.badData, "\(path): \(reason); \(advice)") }
    let content: JSONValue
    do throws(JSONSyntaxError) {
      content = try JSONReader.value(of: bytes)
    } catch {
      throw refuse("\(error)")
    }
    guard case .object = content else { throw refuse("expected a JSON object, found another value") }
    guard content["schema"] == 1 else {
      throw refuse("\"schema\" must be 1, found \(content["schema"]?.text ?? "none")")
    }
    guard content["benchmark"] == .string(kind.rawValue) else {
      throw refuse("\"benchmark\" must be \"\(kind.rawValue)\", found \(content["benchmark"]?.text ?? "none")")
    }
    guard case .array(let rows)? = content["results"] else { throw refuse("\"results\" must be a list of rows") }
    for (index, row) in rows.enumerated() where kind.name(of: row) == nil {
      throw refuse("row \(index + 1) of \"results\" lacks one of \(kind.keys.joined(separator: ", "))")
    }
    self.path = path
    machine = content["machine"] ?? .null
    self.rows = rows
  }

  /// How that machine differs from this one, for a warning; nil if it does not.
  package func machineDifference(from current: JSONValue) -> String? {
    let differences = ["cpu", "cores", "blas", "blas_core"].compactMap { name -> String? in
      let (before, now) = (machine[name] ?? .null, current[name] ?? .null)
      return before == now ? nil : "\(name) was \(before.text) and is \(now.text)"
    }
    guard !differences.isEmpty else { return nil }
    return "\(path) comes from another machine, so the comparison means little: \(differences.joined(separator: "; "))."
  }
}
