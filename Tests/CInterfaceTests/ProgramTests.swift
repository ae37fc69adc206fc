import Foundation
import TestSupport
import Testing

/// Programs in C that use the whole interface, also incorrectly.
@Suite(.enabled(if: Compilers.areInstalled, Compilers.absence))
struct ProgramTests {
  private static let folder = "Tests/CInterfaceTests/Programs/"

  @Test(arguments: ["refusals.c", "training.c", "threads.c", "limits.c"], Program.Linking.allCases)
  func programsFindNoFailure(_ name: String, _ linking: Program.Linking) throws {
    let outcome = try Program(Self.folder + name, compiler: linking == .shared ? "clang" : "gcc", linking: linking)
      .run()
    #expect(outcome.status == 0 && outcome.output == "0 failures\n", "\(outcome.text)")
  }

  /// Sanitizers need a larger stack.
  @Test(.enabled(if: Sanitizer.current == nil), arguments: Program.Linking.allCases)
  func callsNeedNoMoreStackThanTheHeaderSays(_ linking: Program.Linking) throws {
    let header = try String(
      contentsOfFile: InstalledTree.package + "/Sources/JacquardC/include/jacquard.h", encoding: .utf8)
    #expect(header.contains("A call needs 128 KiB of stack"), "stack.c has threads of this size")
    let outcome = try Program(Self.folder + "stack.c", linking: linking).run()
    #expect(outcome.status == 0 && outcome.output == "0 failures\n", "\(outcome.text)")
  }

  @Test(arguments: Program.Linking.allCases)
  func cPlusPlusUsesIt(_ linking: Program.Linking) throws {
    let outcome = try Program(Self.folder + "interface.cpp", compiler: "g++", linking: linking).run()
    // Two images, so the probabilities sum to two.
    #expect(outcome.status == 0 && outcome.output.hasSuffix(" 2.0000\n"), "\(outcome.text)")
  }

  @Test(
    .enabled(
      if: PlainBLAS.canBeMade && Sanitizer.current == nil, "\(PlainBLAS.absence), or a sanitizer is in the library"),
    arguments: Program.Linking.allCases)
  func aBLASThatComputesWrongIsRefused(_ linking: Program.Linking) throws {
    let folder = try TemporaryFolder()
    try PlainBLAS.make(.wrong, in: folder)
    let outcome = try Program(Self.folder + "blas.c", linking: linking).run(libraries: folder.path)
    #expect(outcome.status == 0 && outcome.output == "0 failures\n", "\(outcome.text)")
  }

  /// Under valgrind the processor has no AVX-512: other kernels replace those that need it, and the test is the same.
  @Test(.enabled(if: Compilers.haveValgrind, Compilers.valgrindsAbsence), arguments: ["Haswell", "SkylakeX"])
  func memoryIsSoundWhateverKernelsAreAskedFor(_ core: String) throws {
    let outcome = try Program(Self.folder + "training.c").runChecked(environment: ["OPENBLAS_CORETYPE": core])
    #expect(outcome.status == 0 && outcome.output == "0 failures\n", "\(outcome.text)")
  }

  @Test(
    .enabled(if: Compilers.haveValgrind, Compilers.valgrindsAbsence),
    arguments: ["refusals.c", "training.c", "threads.c"])
  func memoryIsSound(_ name: String) throws {
    let outcome = try Program(Self.folder + name).runChecked()
    #expect(outcome.status == 0 && outcome.output == "0 failures\n", "\(outcome.text)")
  }

  /// A check that finds nothing must be able to find something.
  @Test(.enabled(if: Compilers.haveValgrind, Compilers.valgrindsAbsence))
  func lostHandleIsFound() throws {
    let outcome = try Program(Self.folder + "leak.c").runChecked()
    #expect(outcome.status == 99 && outcome.error.contains("definitely lost"), "\(outcome.text)")
  }
}
