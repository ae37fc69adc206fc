// The interface of a data set's types uses the types of samples.
@_exported import Samples
