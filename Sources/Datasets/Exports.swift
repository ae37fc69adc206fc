// What a data set draws, and in which form, is part of what its types say.
@_exported import Samples
