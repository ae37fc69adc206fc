internal import CWebP

/// Reads WebP files through libwebp; of an animation, the first frame on its canvas.
enum WebPDecoder {
  /// Decodes a file, lossy or not.
  static func photograph(_ bytes: [UInt8]) throws(PhotographError) -> Photograph {
    var features = WebPBitstreamFeatures()
    let status = unsafe WebPGetFeatures(bytes, bytes.count, &features)
    guard status == VP8_STATUS_OK else { throw .broken(message(status)) }
    let (width, height) = (Int(features.width), Int(features.height))
    let isMoving = features.has_animation != 0
    try Photograph.check(width: width, height: height)
    if isMoving { return try firstFrame(bytes, width: width, height: height) }
    var pixels = [UInt8](repeating: 0, count: width * height * 4)
    let isRead = unsafe WebPDecodeRGBAInto(bytes, bytes.count, &pixels, pixels.count, Int32(width * 4)) != nil
    guard isRead else { throw .broken("its content is damaged or cut off") }
    return Photograph(width: width, height: height, pixels: pixels)
  }

  private static func firstFrame(_ bytes: [UInt8], width: Int, height: Int) throws(PhotographError) -> Photograph {
    var pixels = [UInt8](repeating: 0, count: width * height * 4)
    // The decoder keeps the address of the bytes from the first call to the last.
    let isRead = unsafe bytes.withUnsafeBufferPointer { buffer in
      var data = unsafe WebPData(bytes: buffer.baseAddress, size: buffer.count)
      guard let decoder = unsafe WebPAnimDecoderNewInternal(&data, nil, WEBP_DEMUX_ABI_VERSION) else { return false }
      defer { unsafe WebPAnimDecoderDelete(decoder) }
      var information = WebPAnimInfo()
      var (frame, time) = unsafe (UnsafeMutablePointer<UInt8>?.none, Int32(0))
      guard unsafe WebPAnimDecoderGetInfo(decoder, &information) != 0,
        Int(information.canvas_width) == width && Int(information.canvas_height) == height,
        unsafe WebPAnimDecoderGetNext(decoder, &frame, &time) != 0, let frame = unsafe frame
      else { return false }
      for place in pixels.indices { pixels[place] = unsafe frame[place] }
      return true
    }
    guard isRead else { throw .broken("its first frame is damaged or cut off") }
    return Photograph(width: width, height: height, pixels: pixels)
  }

  private static func message(_ status: VP8StatusCode) -> String {
    switch status {
    case VP8_STATUS_NOT_ENOUGH_DATA: "its header is cut off"
    case VP8_STATUS_UNSUPPORTED_FEATURE: "it uses a feature that libwebp does not have"
    default: "its header is damaged"
    }
  }
}
