internal import Samples
internal import Support

/// The images of several requests, as a predictor's samples.
struct BatchSamples: SampleProvider {
  private let jobs: [InferenceJob]
  /// The job of each sample, and the place of the image in it.
  private let places: [(job: Int, image: Int)]
  private let model: ServedModel

  /// Joins the images of jobs for the same model.
  init(_ jobs: [InferenceJob], model: ServedModel) {
    self.jobs = jobs
    self.model = model
    places = jobs.indices.flatMap { job in (0..<jobs[job].count).map { (job, $0) } }
  }

  var count: Int { places.count }

  var shape: Shape { model.shape }

  func order(epoch: Int, into order: inout MutableSpan<Int32>) {
    for place in order.indices { order[place] = Int32(place) }
  }

  func draw(
    _ samples: Span<Int32>, epoch: Int, into inputs: inout MutableSpan<Float>,
    labels: inout MutableSpan<Int32>
  ) {
    let size = shape.count
    for index in samples.indices {
      let (job, image) = places[Int(samples[index])]
      var output = inputs.part(index * size..<(index + 1) * size)
      model.write(image, of: jobs[job].content, into: &output)
      // The classes are not known, and nothing reads them.
      labels[index] = 0
    }
  }
}
