/// Memory that is alive from the first instant that writes it to the last that reads it.
struct MemoryBlock {
  /// Its elements.
  let count: Int
  var first: Int
  var last: Int

  /// The offsets of the blocks, and the total memory.
  static func place(_ blocks: [MemoryBlock]) -> (offsets: [Int], total: Int) {
    var offsets = Array(repeating: 0, count: blocks.count)
    // Blocks that have been placed, lowest offset first.
    var placed: [Int] = []
    var total = 0
    for index in blocks.indices.sorted(by: { (blocks[$0].count, $1) > (blocks[$1].count, $0) }) {
      let block = blocks[index]
      var offset = 0
      for other in placed where blocks[other].first <= block.last && block.first <= blocks[other].last {
        if offset + block.count <= offsets[other] { break }
        offset = max(offset, offsets[other] + blocks[other].count)
      }
      offsets[index] = offset
      total = max(total, offset + block.count)
      placed.insert(index, at: position(of: offset, among: placed, offsets))
    }
    return (offsets, total)
  }

  /// The position for a block of this offset in a list sorted by offset: after all blocks that do not lie higher.
  private static func position(of offset: Int, among placed: [Int], _ offsets: [Int]) -> Int {
    var (low, high) = (0, placed.count)
    while low < high {
      let middle = (low + high) / 2
      if offsets[placed[middle]] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
