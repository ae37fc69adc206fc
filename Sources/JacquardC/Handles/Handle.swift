/// Objects as C holds them: a pointer that keeps the object alive until it is freed.
enum Handle {
  /// A new handle, which owns the object.
  static func make(_ object: AnyObject) -> OpaquePointer {
    unsafe OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a handle.
  ///
  /// - Parameters:
  ///   - handle: What `make` returned for an object of this type, and is not freed yet; or NULL.
  ///   - name: What the argument is called in the header.
  static func object<Object: AnyObject>(
    _ handle: OpaquePointer?, _ type: Object.Type, _ name: StaticString
  ) throws(Refusal) -> Object {
    guard let handle = unsafe handle else { throw .argument("\(name) is NULL; a handle is needed") }
    return unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  /// Frees a handle; NULL is left alone.
  static func free<Object: AnyObject>(_ handle: OpaquePointer?, _ type: Object.Type) {
    if let handle = unsafe handle { unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release() }
  }

  /// The text of an argument; it must be UTF-8.
  static func text(_ argument: UnsafePointer<CChar>?, _ name: StaticString) throws(Refusal) -> String {
    guard let argument = unsafe argument else { throw .argument("\(name) is NULL; a text is needed") }
    guard let text = unsafe String(validatingCString: argument) else {
      throw .argument("\(name) is not UTF-8")
    }
    return text
  }

  /// Where a result goes.
  static func result<Value>(
    _ argument: UnsafeMutablePointer<Value>?, _ name: StaticString
  ) throws(Refusal) -> UnsafeMutablePointer<Value> {
    guard let argument = unsafe argument else { throw .argument("\(name) is NULL; the result needs a place") }
    return unsafe argument
  }
}
