import Support
import Testing

struct NumberTextTests {
  @Test func numbersReadWell() {
    #expect(NumberText.fixed(0.99995, decimals: 4) == "1.0000")
    #expect(NumberText.fixed(-0.00001, decimals: 4) == "0.0000")
    #expect(NumberText.fixed(-1.5, decimals: 1) == "-1.5")
    #expect(NumberText.fixed(12, decimals: 0) == "12")
    #expect(NumberText.fixed(.nan, decimals: 2) == "nan")
    #expect(NumberText.grouped(93322) == "93,322")
    #expect(NumberText.grouped(999) == "999")
    #expect(NumberText.grouped(-1_234_567) == "-1,234,567")
    #expect(NumberText.clock(3725) == "1:02:05")
    #expect(NumberText.duration(8.04) == "8.0 s")
    #expect(NumberText.duration(125) == "2:05")
    #expect(NumberText.bytes(1536) == "1.5 KiB")
    #expect(NumberText.bytes(1023) == "1023 B")
  }
}
