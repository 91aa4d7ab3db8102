import NetcCore
import NetcGraph

/// The host scalars of a plan: rank-0 numbers computed in double from `step`, before each step.
///
/// Every scalar has a slot; integers and truth values are kept as doubles.
package struct ScalarProgram: Hashable, Sendable {
  /// One operation on slots.
  struct Step: Hashable, Sendable {
    let code: ScalarCode
    let a: Int32
    let b: Int32
    let c: Int32
    let result: Int32
  }

  /// What slots hold before the first step: constants, and 0 for what is computed.
  private(set) var initial: [Double] = []
  private(set) var steps: [Step] = []
  private var constants: [UInt64: Int] = [:]

  package init() {}

  /// How many slots there are.
  package var slotCount: Int { initial.count }

  /// The slot of a constant.
  mutating func constant(_ number: Double) -> Int {
    if let known = constants[number.bitPattern] { return known }
    initial.append(number)
    constants[number.bitPattern] = initial.count - 1
    return initial.count - 1
  }

  /// Adds an operation and gives its slot; nil for an operation without bytecode.
  mutating func append(
    _ name: String, _ attributes: Attributes, operands: [Int], _ types: [ElementType],
    result: ElementType
  ) -> Int? {
    guard let code = ScalarCode(name, attributes, types, result) else { return nil }
    func operand(_ k: Int) -> Int32 { k < operands.count ? Int32(clamping: operands[k]) : 0 }
    initial.append(0)
    steps.append(
      Step(
        code: code, a: operand(0), b: operand(1), c: operand(2),
        result: Int32(clamping: initial.count - 1)))
    return initial.count - 1
  }

  /// Computes every slot for a step, without allocating.
  static func run(
    _ steps: UnsafeBufferPointer<Step>, _ slots: UnsafeMutablePointer<Double>, step: Int64
  ) {
    for i in steps {
      slots[Int(i.result)] = i.code.value(
        slots[Int(i.a)], slots[Int(i.b)], slots[Int(i.c)], step: step)
    }
  }
}
