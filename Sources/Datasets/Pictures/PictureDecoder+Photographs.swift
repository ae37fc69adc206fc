package import Photographs

extension PictureDecoder {
  /// Decodes PNG, JPEG, WebP, GIF and BMP files: upright, on white if they are transparent, in their own size or
  /// another.
  public static let photographs = photographs(fit: .stretch, inversion: .no)

  /// Decodes like `photographs`, with the given fitting and negation.
  package static func photographs(fit: PictureFit, inversion: PictureInversion) -> PictureDecoder {
    PictureDecoder(name: "\(fit) \(inversion)", endings: PictureFormat.allCases.flatMap(\.endings)) {
      (bytes, size) throws(PictureRefusal) in
      do throws(PhotographError) {
        return DecodedPicture(try Photograph(decoding: bytes), size: size, fit: fit, inversion: inversion)
      } catch {
        throw PictureRefusal(reason: "\(error)")
      }
    }
  }
}

extension DecodedPicture {
  /// A photograph as an image, in its own size or another.
  package init(
    _ photograph: Photograph, size: PictureSize?, fit: PictureFit = .stretch, inversion: PictureInversion = .no
  ) {
    let (height, width) = (size?.height ?? photograph.height, size?.width ?? photograph.width)
    self.init(
      height: height, width: width,
      pixels: photograph.fitted(height: height, width: width, fit: fit, inversion: inversion),
      warnings: photograph.warnings)
  }
}
