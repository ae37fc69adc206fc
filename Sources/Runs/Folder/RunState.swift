internal import LinearAlgebra
package import JacquardEngine
package import Support

/// Everything that resuming needs besides tensors: the progress, the settings, and how much of the run's files belongs to it.
package struct RunState: Sendable {
  /// The progress of the run.
  package var progress: TrainingProgress
  /// The beginning of the epoch, for a rollback; nil if none can happen.
  var epochStart: TrainingProgress?
  /// The best validation score so far.
  package var best: BestEpoch
  /// The last epoch recorded.
  package var lastEpoch: EpochSummary?
  /// Sums over the sessions.
  package var totals: RunTotals
  /// How much of `metrics.csv` and `events.jsonl` belongs to this state.
  package var sizes: RunJournal.Sizes
  /// The run's settings.
  package var settings: TrainSettings
  /// The SHA-256 of each data file, in the order of `run.json`.
  package var data: [String]
  /// The BLAS that computed it, and the kernels it chose.
  package var library = RunState.thisLibrary

  /// The processor that computed it; nil for a state of an older version, which lacks it.
  package var processor: String? = RunState.thisProcessor

  /// The processor of this process and its usable instructions: kernels of the same name may add in a different order with others.
  static let thisProcessor = {
    let machine = Machine()
    return "\(machine.processor), \(machine.vectorInstructions)"
  }()

  /// The BLAS of this process.
  static var thisLibrary: String {
    let library = BLASLibrary()
    return "\(library) for \(library.core)"
  }

  /// The state as in the metadata of `state/last.safetensors`.
  package var json: JSONValue {
    [
      "schema": 1,
      "version": .string(Version.current),
      "blas": .string(library),
      "processor": processor.map(JSONValue.string) ?? .null,
      // Random numbers are functions of the seed, the epoch and the sample, so there is no generator to save.
      "seed": .integer(Int(settings.seed)),
      "progress": progress.json,
      "epoch_start": epochStart?.json ?? .null,
      "best": best.score.map { score in
        ["epoch": .integer(best.epoch), "step": .integer(best.step), "score": score.exactJSON]
      } ?? .null,
      "last_epoch": lastEpoch?.exactJSON ?? .null,
      "totals": [
        "seconds": .exact(totals.seconds), "training_seconds": .exact(totals.trainingSeconds),
        "trained_images": .integer(totals.trainedImages), "skipped_steps": .integer(totals.skippedSteps),
        "rollbacks": .integer(totals.rollbacks),
      ],
      "files": ["metrics.csv": .integer(sizes.metrics), "events.jsonl": .integer(sizes.events)],
      "data_sha256": .array(data.map(JSONValue.string)),
      "settings": settings.json,
    ]
  }
}

extension TrainingProgress {
  fileprivate var json: JSONValue {
    [
      "step": .integer(step), "epoch": .integer(epoch), "position": .integer(position), "images": .integer(images),
      "correct": .integer(correct), "loss": .exact(loss), "learning_rate": .exact(learningRate),
      "learning_rate_scale": .exact(learningRateScale), "seconds": .exact(seconds),
      "averaged_steps": .integer(averagedSteps),
    ]
  }
}

extension EpochSummary {
  fileprivate var exactJSON: JSONValue {
    [
      "epoch": .integer(epoch), "steps": .integer(steps), "learning_rate": .exact(learningRate),
      "train": training.exactJSON, "validation": validation?.exactJSON ?? .null,
      "images_per_second": .exact(imagesPerSecond), "seconds": .exact(seconds),
    ]
  }
}
