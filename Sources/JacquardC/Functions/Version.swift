internal import CJacquard

private let version = CString(JACQUARD_VERSION)

@c @implementation
public func jacquard_version() -> UnsafePointer<CChar>! { unsafe version.start }

@c @implementation
public func jacquard_abi() -> Int32 { JACQUARD_ABI }
