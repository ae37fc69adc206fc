internal import Files
public import CJacquard
internal import Interchange
internal import JacquardEngine

@c @implementation
public func jacquard_model_create(
  _ name_or_json: UnsafePointer<CChar>!, _ seed: UInt64, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let place = try unsafe Handle.result(model, "model")
    unsafe place.pointee = nil
    let text = try unsafe Handle.text(name_or_json, "name_or_json")
    let network = try Network.compiled { () throws(ModelError) in
      text.first { !$0.isWhitespace } == "{" ? try Model(json: text) : try NamedModel(text).model()
    }
    do {
      try network.initialize(seed: seed)
    } catch {
      throw Refusal(JACQUARD_INTERNAL, "the weights could not be initialized: \(error)")
    }
    unsafe place.pointee = Handle.make(ModelHandle(network))
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_model_load(
  _ path: UnsafePointer<CChar>!, _ model: UnsafeMutablePointer<OpaquePointer?>!
) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let place = try unsafe Handle.result(model, "model")
    unsafe place.pointee = nil
    let file = try WeightsFile.reading(try unsafe Handle.text(path, "path"))
    let network = try Network.loading(file)
    unsafe place.pointee = Handle.make(ModelHandle(network))
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_model_load_weights(_ model: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let model = try unsafe Handle.object(model, ModelHandle.self, "model")
    let file = try WeightsFile.reading(try unsafe Handle.text(path, "path"))
    try model.lock.writing { () throws(Refusal) in try file.put(into: model.network) }
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_model_save(_ model: OpaquePointer!, _ path: UnsafePointer<CChar>!) -> jacquard_status {
  reportingDeeply { () throws(Refusal) in
    let model = try unsafe Handle.object(model, ModelHandle.self, "model")
    let path = try unsafe Handle.text(path, "path")
    let numbers = model.lock.reading { model.network.snapshot() }
    let file: WeightsFile
    do throws(ModelError) {
      file = try WeightsFile(of: model.network, numbers, provenance: "{\"library\":\"\(JACQUARD_VERSION)\"}")
    } catch {
      throw Refusal(error)
    }
    do throws(FileError) {
      try file.content.write(to: path)
    } catch {
      throw Refusal(error)
    }
    return JACQUARD_OK
  }
}

@c @implementation
public func jacquard_model_free(_ model: OpaquePointer!) { unsafe Handle.free(model, ModelHandle.self) }

@c @implementation
public func jacquard_model_parameter_count(_ model: OpaquePointer!) -> Int {
  reporting(or: 0) { () throws(Refusal) in
    try unsafe Handle.object(model, ModelHandle.self, "model").network.parameterCount
  }
}

@c @implementation
public func jacquard_model_class_count(_ model: OpaquePointer!) -> Int {
  reporting(or: 0) { () throws(Refusal) in
    try unsafe Handle.object(model, ModelHandle.self, "model").model.classNames.count
  }
}

@c @implementation
public func jacquard_model_class_name(_ model: OpaquePointer!, _ index: Int) -> UnsafePointer<CChar>! {
  unsafe reporting(or: nil) { () throws(Refusal) in
    let names = try unsafe Handle.object(model, ModelHandle.self, "model").classNames
    guard names.indices.contains(index) else {
      throw .argument("index is \(UInt(bitPattern: index)); the \(names.count) classes are numbered from 0")
    }
    return unsafe names[index].start
  }
}

@c @implementation
public func jacquard_model_input_shape(
  _ model: OpaquePointer!, _ shape: UnsafeMutablePointer<Int>!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let input = try unsafe Handle.object(model, ModelHandle.self, "model").model.inputShape
    let place = try unsafe Handle.result(shape, "shape")
    for (index, extent) in [input.height, input.width, input.channels].enumerated() { unsafe place[index] = extent }
    return JACQUARD_OK
  }
}
