internal import ArgumentParser
internal import Support

extension SettingDescription {
  /// Rejects an out-of-range number for this setting's flag in a verb that does not train.
  func check(_ number: Int?) throws(ValidationError) {
    guard let number, !allows(number) else { return }
    let flag = CommandLineWording().text(of: OptionName(key: key))
    throw ValidationError("\(flag) must be \(allowed), not '\(number)'.")
  }
}
