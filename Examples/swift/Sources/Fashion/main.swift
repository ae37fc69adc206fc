import Jacquard

let data = try Dataset(contentsOf: "fashion-mnist")
let model = Model("small", for: data) {
  Conv2D(16, kernelSize: 3, padding: .same)
  ReLU()
  MaxPool2D(2)
  Flatten()
  Dense(data.classCount)
}
let network = try Network(model, seed: 1)
let trainer = Trainer(
  network, on: data.training.augmented(.flip), optimizer: AdamW(weightDecay: 0.01),
  schedule: .cosine(peak: 4e-3), epochs: 3, batchSize: 128)

while let step = try trainer.nextStep() {
  guard let epoch = step.finishedEpoch else { continue }
  print(epoch.number, epoch.loss, try network.evaluate(data.validation).accuracy)
}
try network.save(to: "small.safetensors")
let answer = try Network(contentsOf: "small.safetensors").predict(data.test[0])
print(answer.label, answer.probability)
