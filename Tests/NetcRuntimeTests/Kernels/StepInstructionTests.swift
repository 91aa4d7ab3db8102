import CNetc
import NetcCore
import NetcRuntime
import Testing

/// Instructions that read or write the run's state, random draws, sorting, and maps in place.
@Suite struct StepInstructionTests {
  @Test(arguments: [0, 1, 2], Precision.allCases)
  func randomDrawsAreThoseOfPhilox(parts: Int, precision: Precision) {
    for (count, offset) in [(0, 0), (1, 0), (1000, 0), (77, 3), (640, 4_294_967)] {
      let instruction = RandomUniformInstruction(
        count: count, key: Philox.hash("dropout_1"), offset: offset > 0)
      let expected = Philox(seed: 42, site: "dropout_1")
        .uniforms(count: count, step: 9, offset: UInt64(offset)).map { Double($0) }
      for isa in machineSets {
        let rig = KernelRig(precision, operands: [(.float, count), (.int, 1)])
        rig[1] = [Double(offset)]
        var context = netc_context()
        context.seed = 42
        context.step = 9
        var code = instruction.code(precision)
        code.parts = UInt16(1 + parts)
        rig.run(code, isa: isa, threads: 2, places: offset > 0 ? [0, 1] : [0], context: &context)
        #expect(rig[0] == expected, "\(count) from \(offset), set \(isa)")
        #expect(rig.guardsHold)
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func feedGathersShuffledRows(precision: Precision) {
    let width = 3
    let values = (0..<15).map { Double($0 * 7 % 256) }
    let permutation: [Int32] = [4, 2, 0, 1, 3]
    let expected = [0, 1, 3].flatMap { row in (0..<width).map { values[row * width + $0] } }
    for kind in [
      NETC_COLUMN_F32, NETC_COLUMN_F64, NETC_COLUMN_I32, NETC_COLUMN_I64, NETC_COLUMN_U8,
    ] {
      for type in [ElementType.float, .int] {
        let instruction = FeedInstruction(column: 1, batch: 3, width: width, type: type)
        let rig = KernelRig(precision, operands: [(type, 9)])
        withColumn(values, kind: Int(kind)) { data in
          let columns = [
            netc_column(),
            netc_column(
              data: data, rows: 5, width: 3, offset: 0, stride: 3, scale: 1, kind: Int32(kind)),
          ]
          columns.withUnsafeBufferPointer { columns in
            permutation.withUnsafeBufferPointer { permutation in
              var context = netc_context()
              context.columns = columns.baseAddress
              context.permutation = permutation.baseAddress
              context.cursor = 2
              rig.run(instruction.code(precision), isa: machineSets.count - 1, context: &context)
            }
          }
        }
        #expect(rig[0] == expected, "column kind \(kind), \(type)")
        #expect(rig.guardsHold)
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func feedScalesBytesAndTakesWindows(precision: Precision) {
    let scale = 1.0 / 255
    let instruction = FeedInstruction(column: 0, batch: 3, width: 4, type: .float)
    let rig = KernelRig(precision, operands: [(.float, 12)])
    let permutation: [Int32] = [3, 0, 7]
    withColumn((0..<15).map { Double($0 * 17 % 256) }, kind: Int(NETC_COLUMN_U8)) { data in
      let column = netc_column(
        data: data, rows: 10, width: 4, offset: 2, stride: 1, scale: scale,
        kind: Int32(NETC_COLUMN_U8))
      withUnsafePointer(to: column) { columns in
        permutation.withUnsafeBufferPointer { permutation in
          var context = netc_context()
          context.columns = columns
          context.permutation = permutation.baseAddress
          rig.run(instruction.code(precision), isa: machineSets.count - 1, context: &context)
        }
      }
    }
    let expected = permutation.flatMap { row in
      (0..<4).map { place in
        let byte = (Int(row) + 2 + place) * 17 % 256
        return precision == .single ? Double(Float(byte) * Float(scale)) : Double(byte) * scale
      }
    }
    #expect(rig[0] == expected)
    #expect(rig.guardsHold)
  }

  private func withColumn(
    _ values: [Double], kind: Int, _ body: (UnsafeRawPointer) -> Void
  ) {
    func give<T>(_ list: [T]) { list.withUnsafeBytes { $0.baseAddress.map(body) } }
    switch kind {
    case Int(NETC_COLUMN_F32): give(values.map { Float($0) })
    case Int(NETC_COLUMN_F64): give(values)
    case Int(NETC_COLUMN_I32): give(values.map { Int32($0) })
    case Int(NETC_COLUMN_I64): give(values.map { Int64($0) })
    default: give(values.map { UInt8($0) })
    }
  }

  @Test func nextAdvancesTheCursor() {
    let rig = KernelRig(.single, operands: [])
    var context = netc_context()
    context.cursor = 64
    rig.run(NextInstruction(batch: 32).code(.single), isa: 0, context: &context)
    #expect(context.cursor == 96)
  }

  @Test(arguments: Precision.allCases)
  func checkFindsWhatIsNotFinite(precision: Precision) {
    for count in [1, 16, 37] {
      for place in [nil, 0, count / 2, count - 1] {
        for value in [Double.nan, .infinity, -.infinity] {
          for isa in machineSets {
            let rig = KernelRig(precision, operands: [(.float, count)])
            var numbers = (0..<count).map { Double($0) * 1e30 }
            if let place { numbers[place] = value }
            rig[0] = numbers
            var context = netc_context()
            rig.run(CheckInstruction(count: count).code(precision), isa: isa, context: &context)
            #expect(context.status == (place == nil ? 0 : Int32(NETC_NONFINITE)))
          }
        }
      }
    }
  }

  @Test(arguments: ElementType.allCases)
  func accumulatorsGrowInDouble(type: ElementType) {
    let rig = KernelRig(.single, operands: [(type, 2)])
    rig[0] = [1, 0]
    var accumulators = [1.0, 2, 3]
    var slots = [0.0, 0.5]
    accumulators.withUnsafeMutableBufferPointer { accumulators in
      slots.withUnsafeMutableBufferPointer { slots in
        var context = netc_context()
        context.accumulators = accumulators.baseAddress
        context.slots = slots.baseAddress
        let add = AccumulateInstruction(index: 1, count: 2, type: type, weight: 3, slot: 1)
        rig.run(add.code(.single), isa: 0, context: &context)
      }
    }
    #expect(accumulators == [1, 3.5, 3])
  }

  @Test(arguments: [false, true])
  func argsortIsStableAndPutsNaNLast(descending: Bool) {
    var numbers = SeededNumbers(5)
    for (outer, n, inner) in [(1, 1, 1), (2, 50, 1), (3, 7, 4), (1, 300, 2), (2, 0, 3)] {
      var x = (0..<outer * n * inner).map { _ in numbers.next(-4, 4).rounded() }
      for k in stride(from: 3, to: x.count, by: 11) { x[k] = .nan }
      let axes = ThreeAxes(outer: outer, n: n, inner: inner)
      for isa in machineSets {
        let rig = KernelRig(.single, operands: [(.int, x.count), (.float, x.count)])
        rig[1] = x
        var context = netc_context()
        var code = ArgSortInstruction(axes: axes, descending: descending).code(.single)
        code.parts = 2
        rig.run(code, isa: isa, threads: 2, context: &context)
        let found = rig[0]
        for o in 0..<outer {
          for j in 0..<inner {
            let column = (0..<n).map { x[(o * n + $0) * inner + j] }
            let order = (0..<n).map { Int(found[(o * n + $0) * inner + j]) }
            #expect(order == sorted(column, descending: descending))
          }
        }
        #expect(rig.guardsHold)
      }
    }
  }

  private func sorted(_ x: [Double], descending: Bool) -> [Int] {
    x.indices.sorted { a, b in
      if x[a].isNaN || x[b].isNaN { return x[a].isNaN == x[b].isNaN ? a < b : x[b].isNaN }
      return x[a] == x[b] ? a < b : (x[a] < x[b]) != descending
    }
  }

  @Test func packedAndPlainProductsGiveTheSameBits() {
    for sample in GemmInstruction.samples where sample.kernel != .vector && !sample.isPacked {
      let results = [GemmInstruction.Kernel.plain, .packed].map { kernel in
        var gemm = sample
        gemm.kernel = kernel
        let rig = InstructionTrial(gemm, .single).run(
          isa: machineSets.count - 1, parts: 1, threads: 1)
        return rig.bytes(0)
      }
      #expect(results[0] == results[1], "\(sample)")
    }
  }

  /// Every sample whose outputs may lie on inputs gives the same bits when they do.
  @Test func mapsInPlaceGiveTheSameBits() {
    for (place, map) in MapInstruction.samples.enumerated() {
      let shared = map.sharedPlaces
      guard shared.contains(where: { $0 != nil }) else { continue }
      for precision in Precision.allCases {
        let apart = run(map, precision, sharing: shared.map { _ in nil })
        let together = run(map, precision, sharing: shared)
        #expect(apart == together, "map sample \(place), \(precision)")
      }
    }
  }

  /// The outputs' bytes when output k lies on input `sharing[k]`.
  private func run(_ map: MapInstruction, _ precision: Precision, sharing: [Int?]) -> [[UInt8]] {
    let views = map.operands
    let rig = KernelRig(precision, operands: views.map { ($0.type, $0.memorySize) })
    var numbers = SeededNumbers(6)
    for k in map.outputs..<views.count {
      rig[k] = (0..<views[k].memorySize).map { _ in views[k].random(&numbers) }
    }
    var places = Array(views.indices)
    for (output, input) in sharing.enumerated() {
      if let input { places[output] = map.outputs + input }
    }
    var slots = [0.75, 2, -1.5]
    slots.withUnsafeMutableBufferPointer { slots in
      var context = netc_context()
      context.slots = slots.baseAddress
      rig.run(map.code(precision), isa: machineSets.count - 1, places: places, context: &context)
    }
    return (0..<map.outputs).map { rig.bytes(places[$0]) }
  }
}

extension MapInstruction {
  /// For each output a different input of its type and strides, where there is one.
  var sharedPlaces: [Int?] {
    var taken: Set<Int> = []
    return (0..<outputs).map { output in
      if separateOutputs.contains(output) { return nil }
      if tails.contains(where: { $0.operand == output }) { return nil }
      let input = (0..<inputs).first {
        !taken.contains($0) && places[outputs + $0] == places[output]
      }
      if let input { taken.insert(input) }
      return input
    }
  }
}
