internal import CJacquard
internal import JacquardEngine

extension CallerSamples {
  /// The samples that an argument describes, checked.
  ///
  /// - Parameters:
  ///   - argument: The argument.
  ///   - model: The model, whose image shape they must have.
  ///   - name: The argument's name in the header.
  ///   - needsLabels: Whether every image must have a label; otherwise labels are ignored.
  init(
    _ argument: UnsafePointer<jacquard_samples>?, of model: ModelHandle, _ name: StaticString, needsLabels: Bool
  ) throws(Refusal) {
    guard let argument = unsafe argument else { throw .argument("\(name) is NULL; pass images") }
    let samples = unsafe argument.pointee
    let shape = model.model.inputShape
    let pixels: Pixels
    switch unsafe (samples.bytes, samples.numbers) {
    case (nil, nil): throw .argument("\(name) has no pixels: bytes and numbers are NULL; set one of them")
    case (let bytes?, nil):
      guard let table = model.table else {
        throw .argument(
          "\(name)->bytes cannot be prepared: the preprocessing of the model \"\(model.model.name)\" has the scale \(model.model.preprocessing.scale), which must be above 0; pass numbers"
        )
      }
      unsafe pixels = .bytes(bytes, table)
    case (nil, let numbers?): unsafe pixels = .numbers(numbers)
    default: throw .argument("\(name) has pixels twice: bytes and numbers are set; set one of them to NULL")
    }
    let count = unsafe samples.pixel_count / shape.count
    guard unsafe samples.pixel_count == count * shape.count, count > 0, count <= Int(Int32.max) else {
      throw unsafe .argument(
        "\(name)->pixel_count is \(UInt(bitPattern: samples.pixel_count)); it must be a multiple of \(shape.count), the size of an image (\(shape)), with 1 to \(Int32.max) images"
      )
    }
    if let numbers = unsafe samples.numbers {
      let all = unsafe Span(_unsafeStart: numbers, count: samples.pixel_count)
      if let place = Self.firstUnsound(all) {
        throw .argument("\(name)->numbers[\(place)] is \(all[place]); every pixel must be a finite number")
      }
    }
    let labels = needsLabels ? try unsafe Self.labels(samples, count: count, of: model.model, name) : []
    self.init(shape: shape, count: count, labels: labels, pixels: pixels)
  }

  /// The index of the first infinite or NaN number.
  private static func firstUnsound(_ numbers: Span<Float>) -> Int? {
    // Without a branch, so that it is vectorized: each prediction of a single image pays for it.
    let exponent: UInt32 = 0x7F80_0000
    var unsound: UInt32 = 0
    for index in numbers.indices { unsound |= numbers[index].bitPattern & exponent == exponent ? 1 : 0 }
    return unsound == 0 ? nil : numbers.indices.first { !numbers[$0].isFinite }
  }

  private static func labels(
    _ samples: jacquard_samples, count: Int, of model: Model, _ name: StaticString
  ) throws(Refusal) -> [Int32] {
    guard let start = unsafe samples.labels else {
      throw .argument("\(name)->labels is NULL; pass one label per image")
    }
    guard unsafe samples.label_count == count else {
      throw unsafe .argument(
        "\(name)->label_count is \(UInt(bitPattern: samples.label_count)), but there are \(count) images; pass one label per image"
      )
    }
    let labels = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let classes = Int32(model.classNames.count)
    if let place = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
      throw .argument(
        "\(name)->labels[\(place)] is \(labels[place]); the model \"\(model.name)\" has classes from 0 to \(classes - 1)"
      )
    }
    return labels
  }
}
