internal import Glibc

/// The limits on this process's memory, apart from the machine's size.
package enum MemoryLimit {
  /// The bytes that this process can still allocate under its limits (`ulimit -v` and `ulimit -d`); nil without a
  /// limit.
  package static var ofProcess: Int? {
    let used = text("/proc/self/statm").map { $0.split(separator: " ") } ?? []
    let pageSize = Hardware.pageByteCount
    // The limits on the address space and on its data segment.
    let places = [(Int32(RLIMIT_AS.rawValue), 0), (Int32(RLIMIT_DATA.rawValue), 5)]
    return places.compactMap { resource, place -> Int? in
      var limits = rlimit()
      guard unsafe getrlimit(resource, &limits) == 0, limits.rlim_cur != rlim_t.max else { return nil }
      let pages = place < used.count ? Int(used[place]) ?? 0 : 0
      return max(0, Int(clamping: limits.rlim_cur) - pages * pageSize)
    }.min()
  }

  /// The memory limit of the process's control group and its ancestors; nil without a limit.
  package static var ofControlGroup: Int? {
    let groups = text("/proc/self/cgroup").map { $0.split(separator: "\n") } ?? []
    return groups.compactMap { line -> Int? in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      if parts[1].isEmpty { return limit(inTree: "/sys/fs/cgroup", group: parts[2], file: "memory.max") }
      guard parts[1].split(separator: ",").contains("memory") else { return nil }
      return limit(inTree: "/sys/fs/cgroup/memory", group: parts[2], file: "memory.limit_in_bytes")
    }.min()
  }

  /// The smallest limit of a group and its ancestors. In a container the group is the root of the tree, regardless of its name outside.
  private static func limit(inTree root: String, group: Substring, file: String) -> Int? {
    var path = group == "/" ? "" : String(group)
    var found: [Int] = []
    while true {
      if let content = text("\(root)\(path)/\(file)"), let bytes = byteCount(content) { found.append(bytes) }
      guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
      path = String(path[..<slash])
    }
    return found.min()
  }

  /// The number in a control group's file; nil for "max" and for the huge number that means the same on older systems.
  package static func byteCount(_ content: String) -> Int? {
    guard let word = content.split(whereSeparator: \.isWhitespace).first, let bytes = Int(word), bytes < 1 << 60 else {
      return nil
    }
    return bytes
  }

  /// The beginning of a small system file; nil if it is missing.
  private static func text(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
