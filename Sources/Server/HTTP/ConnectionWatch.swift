internal import NIOCore
internal import NIOHTTPTypes

/// Closes connections whose client is slow: a request has a time to arrive, and a connection one to be without a request.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let arrivalLimit: TimeAmount
  private let idleLimit: TimeAmount
  private var openRequests = 0
  private var isReceiving = false
  /// The beginning of the phase: of waiting for a request, or of receiving one.
  private var since = NIODeadline.now()
  private var timer: Scheduled<Void>?

  /// Watches one connection.
  ///
  /// - Parameter seconds: How long a request may take to arrive.
  init(seconds: Int) {
    arrivalLimit = .seconds(Int64(seconds))
    idleLimit = .seconds(Int64(max(seconds, 60)))
  }

  func handlerAdded(context: ChannelHandlerContext) { schedule(context) }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      openRequests += 1
      isReceiving = true
      since = .now()
    case .body: break
    case .end: isReceiving = false
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      openRequests -= 1
      if openRequests == 0, !isReceiving { since = .now() }
    }
    context.write(data, promise: promise)
  }

  private func schedule(_ context: ChannelHandlerContext) {
    let loop = context.eventLoop.assumeIsolated()
    timer = loop.scheduleTask(in: .seconds(1)) { [weak self] in
      guard let self, context.channel.isActive else { return }
      let age = NIODeadline.now() - since
      if isReceiving ? age > arrivalLimit : openRequests <= 0 && age > idleLimit {
        context.close(promise: nil)
      } else {
        schedule(context)
      }
    }
  }
}
