package import Support

/// Options that messages about benchmarks suggest.
extension OptionName {
  package static let json = OptionName("json")
}
