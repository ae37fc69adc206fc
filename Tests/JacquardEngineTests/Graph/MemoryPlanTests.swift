import JacquardEngine
import Testing

/// The memory plan shares memory and never loses a number that is still needed.
struct MemoryPlanTests {
  @Test(arguments: Self.graphNames, [true, false])
  func everyReadFindsWhatWasWritten(name: String, isTraining: Bool) throws {
    let graph = try graph(name)
    let plan = MemoryPlan(graph, isTraining: isTraining)
    #expect(MemoryPlanChecker.problems(graph, .init(plan), isTraining: isTraining) == [])
  }

  /// The operators that run: layers computed as one, some of which keep a second output for themselves.
  @Test(arguments: Self.graphNames, [true, false])
  func everyReadOfBlocksFindsWhatWasWritten(name: String, isTraining: Bool) throws {
    let graph = try graph(name).withBlocks(isTraining: isTraining)
    let plan = MemoryPlan(graph, isTraining: isTraining)
    #expect(MemoryPlanChecker.problems(graph, .init(plan), isTraining: isTraining) == [])
  }

  /// Offsets are in floats per image and stay aligned to 64 bytes for any number of images.
  @Test(arguments: Self.graphNames)
  func blocksAreAligned(name: String) throws {
    let plan = try MemoryPlan(graph(name), isTraining: true)
    let offsets = plan.activations + plan.gradients.compactMap { $0 } + [plan.floatsPerImage]
    #expect(offsets.filter { $0 % 16 != 0 } == [])
    #expect((plan.saved + [plan.savedBytesPerImage]).filter { $0 % 64 != 0 } == [])
  }

  /// By hand: in inference only a layer's input and output are alive, and the largest such pair is 28×28×32 twice (vgg) or
  /// 26×26×32 and its half, 13×13×32, when the pool halves it (cnn: 21,632 + 5,408).
  @Test(arguments: [("vgg", 2 * 28 * 28 * 32), ("cnn", 26 * 26 * 32 + 13 * 13 * 32)])
  func inferenceNeedsTheLargestNeighbors(name: String, floats: Int) throws {
    #expect(try MemoryPlan(graph(name), isTraining: false).floatsPerImage == floats)
  }

  /// Without sharing, gradients would double the memory of activations; with it, they reuse memory that is free.
  @Test(arguments: Model.names)
  func trainingSharesGradients(name: String) throws {
    let graph = try graph(name)
    let values = Set(graph.nodes.flatMap { $0.inputs + $0.outputs })
    let all = values.reduce(0) { $0 + $1.shape.count }
    let plan = MemoryPlan(graph, isTraining: true)
    #expect(plan.floatsPerImage < all * 3 / 2, "\(plan.floatsPerImage) floats for \(all) activations")
  }

  /// The checker detects damage, so its verdict above is reliable.
  @Test(arguments: [false, true]) func checkerFindsDamage(hasBlocks: Bool) throws {
    let layers = try graph("residual in residual")
    let graph = hasBlocks ? layers.withBlocks(isTraining: true) : layers
    let plan = MemoryPlan(graph, isTraining: true)
    let sound = MemoryPlanChecker.Layout(plan)
    var damaged: [MemoryPlanChecker.Layout] = []
    damaged.append(sound)
    damaged[0].activations = damaged[0].activations.map { _ in 0 }
    damaged.append(sound)
    damaged[1].gradients = damaged[1].gradients.map { $0 == nil ? nil : 0 }
    damaged.append(sound)
    damaged[2].copiesInput = damaged[2].copiesInput.map { _ in false }
    damaged.append(sound)
    damaged[3].floats -= 16
    damaged.append(sound)
    damaged[4].saved = damaged[4].saved.map { _ in 0 }
    for (number, layout) in damaged.enumerated() {
      #expect(!MemoryPlanChecker.problems(graph, layout, isTraining: true).isEmpty, "damage \(number)")
    }
    // An operator that does not work in place must not write over its own input.
    for node in graph.nodes where !(node.computation is Fork) && !node.computation.isInPlace {
      var layout = sound
      layout.activations[node.outputs[0].id] = layout.activations[node.inputs[0].id]
      #expect(!MemoryPlanChecker.problems(graph, layout, isTraining: true).isEmpty, "\(node.name) over its input")
    }
  }

