/// Which Jacquard this is.
package enum Version {
  /// The version, as semantic versioning numbers it.
  package static let current = "0.1.0"
}
