/// The locks on files and folders that processes on this machine hold at one moment, as the system lists them.
///
/// Looking takes no lock, so it never refuses one to somebody else.
package struct HeldLocks: Sendable {
  private let identities: Set<FileIdentity>
  /// The processes that hold locks, by the number of the file. Some file systems show other device numbers to programs than the
  /// system uses itself.
  private let processes: [UInt: Set<Int>]

  /// Reads the system's list. The list is empty if the system has none.
  package init() {
    let bytes = (try? FileReader.bytes(ofFileAt: "/proc/locks", maximumByteCount: 1 << 24)) ?? []
    self.init(list: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a list in the form of `/proc/locks` (proc_locks(5)).
  package init(list: String) {
    var identities: Set<FileIdentity> = []
    var processes: [UInt: Set<Int>] = [:]
    for line in list.split(separator: "\n") {
      // A line with an arrow in the second place is a process that waits for the lock.
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      guard words.count > 5, words[1] == "FLOCK" else { continue }
      let numbers = words[5].split(separator: ":")
      guard numbers.count == 3, let major = UInt(numbers[0], radix: 16), let minor = UInt(numbers[1], radix: 16),
        let number = UInt(numbers[2])
      else { continue }
      identities.insert(FileIdentity(major: major, minor: minor, number: number))
      if let process = Int(words[4]) { processes[number, default: []].insert(process) }
    }
    self.identities = identities
    self.processes = processes
  }

  /// Whether a process holds the lock on a folder.
  ///
  /// - Parameter process: The process that last said that it works in the folder, if one did.
  package func isHeld(_ path: String, by process: Int?) -> Bool {
    guard let identity = FileIdentity(path: path) else { return false }
    if identities.contains(identity) { return true }
    return process.map { processes[identity.number]?.contains($0) == true } ?? false
  }
}
