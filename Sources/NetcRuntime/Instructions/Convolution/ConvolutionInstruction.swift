import CNetc
package import NetcCore
package import NetcGraph

/// A convolution from rows packed on the way and a packed kernel, with a bias and a rectifier at
/// its end.
package struct ConvolutionInstruction: DefinedInstruction {
  package static let name = "convolution"
  package static let summary = "Sums products of a packed kernel with the windows of its input."

  package var geometry: ConvolutionGeometry

  /// Whether an input of one number for each feature of each group is added.
  package var hasBias = false

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var outputs: Int { geometry.hasStatistics ? 3 : 1 }

  package var inputs: Int { operands.count - outputs }

  package func code(_ precision: Precision) -> InstructionCode {
    let g = geometry
    let lanes = Double(g.featureBlocks * ConvolutionGeometry.block) / Double(max(1, g.features))
    let units =
      g.groups * g.outer * g.axes[0].positions * ((g.axes[1].positions + g.band - 1) / g.band)
    let packed = Double(g.groups * g.outer * g.channels) * Double(g.axes.map(\.size).reduce(1, *))
    // A part transforms the kernel for itself, which some images should share.
    let shared = g.isTiled ? 4 : 1
    var code = InstructionCode(
      opcode: Int(NETC_CONV), words: g.words,
      nanoseconds: 100 + (g.work * lanes / 200 + 0.3 * packed) * precision.slowdown,
      units: (units + shared - 1) / shared)
    code.operations = g.work
    return code
  }

  package var operands: [OperandView] {
    let bias = OperandView(.float, [geometry.groups * geometry.features])
    let rows = OperandView(.float, [geometry.units, geometry.features])
    let results = [geometry.resultView] + (geometry.hasStatistics ? [rows, rows] : [])
    return results + [geometry.inputView, OperandView(.float, [geometry.packedCount])]
      + geometry.prologueViews + (hasBias ? [bias] : [])
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let kernel = geometry.unpacked(&b, inputs[1])
    let x = geometry.prepared(&b, inputs[0], Array(inputs[2...]))
    var y = b.convolution(x, kernel, geometry.dimensions)
    let shape = b.shape(of: y)
    if hasBias {
      let bias = b.reshape(
        inputs[inputs.count - 1], to: Shape(sizes: [geometry.groups, geometry.features]))
      y = b.add(y, b.broadcast(bias, to: shape, axes: [0, 2]))
    }
    if geometry.isRectified {
      let zero = b.constant(0, shape)
      y = b.select(b.compare(.le, y, zero), zero, y)
    }
    return geometry.hasStatistics ? [y] + geometry.statistics(&b, y) : [y]
  }

  package static var samples: [ConvolutionInstruction] {
    (ConvolutionGeometry.samples + ConvolutionGeometry.tiledSamples).enumerated().map {
      place, geometry in
      var sample = ConvolutionInstruction(geometry: geometry)
      sample.hasBias = place % 2 == 0
      sample.geometry.isRectified = place % 3 == 0
      sample.geometry.prologue = .sample(place)
      sample.geometry.hasStatistics =
        geometry.allowsStatistics && geometry.result.feature == 1 && place % 5 != 3
        && (!geometry.isTiled || geometry.channels < 8)
      return sample
    }
  }
}

/// A kernel in the order in which a convolution reads it.
package struct PackKernelInstruction: DefinedInstruction {
  package static let name = "pack_kernel"
  package static let summary =
    "Writes a convolution's kernel by phase, block of features, tap and channel."

  package var geometry: ConvolutionGeometry

  package init(geometry: ConvolutionGeometry) { self.geometry = geometry }

  package var inputs: Int { 1 }

  package func code(_ precision: Precision) -> InstructionCode {
    InstructionCode(
      opcode: Int(NETC_CONV_PACK), words: geometry.words,
      nanoseconds: 200 + 0.4 * Double(geometry.packedCount) * precision.slowdown,
      units: geometry.groups * geometry.featureBlocks)
  }

  package var operands: [OperandView] {
    [OperandView(.float, [geometry.packedCount]), geometry.kernelView]
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] { [geometry.packed(&b, inputs[0])] }

  package static var samples: [PackKernelInstruction] {
    ConvolutionGeometry.samples.map { PackKernelInstruction(geometry: $0) }
  }
}
