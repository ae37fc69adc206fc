internal import Support

/// A record of TensorBoard's event files.
///
/// Source of the format: TensorBoard's `event.proto`, `summary.proto` and `record_writer`; the field numbers are below.
package struct TensorBoardEvent: Sendable {
  /// The content of the record.
  package enum Content: Sendable {
    /// Marks the file as an event file; the first record of each file.
    case version
    /// Starts a session; earlier records of this and later steps are void.
    case start
    /// Values of a step.
    case values([Value])
  }

  /// A named value; the part of the name before a slash groups names.
  package struct Value: Sendable {
    /// The kinds of values.
    package enum Content: Sendable {
      /// A number.
      case scalar(Double)
      /// A PNG file of a gray picture (1 channel) or one in color (3).
      case picture(width: Int, height: Int, channels: Int, png: [UInt8])
      /// A histogram.
      case histogram(TensorBoardHistogram)
    }

    let name: String
    let content: Content

    /// Names a value.
    package init(_ name: String, _ content: Content) {
      self.name = name
      self.content = content
    }
  }

  /// Seconds since 1970.
  let time: Double
  /// The step of the record.
  let step: Int
  let content: Content

  /// Makes a record.
  package init(time: Double, step: Int, _ content: Content) {
    self.time = time
    self.step = step
    self.content = content
  }

  /// The record's bytes.
  package func record() -> [UInt8] {
    var writer = MessageWriter()
    append(to: &writer)
    return writer.bytes
  }

  /// Appends the record: its length and the checksum of that, the message, and the message's checksum.
  func append(to writer: inout MessageWriter) {
    let start = writer.bytes.count
    let message = start + 12
    // Placeholders until the message has been written.
    writer.bytes.append(contentsOf: repeatElement(0, count: 12))
    write(to: &writer)
    writer.bytes.replace(at: start, littleEndian: UInt64(writer.bytes.count - message))
    writer.bytes.replace(at: start + 8, littleEndian: CRC32C.masked(writer.bytes[start..<start + 8]))
    writer.bytes.append(littleEndian: CRC32C.masked(writer.bytes[message...]))
  }

  private func write(to event: inout MessageWriter) {
    event.double(1, time)
    event.integer(2, step)
    switch content {
    case .version: event.text(3, "brain.Event:2")
    case .values(let values):
      event.message(5) { summary in
        for value in values { summary.message(1, value.write) }
      }
    case .start: event.message(7) { $0.integer(1, 1) }
    }
  }
}

extension TensorBoardEvent.Value {
  fileprivate func write(_ value: inout MessageWriter) {
    value.text(1, name)
    switch content {
    case .scalar(let number): value.float(2, Float(number))
    case .picture(let width, let height, let channels, let png):
      value.message(4) { image in
        image.integer(1, height)
        image.integer(2, width)
        image.integer(3, channels)
        image.content(4, png)
      }
    case .histogram(let histogram):
      value.message(5) { message in
        message.double(1, histogram.minimum)
        message.double(2, histogram.maximum)
        message.double(3, Double(histogram.count))
        message.double(4, histogram.sum)
        message.double(5, histogram.sumOfSquares)
        message.packed(6, histogram.limits)
        message.packed(7, histogram.counts)
      }
    }
  }
}
