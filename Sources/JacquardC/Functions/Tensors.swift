public import CJacquard
internal import JacquardEngine

@c @implementation
public func jacquard_model_tensor_count(_ model: OpaquePointer!) -> Int {
  reporting(or: 0) { () throws(Refusal) in
    try unsafe Handle.object(model, ModelHandle.self, "model").tensorNames.count
  }
}

@c @implementation
public func jacquard_model_tensor(
  _ model: OpaquePointer!, _ index: Int, _ tensor: UnsafeMutablePointer<jacquard_tensor>!
) -> jacquard_status {
  reporting { () throws(Refusal) in
    let model = try unsafe Handle.object(model, ModelHandle.self, "model")
    let place = try unsafe Handle.result(tensor, "tensor")
    let all = model.network.tensors
    guard all.indices.contains(index) else {
      throw .argument("index is \(UInt(bitPattern: index)); the \(all.count) tensors are numbered from 0")
    }
    let shape = all[index].specification.order.memoryShape
    func extent(_ dimension: Int) -> Int { dimension < shape.count ? shape[dimension] : 0 }
    unsafe model.network.withElements(of: all[index]) { elements in
      unsafe place.pointee = jacquard_tensor(
        name: model.tensorNames[index].start, values: elements.baseAddress, count: elements.count, rank: shape.count,
        shape: (extent(0), extent(1), extent(2), extent(3)), is_parameter: all[index].specification.role == nil ? 0 : 1)
    }
    return JACQUARD_OK
  }
}
