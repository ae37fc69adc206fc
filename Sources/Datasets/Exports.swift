// The interface of a data set's types uses the types of samples, and the bytes of files.
@_exported import Files
@_exported import Samples
