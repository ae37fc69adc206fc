/// Every layer that a model file may name.
package enum LayerRegistry {
  package static let layers: [any Layer.Type] = [
    AveragePool2D.self,
    BatchNorm2D.self,
    Conv2D.self,
    Dense.self,
    Dropout.self,
    Flatten.self,
    GELU.self,
    GlobalAveragePool.self,
    GlobalMaxPool.self,
    LeakyReLU.self,
    MaxPool2D.self,
    PReLU.self,
    ReLU.self,
    Residual.self,
    SiLU.self,
  ]
}
