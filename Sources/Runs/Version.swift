/// Which Jacquard this is.
package enum Version {
  /// The version, as semantic versioning numbers it.
  package static let current = "0.1.0"
  /// When it was made, for manual pages.
  package static let date = "2026-11-21"
}
