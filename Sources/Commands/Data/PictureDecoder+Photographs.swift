internal import Datasets
internal import Photographs

extension PictureDecoder {
  /// What decodes the PNG and JPEG files of folders of pictures: upright, opaque, as they are or at a size.
  static let photographs = PictureDecoder(endings: PhotographFile.endings) {
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
  init(_ photograph: Photograph, size: PictureSize?) {
    let (height, width) = (size?.height ?? photograph.height, size?.width ?? photograph.width)
    self.init(height: height, width: width, pixels: photograph.resized(height: height, width: width))
  }
}
