internal import Glibc

/// The environment variables of this process.
package enum Environment {
  /// The value of a variable; nil when it is not set or empty.
  package static func value(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    let value = unsafe String(cString: text)
    return value.isEmpty ? nil : value
  }

  /// The value of a variable, which may be empty; nil when it is not set.
  package static func text(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The bytes of this process's arguments, its name first; empty if the system does not provide them.
  package static var argumentBytes: [[UInt8]] {
    let bytes = (try? FileReader.bytes(ofFileAt: "/proc/self/cmdline", maximumByteCount: 1 << 24)) ?? []
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
  }

  /// The variables whose names begin with `prefix`, with the bytes of their values.
  package static func bytes(prefix: String) -> [(name: String, value: [UInt8])] {
    allBytes.filter { $0.starts(with: prefix.utf8) }.map { variable in
      let name = variable.prefix { $0 != UInt8(ascii: "=") }
      return (String(decoding: name, as: UTF8.self), Array(variable.dropFirst(name.count + 1)))
    }
  }

  private static var allBytes: [ArraySlice<UInt8>] {
    let bytes = (try? FileReader.bytes(ofFileAt: "/proc/self/environ", maximumByteCount: 1 << 24)) ?? []
    return bytes.split(separator: 0)
  }

  /// All variables, each as `NAME=VALUE`, as this process received them.
  package static var all: [String] {
    allBytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The sorted names of all variables that begin with `prefix`.
  package static func names(prefix: String) -> [String] {
    all.filter { $0.hasPrefix(prefix) }.map { $0.prefix { $0 != "=" } }.map(String.init).sorted()
  }
}
