// Shapes, normalizations and the protocol of samples are part of what the engine's types say.
@_exported import Samples
