import CNetc
package import NetcCore
package import NetcGraph

/// The adjoint of a convolution in its kernel: sums in the order of a packed kernel, one list for
/// each block of the batch.
package struct KernelAdjointInstruction: DefinedInstruction {
  package static let name = "kernel_adjoint"
  package static let summary =
    "Sums products of a convolution's input with the adjoint of its result, by blocks of the batch."

  package var geometry: ConvolutionGeometry

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var inputs: Int { operands.count - 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let lanes =
      Double(geometry.featureBlocks * ConvolutionGeometry.block) / Double(geometry.features)
    var code = InstructionCode(
      opcode: Int(NETC_CONV_KERNEL), words: geometry.words,
      nanoseconds: 200 + geometry.work * lanes / 200 * precision.slowdown,
      units: geometry.blocks * geometry.splits)
    code.operations = geometry.work
    return code
  }

  package var operands: [OperandView] {
    [
      OperandView(.float, [geometry.blocks, geometry.packedCount]), geometry.inputView,
      geometry.resultView,
    ] + geometry.prologueViews
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let input = geometry.prepared(&b, inputs[0], Array(inputs[2...]))
    let parts = (0..<geometry.blocks).map { block in
      let from = geometry.outer * block / geometry.blocks
      let to = geometry.outer * (block + 1) / geometry.blocks
      let x = b.slice(input, axis: 1, Dim(from), Dim(to))
      let d = b.slice(inputs[1], axis: 1, Dim(from), Dim(to))
      // The result has the order group, feature, channel, axes.
      let packed = geometry.packed(&b, b.convolution(x, d, geometry.adjointDimensions))
      return b.reshape(packed, to: Shape(sizes: [1, geometry.packedCount]))
    }
    return [b.concatenate(parts, axis: 0)]
  }

  package static var samples: [KernelAdjointInstruction] {
    (ConvolutionGeometry.adjointSamples + ConvolutionGeometry.tiledSamples).enumerated().map {
      place, geometry in
      var sample = KernelAdjointInstruction(geometry: geometry)
      sample.geometry.prologue = .sample(place)
      return sample
    }
  }
}

/// The adjoint of a kernel from sums over blocks of the batch.
package struct UnpackKernelInstruction: DefinedInstruction {
  package static let name = "unpack_kernel"
  package static let summary =
    "Adds up the sums of a kernel's adjoint in order and writes them as the kernel lies."

  package var geometry: ConvolutionGeometry

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    let count = geometry.packedCount * (1 + geometry.blocks)
    return InstructionCode(
      opcode: Int(NETC_CONV_UNPACK), words: geometry.words,
      nanoseconds: 200 + 0.2 * Double(count) * precision.slowdown,
      units: geometry.groups * geometry.featureBlocks)
  }

  package var operands: [OperandView] {
    [geometry.kernelView, OperandView(.float, [geometry.blocks, geometry.packedCount])]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let sum = b.reduceSum(inputs[0], axes: [0])
    return [geometry.unpacked(&b, sum)]
  }

  package static var samples: [UnpackKernelInstruction] {
    ConvolutionGeometry.adjointSamples.map { UnpackKernelInstruction(geometry: $0) }
  }
}
