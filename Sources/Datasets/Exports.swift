// The interface of a data set's types uses the types of samples, and the bytes of files.
@_exported import struct Files.FileError
@_exported import struct Files.StoredBytes
@_exported import Samples
