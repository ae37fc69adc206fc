package import Photographs

extension PictureDecoder {
  /// Decodes PNG, JPEG, WebP, GIF and BMP files: upright, on white if they are transparent, as they are or at a size.
  public static let photographs = photographs(fit: .stretch, inversion: .no)

  /// What `photographs` decodes, fitted to the size, and negated, as is said.
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
  /// A photograph as an image, at a size or as large as it is.
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
