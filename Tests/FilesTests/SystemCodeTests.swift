import Files
import Glibc
import Testing

struct SystemCodeTests {
  @Test func theSystemHasWordsForItsNumbers() {
    #expect(SystemCode(rawValue: ENOENT).message == "No such file or directory")
    #expect(SystemCode(rawValue: 100_000).message == "Unknown error 100000")
    #expect(SystemCode.outOfMemory.rawValue == ENOMEM)
  }

  @Test func theMachineIsNotThePath() {
    #expect(SystemCode(rawValue: EIO).isSystemFailure)
    #expect(SystemCode(rawValue: EMFILE).isSystemFailure)
    #expect(!SystemCode(rawValue: ENOENT).isSystemFailure)
    #expect(!SystemCode(rawValue: EACCES).isSystemFailure)
  }
}
