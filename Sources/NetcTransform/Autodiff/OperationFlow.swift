import NetcCore
import NetcGraph

/// What differentiation asks of each operation, looked up once: arrays by `OpID.rawValue`.
enum OperationFlow {
  private static let rules: [Bool] = OperationCatalogue.operations.map {
    if case .rule = $0.differentiability { true } else { false }
  }

  private static let ruleTexts: [[String]] = OperationCatalogue.operations.map { operation in
    operation.operandNames.map { "\(operation.name) wrt \($0)" }
  }

  private static let many: [Bool] = OperationCatalogue.operations.map(\.takesManyOperands)

  /// Whether the operation's rule gives adjoints.
  static func hasRule(_ op: OpID) -> Bool { rules[Int(op.rawValue)] }

  /// Whether one call of the rule serves all operands.
  static func isDifferentiatedWhole(_ op: OpID) -> Bool { many[Int(op.rawValue)] }

  /// The rule's text for an operand, as `dot_general wrt rhs`.
  static func ruleText(_ op: OpID, operand: Int) -> String {
    let texts = ruleTexts[Int(op.rawValue)]
    if texts.isEmpty { return op.operation.name }
    return texts[min(operand, texts.count - 1)]
  }
}

extension Graph {
  /// Whether a derivative can flow through a value: real numbers of an operation with a rule.
  func carriesDerivative(_ value: ValueID) -> Bool {
    OperationFlow.hasRule(op(of: value)) && type(of: value).element == .float
  }
}
