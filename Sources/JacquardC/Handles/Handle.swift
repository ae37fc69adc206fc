/// Handles for C: pointers that keep an object alive until they are freed.
enum Handle {
  /// Makes a handle that owns the object.
  static func make(_ object: AnyObject) -> OpaquePointer {
    unsafe OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a handle.
  ///
  /// - Parameters:
  ///   - handle: A result of `make` for an object of this type that has not been freed; or NULL.
  ///   - name: The argument's name in the header.
  static func object<Object: AnyObject>(
    _ handle: OpaquePointer?, _ type: Object.Type, _ name: StaticString
  ) throws(Refusal) -> Object {
    guard let handle = unsafe handle else { throw .argument("\(name) is NULL; pass a handle") }
    return unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  /// Frees a handle; NULL has no effect.
  static func free<Object: AnyObject>(_ handle: OpaquePointer?, _ type: Object.Type) {
    if let handle = unsafe handle { unsafe Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release() }
  }

  /// The text of a string argument, which must be UTF-8.
  static func text(_ argument: UnsafePointer<CChar>?, _ name: StaticString) throws(Refusal) -> String {
    guard let argument = unsafe argument else { throw .argument("\(name) is NULL; pass a string") }
    guard let text = unsafe String(validatingCString: argument) else {
      throw .argument("\(name) is not UTF-8")
    }
    return text
  }

  /// The destination of a result.
  static func result<Value>(
    _ argument: UnsafeMutablePointer<Value>?, _ name: StaticString
  ) throws(Refusal) -> UnsafeMutablePointer<Value> {
    guard let argument = unsafe argument else { throw .argument("\(name) is NULL; pass a destination for the result") }
    return unsafe argument
  }
}
