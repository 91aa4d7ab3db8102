import NetcCore
import NetcGraph
import NetcSemantics
import Testing

/// Primitive operations called by their own names give exactly their own node.
@Suite struct BuiltinTests {
  /// Calls of every operation that a program can write, by the operation's name.
  static let calls: [String: String] = [
    "constant": "literal([1, 2, 3, 4, 5, 6], [2, 3], element: int)",
    "step": "step + 0 * step", "dimension": "dimension(batch)",
    "iota": "iota([2, 3], axis: 1)", "random_uniform": "random_uniform([2, 3], key: \"/k\")",
    "identity": "identity(x)", "stop_gradient": "stop_gradient(x)", "negate": "negate(x)",
    "abs": "abs(x)", "sign": "sign(x)", "floor": "floor(x)", "is_finite": "is_finite(x)",
    "not": "not (x > 0)", "and": "x > 0 and x < 1", "or": "x > 0 or x < 1", "exponential": "exp(x)",
    "exponential_minus_one": "expm1(x)", "log": "log(x)", "log_plus_one": "log1p(x)",
    "sqrt": "sqrt(x)", "rsqrt": "rsqrt(x)", "sine": "sin(x)", "cosine": "cos(x)",
    "tanh": "std.tanh(x)", "logistic": "logistic(x)", "erf": "erf(x)", "add": "add(x, x)",
    "subtract": "subtract(x, x)", "multiply": "multiply(x, x)", "divide": "divide(x, x)",
    "power": "pow(x, x)", "remainder": "remainder(x, x)", "maximum": "maximum(x, x)",
    "minimum": "minimum(x, x)", "compare": "compare(x, x, direction: \"LE\")",
    "select": "select(x > 0, x, x)", "convert": "int(x)",
    "broadcast_in_dim": "broadcast(x, [5, batch, 4], axes: [1, 2])",
    "reshape": "reshape(x, [4 * batch])", "transpose": "transpose(x, permutation: [1, 0])",
    "slice": "slice(x, start: [0, 1], limit: [batch, 3], stride: [1, 2])",
    "pad": "pad(x, value: 1, low: [0, 1], high: [0, -1], interior: [0, 2])",
    "concatenate": "concatenate([x, x], axis: 0)", "reverse": "reverse(x, axes: [1])",
    "gather": "gather(x, k, axis: 1, batch_dims: 0)",
    "scatter_add": "scatter_add(x, k, x[:, 0:2], axis: 1, batch_dims: 0)",
    "reduce_sum": "reduce_sum(x, axes: [1])", "reduce_max": "reduce_max(x, axes: [0])",
    "argmax": "argmax(x, axis: 1)", "cumsum": "cumsum(x, axis: 1, reverse: true, exclusive: true)",
    "dot_general":
      """
    dot_general(
      x, x, lhs_batch: [0], rhs_batch: [0], lhs_contracting: [1], rhs_contracting: [1])
    """,
    "grad": "grad(e, x)", "argsort": "argsort(x, axis: 1, descending: true)",
    "window_sum":
      "window_sum(x, batch_dims: 1, window: [2], stride: [1], low: [0], high: [0], dilation: [1])",
    "window_argmax":
      "window_argmax(x, batch_dims: 1, window: [2], stride: [1], low: [0], high: [0], dilation: [1])",
    "convolution":
      """
    convolution(
      expand(x, axis: 1), literal(1, [5, 1, 2]), stride: [1], low: [0], high: [0],
      lhs_dilation: [1], rhs_dilation: [1], lhs_axes: [0, 1, 2], rhs_axes: [0, 1, 2],
      result_axes: [0, 1, 2])
    """,
  ]

  @Test func `every operation can be called`() {
    let own = ["input", "parameter", "state", "argument", "composite", "scan"]
    let names = OperationCatalogue.operations.map(\.name).filter { !own.contains($0) }
    #expect(names.filter { Self.calls[$0] == nil } == [])
  }

  @Test(arguments: calls.keys.sorted()) func `a call is one node of its operation`(name: String)
    throws
  {
    let call = Self.calls[name] ?? ""
    let analyzed = Analyzed(
      """
      input x: float[batch, 4]
      const m = 2
      let e = sum(x)
      let k = literal([0, 1], [m], element: int)
      output result = \(call)
      """)
    #expect(analyzed.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
    let found = analyzed.model
    let model = try #require(found)
    let result = try #require(model.training.results(.output).first)
    let op = model.training.op(of: result.value)
    #expect(op.operation.name == (name == "step" ? "add" : name))
  }
}
