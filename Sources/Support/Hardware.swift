internal import Glibc

/// What the operating system says about the machine.
package enum Hardware {
  /// The memory in bytes that this process can have: the smallest of the machine's, its control group's, and what its own limits leave it.
  /// Nil if the system does not say.
  package static var memoryByteCount: Int? { [machineByteCount, MemoryLimit.ofProcess].compactMap(\.self).min() }

  /// The smaller of physical memory and the limit of the control group, which do not change.
  private static let machineByteCount: Int? = {
    let (pages, pageSize) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let physical = pages > 0 && pageSize > 0 ? pages * pageSize : nil
    return [physical, MemoryLimit.ofControlGroup].compactMap(\.self).min()
  }()

  /// The bytes of a page of memory.
  package static var pageByteCount: Int { sysconf(Int32(_SC_PAGESIZE)) }

  /// The processors that are online; at least 1.
  package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// Work that needs more memory than the machine has. Asking for that memory would end the process.
package struct MemoryShortage: Equatable, Sendable {
  /// The bytes that the work needs.
  package let needed: Int
  /// The bytes that the machine has.
  package let available: Int

  /// Compares what work needs with what the machine has; nil if it fits, or if the system does not say what the machine has.
  ///
  /// - Parameter needed: The bytes that the work needs; nil if they are more than an `Int` can count.
  package init?(needed: Int?, available: Int? = Hardware.memoryByteCount) {
    let needed = needed ?? .max
    guard let available, needed > available else { return nil }
    self.needed = needed
    self.available = available
  }
}
