/// The version of Jacquard.
package enum Version {
  /// The version, in semantic versioning.
  package static let current = "0.1.0"
  /// The release date, for manual pages.
  package static let date = "2026-11-21"
}
