internal import CCairo

/// A picture of pixels that Cairo draws. No other file calls Cairo.
///
/// Cairo's calls do not fail: it records the first error and then does nothing. So only `png()`, at the end, checks for
/// an error.
@safe final class CairoSurface {
  /// Cairo's largest width and height.
  static let largestExtent = 32_767
  /// The limit of pixels, which take 400 MB.
  static let largestArea = 100_000_000

  private let surface: OpaquePointer
  private let context: OpaquePointer

  /// Makes an empty picture with a size in points; a point is `scale` pixels wide and high.
  init(_ size: Size, scale: Double) throws(FigureError) {
    let (width, height) = (max(1, (size.width * scale).rounded(.up)), max(1, (size.height * scale).rounded(.up)))
    let isSmall = max(width, height) <= Double(Self.largestExtent) && width * height <= Double(Self.largestArea)
    guard isSmall else {
      throw .tooLarge(width: Int(min(1e9, width)), height: Int(min(1e9, height)))
    }
    unsafe surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    unsafe context = cairo_create(surface)
    unsafe cairo_scale(context, scale, scale)
    // Letters keep their proportions at every scale, so that one layout fits all scales.
    let options = unsafe cairo_font_options_create()
    unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    unsafe cairo_set_font_options(context, options)
    unsafe cairo_font_options_destroy(options)
  }

  deinit {
    unsafe cairo_destroy(context)
    unsafe cairo_surface_destroy(surface)
  }

  /// Begins a path at a point.
  func move(to point: Point) { unsafe cairo_move_to(context, point.x, point.y) }
  /// Adds a line to a point.
  func line(to point: Point) { unsafe cairo_line_to(context, point.x, point.y) }
  /// Adds a line to the beginning of the path.
  func closePath() { unsafe cairo_close_path(context) }
  /// Adds an arc from one angle to another, clockwise in radians.
  func arc(_ center: Point, radius: Double, from start: Double, to end: Double) {
    unsafe cairo_arc(context, center.x, center.y, radius, start, end)
  }

  /// Fills the path and keeps it.
  func fill(_ color: Color, opacity: Double) {
    set(color, opacity)
    unsafe cairo_fill_preserve(context)
  }

  /// Draws a line along the path.
  func stroke(_ color: Color, width: Double, dashes: [Double], opacity: Double) {
    set(color, opacity)
    unsafe cairo_set_line_width(context, width)
    unsafe cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    unsafe cairo_set_line_cap(context, dashes.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    unsafe cairo_stroke_preserve(context)
  }

  /// Discards the path.
  func endPath() { unsafe cairo_new_path(context) }

  /// The width of a text in points.
  func width(of text: String, size: Double, isBold: Bool) -> Double {
    choose(size: size, isBold: isBold)
    var extents = cairo_text_extents_t()
    unsafe cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Draws a text from a point to the right, or upwards.
  func write(_ text: String, at point: Point, size: Double, isBold: Bool, color: Color, isVertical: Bool) {
    choose(size: size, isBold: isBold)
    set(color, 1)
    unsafe cairo_save(context)
    unsafe cairo_translate(context, point.x, point.y)
    if isVertical { unsafe cairo_rotate(context, -.pi / 2) }
    unsafe cairo_move_to(context, 0, 0)
    unsafe cairo_show_text(context, text)
    unsafe cairo_restore(context)
    endPath()
  }

  /// Fills a rectangle with a picture of colors, `[height][width]`, without smoothing.
  func paint(width: Int, height: Int, in rectangle: Rectangle, color: (Int, Int) -> Color) {
    let image = unsafe cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    unsafe cairo_surface_flush(image)
    if let data = unsafe cairo_image_surface_get_data(image) {
      let stride = unsafe Int(cairo_image_surface_get_stride(image))
      for row in 0..<height {
        for column in 0..<width {
          let value = color(column, row)
          let word = UInt32(value.red) << 16 | UInt32(value.green) << 8 | UInt32(value.blue)
          unsafe UnsafeMutableRawPointer(data).storeBytes(
            of: word, toByteOffset: row * stride + 4 * column, as: UInt32.self)
        }
      }
    }
    unsafe cairo_surface_mark_dirty(image)
    unsafe cairo_save(context)
    unsafe cairo_rectangle(context, rectangle.left, rectangle.top, rectangle.width, rectangle.height)
    unsafe cairo_clip(context)
    unsafe cairo_translate(context, rectangle.left, rectangle.top)
    unsafe cairo_scale(context, rectangle.width / Double(width), rectangle.height / Double(height))
    unsafe cairo_set_source_surface(context, image, 0, 0)
    unsafe cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    unsafe cairo_paint(context)
    unsafe cairo_restore(context)
    unsafe cairo_surface_destroy(image)
  }

  /// The picture as a PNG file.
  func png() throws(FigureError) -> [UInt8] {
    unsafe cairo_surface_flush(surface)
    let status = unsafe cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else { throw Self.failure(status) }
    return try unsafe Self.png(of: surface)
  }

  /// The picture's colors.
  func bitmap() throws(FigureError) -> Bitmap {
    unsafe cairo_surface_flush(surface)
    let status = unsafe cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS, let data = unsafe cairo_image_surface_get_data(surface) else {
      throw Self.failure(status)
    }
    let width = unsafe Int(cairo_image_surface_get_width(surface))
    let height = unsafe Int(cairo_image_surface_get_height(surface))
    let stride = unsafe Int(cairo_image_surface_get_stride(surface))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for row in 0..<height {
      for column in 0..<width {
        let word = unsafe UnsafeRawPointer(data).load(fromByteOffset: row * stride + 4 * column, as: UInt32.self)
        for shift in [16, 8, 0] { pixels.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// A gray picture `[height][width]` as a PNG file of one channel.
  static func png(width: Int, height: Int, gray: [UInt8]) throws(FigureError) -> [UInt8] {
    guard max(width, height) <= largestExtent else { throw .tooLarge(width: width, height: height) }
    // Cairo writes an alpha-only picture as gray.
    let image = unsafe cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height))
    defer { unsafe cairo_surface_destroy(image) }
    unsafe cairo_surface_flush(image)
    if let data = unsafe cairo_image_surface_get_data(image) {
      let stride = unsafe Int(cairo_image_surface_get_stride(image))
      for row in 0..<height {
        for column in 0..<width { unsafe data[row * stride + column] = gray[row * width + column] }
      }
    }
    unsafe cairo_surface_mark_dirty(image)
    return try unsafe png(of: image)
  }

  /// Collects the bytes that Cairo writes.
  private final class Sink {
    var bytes: [UInt8] = []
  }

  private static func png(of surface: OpaquePointer?) throws(FigureError) -> [UInt8] {
    let sink = Sink()
    let status = unsafe cairo_surface_write_to_png_stream(
      surface,
      { closure, data, count in
        guard let closure = unsafe closure, let data = unsafe data else { return CAIRO_STATUS_WRITE_ERROR }
        let sink = unsafe Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue()
        unsafe sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return CAIRO_STATUS_SUCCESS
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard status == CAIRO_STATUS_SUCCESS else { throw failure(status) }
    return sink.bytes
  }

  private static func failure(_ status: cairo_status_t) -> FigureError {
    .library(unsafe cairo_status_to_string(status).map { unsafe String(cString: $0) } ?? "unknown")
  }

  private func set(_ color: Color, _ opacity: Double) {
    unsafe cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }

  private func choose(size: Double, isBold: Bool) {
    unsafe cairo_select_font_face(
      context, TextMeter.family, CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    unsafe cairo_set_font_size(context, size)
  }
}
