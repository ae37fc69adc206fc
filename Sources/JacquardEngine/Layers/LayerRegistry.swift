/// All layers that a model file may name.
package enum LayerRegistry {
  package static let layers: [any Layer.Type] = [
    Activation.self,
    AveragePool2D.self,
    BatchNorm2D.self,
    Branches.self,
    ChannelShuffle.self,
    ChannelSlice.self,
    Conv2D.self,
    Dense.self,
    Dropout.self,
    Flatten.self,
    GELU.self,
    GlobalAveragePool.self,
    GlobalMaxPool.self,
    GroupNorm.self,
    LayerNorm.self,
    LeakyReLU.self,
    LocalResponseNorm.self,
    MaxPool2D.self,
    PReLU.self,
    ReLU.self,
    Residual.self,
    SiLU.self,
    ZeroPad2D.self,
  ]
}
