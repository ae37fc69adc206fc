package import BLAS
package import Support

extension Machine {
  /// The machine and its BLAS, as `run.json` and the results of several verbs hold them.
  package func json(with library: BLASLibrary) -> JSONValue {
    [
      "cpu": .string(processor),
      "cores": .integer(cores),
      "vector_instructions": .string(vectorInstructions),
      "memory_bytes": memory.map(JSONValue.integer) ?? .null,
      "blas": .string(library.description),
      "blas_core": .string(library.core),
      "blas_core_picked": library.kernels.picked.isEmpty ? .null : .string(library.kernels.picked),
      "blas_core_origin": .string(library.kernels.origin.rawValue),
      "blas_core_reason": .string(library.kernels.reason),
      "blas_threads": library.threads.map(JSONValue.integer) ?? .null,
      "blas_threading": .string(library.threading.rawValue),
      "inference_gemm": .string(MatrixProduct.blas.answering.rawValue),
      "blas_path": library.productPath.map(JSONValue.string) ?? .null,
      "lapacke_path": library.interfacePath.map(JSONValue.string) ?? .null,
      "lapack_path": library.decompositionPath.map(JSONValue.string) ?? .null,
    ]
  }
}
