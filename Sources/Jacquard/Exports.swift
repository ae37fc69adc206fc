// `import Jacquard` gives the whole library.
@_exported import Datasets
@_exported import Interchange
@_exported import JacquardEngine
@_exported import Samples
