package import Support

/// What messages about benchmarks advise to choose.
extension OptionName {
  package static let json = OptionName("json")
}
