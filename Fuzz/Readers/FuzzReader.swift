/// A reader of untrusted files, as a fuzzer uses it: it takes any bytes and must never trap.
///
/// A reader may reject its input, which is right for most bytes. Whatever it accepts must be consistent; `precondition` checks this, so that a fuzzer
/// notices.
package struct FuzzReader: Sendable {
  /// The reader's name, which is also the name of its folder in `Fuzz/Corpus`.
  package let name: String
  /// Reads the bytes and checks the result.
  package let read: @Sendable ([UInt8]) -> Void

  /// Names a reader.
  package init(name: String, read: @escaping @Sendable ([UInt8]) -> Void) {
    self.name = name
    self.read = read
  }

  /// All readers. A new format needs an entry here and a folder of seeds.
  package static let all: [FuzzReader] = [
    FuzzReader(name: "idx", read: DataFiles.readIDX),
    FuzzReader(name: "gzip", read: DataFiles.readGzip),
    FuzzReader(name: "safetensors", read: WeightsFiles.readSafetensors),
    FuzzReader(name: "checkpoint", read: WeightsFiles.readCheckpoint),
    FuzzReader(name: "npy", read: ArrayFiles.readNumPy),
    FuzzReader(name: "npz", read: ArrayFiles.readArchive),
    FuzzReader(name: "arrays", read: ArrayFiles.readDataSet),
    FuzzReader(name: "keras", read: ArrayFiles.readKeras),
    FuzzReader(name: "onnx", read: ONNXFiles.readONNX),
    FuzzReader(name: "onnx-external", read: ONNXFiles.readExternalData),
    FuzzReader(name: "pytorch", read: PyTorchFiles.readPyTorch),
    FuzzReader(name: "model", read: ModelFiles.readModel),
    FuzzReader(name: "json", read: SettingsFiles.readJSON),
    FuzzReader(name: "config", read: SettingsFiles.readConfiguration),
    FuzzReader(name: "sweep", read: SettingsFiles.readSweep),
    FuzzReader(name: "state", read: SettingsFiles.readState),
    FuzzReader(name: "metrics", read: RunFiles.readMetrics),
    FuzzReader(name: "record", read: RunFiles.readRecord),
    FuzzReader(name: "batch", read: RunFiles.readBatch),
    FuzzReader(name: "benchmark", read: RunFiles.readBenchmark),
    FuzzReader(name: "png", read: PictureFiles.readPNG),
    FuzzReader(name: "jpeg", read: PictureFiles.readJPEG),
    FuzzReader(name: "webp", read: PictureFiles.readWebP),
    FuzzReader(name: "gif", read: PictureFiles.readGIF),
    FuzzReader(name: "bmp", read: PictureFiles.readBMP),
  ]
}
