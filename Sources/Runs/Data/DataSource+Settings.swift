package import Datasets
internal import Files
package import JacquardEngine
internal import Photographs
package import Terminal

extension DataSource {
  /// The data named by an argument, the environment or the system's package, with pictures read according to a run's settings.
  package static func named(
    _ path: String?, _ settings: TrainSettings = TrainSettings(), console: Console? = nil
  ) throws(DatasetError) -> DataSource {
    var environment: [String: String] = [:]
    for name in ["JACQUARD_DATA", "XDG_DATA_HOME", "HOME"] { environment[name] = Environment.value(name) }
    return try find(argument: path, environment: environment, pictures: PictureReading(settings, console: console))
  }
}

extension PictureCache {
  /// Where decoded pictures are kept; nil for nowhere.
  package static var ofEnvironment: PictureCache? {
    var environment: [String: String] = [:]
    for name in ["XDG_CACHE_HOME", "HOME"] { environment[name] = Environment.value(name) }
    environment[SettingVariables.cache] = Environment.text(SettingVariables.cache)
    return .standard(environment: environment)
  }
}

extension TrainSettings {
  /// The settings with which a checkpoint's run read pictures, without its other settings.
  package static func pictures(of checkpoint: Checkpoint) -> TrainSettings {
    var settings = TrainSettings()
    guard let own = checkpoint.provenance.flatMap(WeightsProvenance.settings) else { return settings }
    settings.imageSize = own.imageSize
    settings.fit = own.fit
    settings.inversion = own.inversion
    settings.skipsBroken = own.skipsBroken
    return settings
  }
}

extension PictureReading {
  /// How a run's settings read pictures; decoded ones are kept where the environment says.
  ///
  /// - Parameter console: Where decoding is reported; nil for nowhere.
  package init(_ settings: TrainSettings, console: Console? = nil) {
    var report: (@Sendable (PictureEvent) -> Void)?
    if let console {
      let decoding = DecodingReport(console: console)
      report = { decoding.show($0) }
    }
    self.init(
      decoder: .photographs(fit: settings.fit, inversion: settings.inversion), size: settings.imageSize,
      colors: settings.imageColors,
      skipsBroken: settings.skipsBroken, log: settings.skipsBroken ? PictureLog() : nil,
      cache: PictureCache.ofEnvironment, threads: settings.threads ?? SettingVariables.threads,
      report: report)
  }
}

extension DataSource {
  /// The data as a checkpoint's run read it: its settings and its model fill in what is not set for pictures.
  package func fitted(to checkpoint: Checkpoint) -> DataSource {
    var source = self
    let settings = checkpoint.provenance.flatMap(WeightsProvenance.settings)
    if pictures.size == nil { source.pictures.size = settings?.imageSize }
    // Which images were set aside depends on which images existed.
    if settings?.skipsBroken == true, !pictures.skipsBroken {
      source.pictures.skipsBroken = true
      source.pictures.log = PictureLog()
    }
    if pictures.colors == .automatic { source.pictures.colors = PictureColors(of: checkpoint.model) }
    return source
  }
}

extension DataSource {
  /// The data's content in words if it does not consist of pictures; nil if it does.
  package var contentBesidesPictures: String? {
    switch layout {
    case .idx: "IDX files"
    case .arrays, .archive: "arrays"
    case .pictures, .picturesInParts: nil
    }
  }
}

extension PictureColors {
  /// What a model accepts.
  package init(of model: Model) {
    switch model.inputShape.channels {
    case 1: self = .gray
    case 3: self = .color
    default: self = .automatic
    }
  }
}

extension DataSource.Part {
  /// The part's name in options and results.
  package var name: String {
    switch self {
    case .training: "train"
    case .validation: "validation"
    case .test: "test"
    }
  }
}