  private static let graphNames = TestModels.quickNames + ["tiny"] + trickyLayers.keys.sorted()

  /// Graphs in which a later operator still needs memory that an operator could overwrite.
  private static let trickyLayers: [String: [any Layer]] = [
    "residual in residual": [
      Conv2D(outputChannels: 4, kernelSize: 3, padding: .same(3)),
      Residual {
        BatchNorm2D()
        Residual {
          ReLU()
          MaxPool2D(3, stride: 1, padding: .same(3))
          Conv2D(outputChannels: 4, kernelSize: 3, padding: .same(3))
        }
        ReLU()
        MaxPool2D(3, stride: 1, padding: .same(3))
      },
      ReLU(), Flatten(), Dense(3),
    ],
    "in place after a fork": [
      Conv2D(outputChannels: 4, kernelSize: 1),
      Residual {
        ReLU()
        Dropout(0.5)
      } shortcut: {
        LeakyReLU()
        Dropout(0.5)
      },
      Residual { Dropout(0.5) },
      Residual {
        ReLU()
      } shortcut: {
        ReLU()
        Conv2D(outputChannels: 4, kernelSize: 1)
      },
      GlobalMaxPool(), Dense(3),
    ],
    "in place after what keeps its output": [
      Conv2D(outputChannels: 4, kernelSize: 1), ReLU(), Dropout(0.5), LeakyReLU(), ReLU(), GlobalMaxPool(),
      Dropout(0.5), Dense(5), GELU(), Dropout(0.5), SiLU(), ReLU(), Dense(3),
    ],
    "flatten in branches": [
      Flatten(),
      Residual {
        Flatten()
        Dense(128)
        Flatten()
        ReLU()
      } shortcut: {
        Dense(128)
        Flatten()
      },
      Dense(3), Flatten(),
    ],
    "branches": TestModels.branches.layers,
    "branches in branches": [
      Conv2D(outputChannels: 4, kernelSize: 1),
      Branches(
        .add, [], [],
        [
          Branches(
            .multiply, [ReLU()],
            [Branches(.concat, [ChannelSlice(start: 0, count: 2)], [GELU(), ChannelSlice(start: 2, count: 2)])])
        ]),
      Branches(.concat, [], []), Branches(.multiply, [Dropout(0.5)], [ReLU(), GlobalMaxPool()]),
      Branches(.multiply, [], []), GlobalMaxPool(), Branches(.concat, [Dense(3)], []), Dense(3),
    ],
    "branches first": [
      Branches(.concat, [Conv2D(outputChannels: 2, kernelSize: 3, padding: .same(3)), ReLU()], [], [ReLU()]),
      Flatten(), Dense(3),
    ],
    "residual first": [
      Residual {
        Conv2D(outputChannels: 2, kernelSize: 3, padding: .same(3))
        ReLU()
      },
      Residual { ReLU() },
      AveragePool2D(2), Flatten(), Dense(3),
    ],
    "no parameters before": [
      ReLU(), Dropout(0.5), MaxPool2D(2), BatchNorm2D(), GELU(), GlobalAveragePool(), Dense(3),
    ],
    "in place at the end": [Flatten(), Dense(3), ReLU(), Dropout(0.5)],
    "branch that ends in place at the end": [
      GlobalAveragePool(), Dense(3),
      Residual {
        Dense(3)
        ReLU()
      },
    ],
  ]

  private func graph(_ name: String) throws -> Graph {
    if name == "tiny" { return try TestModels.tiny.compile(options: ComputeOptions()) }
    guard let layers = Self.trickyLayers[name] else {
      return try Model.named(name).compile(options: ComputeOptions())
    }
    let model = Model(
      name: name, inputShape: .image(height: 8, width: 8, channels: 2), classNames: ["a", "b", "c"]
    ) { layers }
    return try model.compile(options: ComputeOptions())
  }
}
