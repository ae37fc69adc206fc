internal import Glibc

/// What the operating system reports about the machine.
package enum Hardware {
  /// The memory in bytes that this process can use: the minimum of physical memory, the control group's limit, and the memory left by the process's
  /// own limits. Nil if the system does not report it.
  package static var memoryByteCount: Int? { [machineByteCount, MemoryLimit.ofProcess].compactMap(\.self).min() }

  /// The minimum of physical memory and the control group's limit; both are constant.
  private static let machineByteCount: Int? = {
    let (pages, pageSize) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let physical = pages > 0 && pageSize > 0 ? pages * pageSize : nil
    return [physical, MemoryLimit.ofControlGroup].compactMap(\.self).min()
  }()

  /// The size of a memory page in bytes.
  package static var pageByteCount: Int { sysconf(Int32(_SC_PAGESIZE)) }

  /// The number of processors that are online; at least 1.
  package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// Work that needs more memory than the machine has. Allocating it would end the process.
package struct MemoryShortage: Equatable, Sendable {
  /// The bytes that the work needs.
  package let needed: Int
  /// The bytes that the machine has.
  package let available: Int

  /// Compares the memory that the work needs with the machine's; returns nil if the work fits or if the machine's
  /// memory is unknown.
  ///
  /// - Parameter needed: The bytes that the work needs; nil if they are more than an `Int` can count.
  package init?(needed: Int?, available: Int? = Hardware.memoryByteCount) {
    let needed = needed ?? .max
    guard let available, needed > available else { return nil }
    self.needed = needed
    self.available = available
  }
}
