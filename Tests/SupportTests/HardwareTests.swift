import Support
import Testing

struct HardwareTests {
  @Test func theMachineHasMemoryAndProcessors() throws {
    let memory = try #require(Hardware.memoryByteCount)
    #expect(memory >= 1 << 20)
    #expect(memory.isMultiple(of: Hardware.pageByteCount))
    #expect(Hardware.processorCount >= 1)
  }

  @Test func workThatFitsIsNoShortage() {
    #expect(MemoryShortage(needed: 100, available: 100) == nil)
    #expect(MemoryShortage(needed: 101, available: nil) == nil)
  }

  @Test func aShortageSaysHowMuchIsNeeded() throws {
    let shortage = try #require(MemoryShortage(needed: 101, available: 100))
    #expect(shortage.needed == 101)
    #expect(shortage.available == 100)
  }

  @Test func workThatCannotBeCountedNeverFits() {
    #expect(MemoryShortage(needed: nil, available: .max - 1)?.needed == .max)
    #expect(MemoryShortage(needed: nil) != nil)
  }
}
