// The engine's public types use shapes, normalizations and the protocol of samples.
@_exported import Samples
