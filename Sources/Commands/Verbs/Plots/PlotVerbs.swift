internal import ArgumentParser

/// `jacquard plot`: pictures of runs and checkpoints.
struct PlotVerbs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw curves, confusion, calibration, filters, activations or features.",
    subcommands: [
      PlotCurves.self, PlotSchedule.self, PlotConfusion.self, PlotReliability.self, PlotFilters.self,
      PlotActivations.self, PlotFeatures.self,
    ])
}
