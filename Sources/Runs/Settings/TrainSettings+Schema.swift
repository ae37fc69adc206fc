package import Support

extension TrainSettings {
  /// The JSON Schema of a configuration: every setting with its allowed values and purpose.
  ///
  /// - Parameter wording: How its sentences name options.
  package static func schema(_ wording: any Wording) -> [JSONValue.Member] {
    let version = JSONValue.Member(
      name: "schema", value: ["const": 1, "description": "The version of this schema."])
    let settings = SettingField.all.map { JSONValue.Member(name: $0.key, value: $0.schema(wording)) }
    return [
      .init(name: "type", value: "object"), .init(name: "properties", value: .object([version] + settings)),
      .init(name: "required", value: .array((["schema"] + SettingField.all.map(\.key)).map(JSONValue.string))),
      .init(name: "additionalProperties", value: false),
    ]
  }
}
