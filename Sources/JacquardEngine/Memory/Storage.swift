internal import Glibc
internal import Support

/// A fixed block of zeroed memory, 64-byte aligned, that hands out spans of its parts.
///
/// This is the unsafe core of the engine's memory: several workers read and write disjoint parts of one block at the same time, which the language's
/// exclusivity rule cannot express for a single variable. The memory plan makes it sound: two spans that are alive together overlap only if both are
/// read. `MemoryPlan` computes that, and its tests check it.
@safe final class Storage<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let count: Int
  private let base: UnsafeMutablePointer<Element>
  /// Bytes of fresh pages; 0 for memory from the allocator.
  private let mappedBytes: Int

  /// `count` elements of value zero.
  init(count: Int) {
    require(count >= 0, "Storage: count must not be negative, found \(count)")
    self.count = count
    let bytes = max(1, count * MemoryLayout<Element>.stride)
    mappedBytes = bytes >= Self.fewestMappedBytes ? bytes : 0
    let memory = unsafe mappedBytes > 0 ? Self.map(bytes) : .allocate(byteCount: bytes, alignment: 64)
    if mappedBytes == 0 { unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit {
    if mappedBytes > 0 {
      unsafe munmap(base, mappedBytes)
    } else {
      unsafe UnsafeMutableRawPointer(base).deallocate()
    }
  }

  /// The size from which memory comes as fresh pages, which are zero and use no memory until they are written.
  private static var fewestMappedBytes: Int { 1 << 20 }

  private static func map(_ bytes: Int) -> UnsafeMutableRawPointer {
    let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      failPrecondition("Storage: the system cannot provide \(bytes) bytes of memory")
    }
    return unsafe memory
  }

  /// The elements of `range`, to read.
  @_lifetime(borrow self)
  func read(_ range: Range<Int>) -> Span<Element> {
    require(range.lowerBound >= 0 && range.upperBound <= count, "Storage: \(range) is outside 0..<\(count)")
    let span = unsafe Span(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The elements of `range`, to write; the caller's plan keeps the range disjoint from every other span in use.
  @_lifetime(borrow self)
  func write(_ range: Range<Int>) -> MutableSpan<Element> {
    require(range.lowerBound >= 0 && range.upperBound <= count, "Storage: \(range) is outside 0..<\(count)")
    let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// All elements, to read.
  var all: Span<Element> { @_lifetime(borrow self) get { read(0..<count) } }

  /// All elements, to write.
  var allMutable: MutableSpan<Element> { @_lifetime(borrow self) get { write(0..<count) } }

  /// All elements in an array.
  func copy() -> [Element] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Sets all elements; `values` must have as many.
  func set(_ values: [Element]) {
    require(values.count == count, "Storage: needs \(count) elements, found \(values.count)")
    for index in values.indices { self[index] = values[index] }
  }

  subscript(index: Int) -> Element {
    get {
      require(index >= 0 && index < count, "Storage: index \(index) is outside 0..<\(count)")
      return unsafe base[index]
    }
    set {
      require(index >= 0 && index < count, "Storage: index \(index) is outside 0..<\(count)")
      unsafe base[index] = newValue
    }
  }
}
