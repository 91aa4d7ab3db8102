package import NetcCore
package import NetcGraph

/// One operand of an instruction as tests see it: a logical array and where its elements lie.
package struct OperandView: Hashable, Sendable {
  package var type: ElementType
  package var shape: [Int]
  /// In elements; 0 where it is broadcast.
  package var strides: [Int]
  /// The place of the first element.
  package var start: Int

  package init(_ type: ElementType, _ shape: [Int], strides: [Int]? = nil, start: Int = 0) {
    self.type = type
    self.shape = shape
    self.strides = strides ?? MapBuilder.denseStrides(shape)
    self.start = start
  }
}

/// What an instruction means, in graph operations: the text that C code is held to.
package protocol DefinedInstruction: Instruction {
  /// The operands, outputs first.
  var operands: [OperandView] { get }
  /// Whether output 0's old content matters; it is then the last argument of the definition.
  var readsOutput: Bool { get }
  /// The outputs from the inputs; `slots` are the host scalars.
  func definition(_ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]) -> [ValueID]
  /// Shapes and settings that tests run: edges, tails, splits.
  static var samples: [Self] { get }
}

extension DefinedInstruction {
  package var readsOutput: Bool { false }
}

/// Every instruction: a line each.
package enum InstructionCatalogue {
  /// Those whose meaning is a graph.
  package static let defined: [any DefinedInstruction.Type] = [
    MapInstruction.self, ReduceInstruction.self, GemmInstruction.self, PackInstruction.self,
    CopyInstruction.self, FillInstruction.self, GatherInstruction.self, ScatterAddInstruction.self,
    ArgMaxInstruction.self, CumulativeSumInstruction.self, SoftmaxInstruction.self,
    SoftmaxAdjointInstruction.self, CrossEntropyInstruction.self, ImageColumnsInstruction.self,
    WindowSumInstruction.self, WindowArgMaxInstruction.self, ConvolutionInstruction.self,
    PackKernelInstruction.self, KernelAdjointInstruction.self, UnpackKernelInstruction.self,
    AdamInstruction.self, MaxPoolInstruction.self, MaxPoolAdjointInstruction.self,
    DepthwiseInstruction.self, DepthwiseKernelAdjointInstruction.self, NormInstruction.self,
    NormAdjointInstruction.self,
  ]

  /// Those that read or write the run's state, and the order of elements, which no operation gives.
  package static let others: [any Instruction.Type] = [
    RandomUniformInstruction.self, FeedInstruction.self, NextInstruction.self,
    CheckInstruction.self, AccumulateInstruction.self, ArgSortInstruction.self,
  ]
}
