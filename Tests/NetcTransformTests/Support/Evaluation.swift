import NetcCore
import NetcGraph

/// The numbers of a graph's results in double, by the reference interpreter.
func evaluate(
  _ graph: Graph, parameters: [String: Tensor] = [:], inputs: [String: Tensor] = [:],
  bindings: DimBindings = [:], seed: UInt64 = 7
) -> [Tensor] {
  evaluate(
    Double.self, graph, parameters: parameters, inputs: inputs, bindings: bindings, seed: seed)
}

/// The numbers of a graph's results in a number type, by the reference interpreter.
func evaluate<S: ReferenceScalar>(
  _ type: S.Type, _ graph: Graph, parameters: [String: Tensor] = [:],
  inputs: [String: Tensor] = [:],
  bindings: DimBindings = [:], seed: UInt64 = 7
) -> [Tensor] {
  let context = EvaluationContext(
    bindings: bindings, inputs: inputs, parameters: parameters, step: 3, seed: seed)
  let values = ReferenceInterpreter<S>(context: context).evaluateAll(graph)
  return graph.results.map { values[$0.value.index].tensor }
}

/// Whether two lists of tensors hold the same bits; all NaNs count as one.
func sameBits(_ a: [Tensor], _ b: [Tensor]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      x.shape == y.shape && x.element == y.element
        && zip(x.doubles, y.doubles).allSatisfy {
          $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
        }
    }
}

/// Whether two lists of tensors agree to `tolerance` relative to the largest number of each tensor.
func close(_ a: [Tensor], _ b: [Tensor], tolerance: Double = 1e-10) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      let scale = max(1, y.doubles.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 1)
      return x.shape == y.shape
        && zip(x.doubles, y.doubles).allSatisfy {
          $0 == $1 || ($0.isNaN && $1.isNaN) || ($0 - $1).magnitude <= tolerance * scale
        }
    }
}

/// The Euclidean norm.
func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

extension Tensor {
  /// Real numbers of a shape; the test's author counts them right.
  init(_ shape: [Int], _ values: [Double]) {
    self.init(scalar: 0)
    self.shape = shape
    storage = .double(values)
  }
}

extension TensorType {
  /// Real numbers of known sizes.
  static func real(_ sizes: Int...) -> TensorType { TensorType(.float, Shape(sizes: sizes)) }
}
