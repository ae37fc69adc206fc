internal import Datasets
internal import Figures
internal import Interchange
internal import JacquardEngine

extension TrainingRun {
  /// What TensorBoard shows of an epoch besides its numbers: its first inputs, and how its weights are distributed.
  func tensorBoardViews(epoch: Int) throws -> [TensorBoardEvent.Value] {
    let weights = network.tensors.filter { $0.specification.role != nil }.compactMap { tensor in
      TensorBoardHistogram(network.exportTensor(tensor)).map {
        TensorBoardEvent.Value("weights/\(tensor.name)", .histogram($0))
      }
    }
    guard let sheet = InputSheet(data.training, model: network.model, epoch: epoch) else { return weights }
    let picture = TensorBoardEvent.Value(
      "inputs",
      .picture(
        width: sheet.bitmap.width, height: sheet.bitmap.height, channels: sheet.bitmap.channels,
        png: try sheet.bitmap.png()))
    return weights + [picture]
  }
}
