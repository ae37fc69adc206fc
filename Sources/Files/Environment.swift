internal import Glibc

/// The environment variables of this process.
package enum Environment {
  /// The value of a variable; nil when it is not set or empty.
  package static func value(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    let value = unsafe String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// All variables, each as `NAME=VALUE`, as this process was given them.
  package static var all: [String] {
    let bytes = (try? FileReader.bytes(ofFileAt: "/proc/self/environ", maximumByteCount: 1 << 24)) ?? []
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The names of all variables that begin with `prefix`, in order.
  package static func names(prefix: String) -> [String] {
    all.filter { $0.hasPrefix(prefix) }.map { $0.prefix { $0 != "=" } }.map(String.init).sorted()
  }
}
