internal import ArgumentParser

/// `jacquard plot`: draws figures of runs and checkpoints.
struct PlotVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw curves, schedules, confusion, calibration, thresholds, filters, activations or features.",
    subcommands: [
      PlotCurves.self, PlotSchedule.self, PlotConfusion.self, PlotReliability.self, PlotRoc.self,
      PlotPrecisionRecall.self, PlotFilters.self,
      PlotActivations.self, PlotFeatures.self,
    ])
}
