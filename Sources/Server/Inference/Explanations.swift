internal import Datasets
internal import Figures
internal import HTTPTypes
internal import JacquardEngine
internal import Runs
internal import Studies
internal import Support
internal import Synchronization

/// Explains answers by Grad-CAM: one at a time, on a thread apart, because it takes several times as long as an answer.
final class Explanations: Sendable {
  /// An explanation as a picture.
  struct Picture: Sendable {
    /// The layer whose activations it shows.
    let layer: String
    /// The image under the map, as a PNG file.
    let png: [UInt8]
  }

  private let explainers = Mutex<[String: (version: String, explainer: Explainer)]>([:])
  private let work: BlockingWork
  private let team: WorkerTeam

  /// Starts the thread.
  init() throws(Failure) {
    work = try BlockingWork(threads: 1, limit: 64)
    team = try WorkerTeam.started(threads: 1, isNamed: false)
  }

  /// What speaks for a class in an image.
  ///
  /// - Parameter pixels: The image as the network sees it, `[H, W, C]`, gray or in color.
  func picture(of pixels: [UInt8], by model: ServedModel, class chosen: Int) async throws(Problem)
    -> Picture
  {
    try await work.result { [self] in
      do {
        return .success(try compute(pixels, model, chosen))
      } catch let failure as Failure {
        return .failure(Problem(.unprocessableContent, PlainWording().text(of: failure.message)))
      } catch {
        return .failure(Problem(.internalServerError, "the explanation could not be drawn"))
      }
    }
  }

  private func compute(_ pixels: [UInt8], _ model: ServedModel, _ chosen: Int) throws -> Picture {
    let set = ImageSet(
      shape: model.shape, classNames: model.classNames, images: pixels, labels: [0])
    let source = try SampleSource(set, normalization: model.loaded.normalization, seed: 0)
    let (layer, map) = try explainers.withLock { known -> (String, SaliencyMap) in
      if known[model.name]?.version != model.version {
        let explainer = try Explainer(
          model.loaded.network, method: .gradcam, team: team, imagesPerWorker: 1)
        known[model.name] = (model.version, explainer)
      }
      guard let explainer = known[model.name]?.explainer,
        let found = try explainer.explanations(of: source, classes: [chosen]).first
      else { throw Failure(.internalError, "there is no explanation.") }
      return (explainer.layer ?? "", found.map)
    }
    let image = Bitmap(model.shape, pixels: pixels)
    let whole = map.resized(height: image.height, width: image.width)
    return Picture(
      layer: layer, png: try image.overlaid(with: whole.values, largest: whole.largest).png())
  }

  /// Ends the thread.
  func stop() { work.stop() }
}
