import Jacquard

let folder = CommandLine.arguments.dropFirst().first ?? FashionMNIST.systemFolder
let images = try ImageSet(
  images: IDXArray(contentsOf: "\(folder)/train-images-idx3-ubyte.gz"),
  labels: IDXArray(contentsOf: "\(folder)/train-labels-idx1-ubyte.gz"), classNames: FashionMNIST.classNames)
let samples = Samples(source: try SampleSource(images, normalization: .fashionMNIST, seed: 1))

let model = Model(name: "small") {
  Conv2D(outputChannels: 16, kernelSize: 3, padding: .same(3))
  ReLU()
  MaxPool2D(2)
  Conv2D(outputChannels: 32, kernelSize: 3, padding: .same(3))
  ReLU()
  MaxPool2D(2)
  Flatten()
  Dense(10)
}
let network = try Network(model, seed: 1)

let trainer = Trainer(
  network, on: samples, optimizer: AdamW(weightDecay: 0.01), schedule: .cosine(peak: 4e-3), epochs: 2, batchSize: 128)
while let step = try trainer.nextStep() {
  guard let epoch = step.finishedEpoch else { continue }
  print("epoch \(epoch.epoch): loss \(epoch.loss), accuracy \(epoch.accuracy)")
}
