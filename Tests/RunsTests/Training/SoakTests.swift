import CommandTestSupport
import Foundation
import TestSupport
import Testing

/// A long run uses no more memory at its end than after its first epochs.
struct SoakTests {
  /// Sanitizers keep freed memory, and remember its owner.
  @Test(.enabled(if: Sanitizer.current == nil))
  func memoryStaysFlat() throws {
    let runs = try TinyRun(isInMemory: true)
    // Each epoch trains, evaluates, writes its row and saves; 400 epochs of three steps.
    let outcome = try runs.begin("run", ["--epochs", "400", "--save-every", "1000"])
    #expect(outcome.status == 0)
    let memory = try runs.tool.folder.text("run/events.jsonl").matches(of: /"resident_memory_bytes":(\d+)/).compactMap {
      Int($0.1)
    }
    #expect(memory.count == 400)
    let (early, late) = (memory[20..<100].max() ?? 0, memory[300...].max() ?? 0)
    #expect(early > 1 << 20)
    // A leak of even a kilobyte per epoch adds up to a quarter of a megabyte here.
    #expect(late - early < 256 << 10, "\(early) bytes after 100 epochs, \(late) after 400")
  }
}
