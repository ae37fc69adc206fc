import LinearAlgebra
import Testing

struct LAPACKErrorTests {
  @Test(arguments: [
    (-1010, "LAPACK ssyev failed with info -1010: no memory for its workspace; use a smaller matrix"),
    (-1011, "LAPACK ssyev failed with info -1011: no memory to transpose the matrix; use a smaller matrix"),
    (
      -5,
      "LAPACK ssyev failed with info -5: argument 5 was refused: it is out of range or holds NaN or infinity; "
        + "check where it comes from"
    ),
    (3, "LAPACK ssyev failed with info 3: it did not converge"),
  ])
  func resultCodesHaveDifferentMessages(info: Int, expected: String) {
    let error = LAPACKError(routine: "ssyev", info: info, failure: "it did not converge")
    #expect(error.description == expected)
    #expect(error.routine == "ssyev" && error.info == info)
  }
}
