package import Photographs

extension PictureDecoder {
  /// Decodes PNG, JPEG, WebP, GIF and BMP files: upright, on white if they are transparent, as they are or at a size.
  public static let photographs = PictureDecoder(endings: PictureFormat.allCases.flatMap(\.endings)) {
    (bytes, size) throws(PictureRefusal) in
    do throws(PhotographError) {
      return DecodedPicture(try Photograph(decoding: bytes), size: size)
    } catch {
      throw PictureRefusal(reason: "\(error)")
    }
  }
}

extension DecodedPicture {
  /// A photograph as an image, at a size or as large as it is.
  package init(_ photograph: Photograph, size: PictureSize?) {
    let (height, width) = (size?.height ?? photograph.height, size?.width ?? photograph.width)
    self.init(height: height, width: width, pixels: photograph.resized(height: height, width: width))
  }
}
