internal import Glibc
package import Support

extension FileError: CustomStringConvertible {
  /// The `errno` of the failed system call; nil for other reasons.
  public var systemCode: Int32? {
    if case .system(let code) = cause { code } else { nil }
  }

  /// The kind of failure, from which the command line derives its exit code.
  public var category: Category {
    switch cause {
    case .tooLarge, .tooShort, .nameNotUTF8, .link: return .badInput
    case .system, .notAFile, .displaced: break
    }
    switch operation {
    case .open: return .noSuchInput
    case .read: return systemCode == EISDIR ? .noSuchInput : .inputOutput
    case .create, .createFolder, .replace: return .cannotCreate
    case .write, .synchronize, .close: return .inputOutput
    }
  }

  /// What failed, where and why, and what to do about it.
  package var diagnostic: Diagnostic {
    Diagnostic(
      place: path.isEmpty ? "(empty path)" : path, problem: "cannot \(verb): \(reason)", advice: advice ?? "")
  }

  /// One line that says what failed, where, why, and what to do about it.
  public var description: String { diagnostic.description }

  private var verb: String {
    switch operation {
    case .open where isAboutName: "read the folder"
    case .open, .read: "read the file"
    case .create: "create the file"
    case .createFolder: "create the folder"
    case .write: "write the file"
    case .synchronize: "flush the file to the disk"
    case .close: "close the file"
    case .replace: "put the new file in place"
    }
  }

  private var isAboutName: Bool { if case .nameNotUTF8 = cause { true } else { false } }

  /// A name as a shell shows it, with bytes that are not text as `\xE9`.
  private static func escaped(_ name: [UInt8]) -> String {
    let shown = name.prefix(80).map { byte in
      (0x20..<0x7F).contains(byte) ? String(Unicode.Scalar(byte)) : "\\x" + NumberText.hexadecimal([byte])
    }
    return "\"" + shown.joined() + (name.count > 80 ? "…" : "") + "\""
  }

  private var reason: String {
    switch cause {
    case .system(let code): SystemCode(rawValue: code).message
    case .tooLarge(let maximum): "it is longer than the limit of \(maximum) bytes"
    case .tooShort(let minimum, let found): "it has \(found) bytes, but \(minimum) were written to it before"
    case .notAFile: "it is a device or a pipe"
    case .displaced: "it was removed or replaced while it was being written"
    case .nameNotUTF8(let bytes): "it contains the name \(Self.escaped(bytes)), which is not UTF-8"
    case .link: "it is a symbolic link"
    }
  }

  private var advice: String? {
    switch cause {
    case .tooLarge: "check that it is the file you mean"
    case .tooShort: "it has been truncated or replaced: restore the whole file"
    case .notAFile: "name a regular file"
    case .displaced: "keep other programs away from it"
    case .nameNotUTF8: "rename it"
    case .link: "replace the link by the file"
    case .system(let code): Self.advice(forSystemCode: code, isInput: operation == .open || operation == .read)
    }
  }

  private static func advice(forSystemCode code: Int32, isInput: Bool) -> String? {
    switch code {
    case ENOENT: isInput ? "check the path" : "create its folder first"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case EISDIR: "name a file, not a folder"
    case EACCES, EPERM: "check the permissions of the file and of its folder"
    case EROFS: "choose a folder on a disk that can be written"
    case ENOSPC, EDQUOT: "free some space on the disk"
    case EFBIG: "raise the limit on file sizes (ulimit -f)"
    case EMFILE, ENFILE: "raise the limit on open files (ulimit -n)"
    case ENAMETOOLONG: "choose a shorter name"
    case EIO: "check the disk"
    default: nil
    }
  }
}
