internal import BLAS

extension Machine {
  /// The machine and its BLAS, as `run.json` and the results of several verbs hold them.
  func json(with library: BLASLibrary) -> JSONValue {
    [
      "cpu": .string(processor),
      "cores": .integer(cores),
      "vector_instructions": .string(vectorInstructions),
      "memory_bytes": memory.map(JSONValue.integer) ?? .null,
      "blas": .string(library.description),
      "blas_core": .string(library.core),
      "blas_threads": .integer(library.threads),
      "blas_threading": .string(library.threading.rawValue),
      "blas_path": library.productPath.map(JSONValue.string) ?? .null,
      "lapacke_path": library.interfacePath.map(JSONValue.string) ?? .null,
      "lapack_path": library.decompositionPath.map(JSONValue.string) ?? .null,
    ]
  }
}
