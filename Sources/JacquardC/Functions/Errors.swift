public import CJacquard

@c @implementation
public func jacquard_error_code() -> jacquard_status { LastError.status }

@c @implementation
public func jacquard_error_message() -> UnsafePointer<CChar>! { unsafe LastError.message }
