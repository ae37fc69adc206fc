internal import Figures
internal import HTTPTypes
internal import Hummingbird
internal import JacquardEngine
internal import NIOCore
internal import Runs
internal import Samples
internal import Support

/// Answers `/v1/predict`: pictures in, classes with names out.
struct PredictEndpoint: Sendable {
  /// The most pictures of a request.
  static let limit = 64

  private struct Picture: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  private let services: ServerServices

  init(_ services: ServerServices) { self.services = services }

  /// The classes of the pictures of a request.
  func answer(_ request: Request) async throws -> Response {
    let query = try PredictQuery(request.uri.query ?? "")
    let model = try services.model(query.model)
    guard model.shape.isImage, [1, 3].contains(model.shape.channels) else {
      throw Problem(
        .unprocessableContent,
        "the model \"\(model.name)\" takes \(model.shape), which is not a picture; use /v2/models/\(model.name)/infer"
      )
    }
    let body = try await services.body(of: request)
    let pictures = try Self.pictures(
      Array(body.readableBytesView), type: request.headers[.contentType] ?? "")
    let outcomes = try await outcomes(pictures, query, model)
    let json: JSONValue = [
      "schema": 1, "model": .string(model.name), "version": .string(model.version),
      "predictions": .array(outcomes.map(\.json)),
    ]
    return .json(json, status: outcomes.contains { $0.problem == nil } ? .ok : .unprocessableContent)
  }

  /// What became of a picture: its prediction, or the problem in its place.
  private struct Outcome: Sendable {
    let place: Int
    let json: JSONValue
    let problem: Problem?
  }

  /// The outcomes of pictures, in their order. All are on their way at once, so they share batches.
  ///
  /// - Throws: a `Problem` that is not about one picture.
  private func outcomes(_ pictures: [Picture], _ query: PredictQuery, _ model: ServedModel) async throws -> [Outcome] {
    var found: [Outcome] = []
    if pictures.count == 1 {
      found = [await outcome(of: pictures[0], at: 0, query, model)]
    } else {
      await withTaskGroup(of: Outcome.self) { group in
        for (place, picture) in pictures.enumerated() {
          group.addTask { await self.outcome(of: picture, at: place, query, model) }
        }
        for await outcome in group { found.append(outcome) }
      }
    }
    for outcome in found {
      if let problem = outcome.problem, problem.status != .unprocessableContent { throw problem }
    }
    return found.sorted { $0.place < $1.place }
  }

  private func outcome(of picture: Picture, at place: Int, _ query: PredictQuery, _ model: ServedModel) async -> Outcome
  {
    do {
      return Outcome(place: place, json: try await prediction(picture, query, model), problem: nil)
    } catch {
      let problem = error as? Problem ?? Problem(.internalServerError, "the answer could not be made")
      return Outcome(
        place: place, json: ["input": .string(picture.name), "error": .string(problem.message)], problem: problem)
    }
  }

  // MARK: - What came

  private static func pictures(_ body: [UInt8], type: String) throws(Problem) -> [Picture] {
    guard !body.isEmpty else { throw Problem(.badRequest, "the request is empty; send a picture") }
    if let boundary = Multipart.boundary(in: type) {
      let parts = try Multipart.parts(of: body, boundary: boundary, limit: limit)
      guard !parts.isEmpty else { throw Problem(.badRequest, "the form is empty; send pictures") }
      return parts.enumerated().map { place, part in
        Picture(
          name: part.file ?? (part.field.isEmpty ? String(place + 1) : part.field),
          bytes: part.content)
      }
    }
    guard type.lowercased().hasPrefix("application/json") else {
      return [Picture(name: "picture", bytes: body)]
    }
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONReader.value(of: body)
    } catch {
      throw Problem(.badRequest, "the body is not JSON: \(error)")
    }
    guard let texts = json["pictures"]?.array, !texts.isEmpty else {
      throw Problem(
        .badRequest, "the body must be an object with \"pictures\", a list of pictures in base64")
    }
    guard texts.count <= limit else { throw .tooManyImages(texts.count, limit: limit) }
    var pictures: [Picture] = []
    for (place, text) in texts.enumerated() {
      // The form in which browsers have them.
      let content = text.string.map {
        $0.hasPrefix("data:") ? String($0.drop { $0 != "," }.dropFirst()) : $0
      }
      guard let content, let bytes = Base64.bytes(content) else {
        throw Problem(.badRequest, "picture \(place + 1) is not a text in base64")
      }
      pictures.append(Picture(name: String(place + 1), bytes: bytes))
    }
    return pictures
  }

  // MARK: - What goes

  private func prediction(_ picture: Picture, _ query: PredictQuery, _ model: ServedModel)
    async throws -> JSONValue
  {
    let pixels = try await services.pictures.result { () -> Result<[UInt8], Problem> in
      do throws(Failure) {
        let (pixels, _) = try PreparedPicture.pixels(
          of: picture.bytes, name: "the picture", for: model.model, model.loaded.preparation)
        return .success(pixels)
      } catch {
        return .failure(Problem(.unprocessableContent, PlainWording().text(of: error.message)))
      }
    }
    let logits = try await services.queue.logits(of: .bytes(pixels), by: model)
    let probabilities = ClassProbabilities.of(logits, classes: model.classNames.count)
    let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(
      query.top)
    let list = order.map { place -> JSONValue in
      [
        "class": .integer(place), "label": .string(model.classNames[place]),
        "probability": .short(probabilities[place]),
      ]
    }
    var members: [JSONValue.Member] = [
      .init(name: "input", value: .string(picture.name)), .init(name: "top", value: .array(list)),
    ]
    if query.showsInput {
      members.append(
        .init(
          name: "seen", value: .string(try Self.dataURL(Bitmap(model.shape, pixels: pixels).png())))
      )
    }
    if query.explains, let best = order.first {
      let explanation = try await services.explanations.picture(of: pixels, by: model, class: best)
      members.append(
        .init(
          name: "explanation",
          value: [
            "method": "gradcam", "layer": .string(explanation.layer), "class": .integer(best),
            "picture": .string(Self.dataURL(explanation.png)),
          ]))
    }
    return .object(members)
  }

  private static func dataURL(_ png: [UInt8]) -> String {
    "data:image/png;base64," + Base64.text(png)
  }
}
