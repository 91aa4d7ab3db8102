import NetcCore
import NetcKit

// A program as text: two inputs a row, labels -1 and +1, one hidden layer.
let program = """
  input x: float[batch, 2]
  input z: float[batch]
  let y = x |> dense(16) |> tanh |> dense(1) |> squeeze(axis: -1)
  loss hinge(y, z)
  optimizer adam(lr: 0.02)
  output score = y
  """

/// Points inside and outside a circle.
func points(_ count: Int) -> (x: Tensor, z: Tensor) {
  var x: [Float] = []
  var z: [Float] = []
  for index in 0..<count {
    let angle = Float(index) * 2.399963
    let radius = Float(index % 20) / 10
    x += [radius * cosine(angle), radius * cosine(angle - 1.5707964)]
    z.append(radius < 1 ? 1 : -1)
  }
  guard let features = Tensor(shape: [count, 2], .float(x)),
    let labels = Tensor(shape: [count], .float(z))
  else {
    preconditionFailure("the shapes hold as many numbers as there are")
  }
  return (features, labels)
}

/// The cosine by its series after reduction to (-π, π): enough for a picture of points.
func cosine(_ angle: Float) -> Float {
  let turn = angle - (angle / 6.2831855).rounded() * 6.2831855
  var term: Float = 1
  var sum: Float = 1
  for order in 1...8 {
    term *= -turn * turn / Float((2 * order - 1) * 2 * order)
    sum += term
  }
  return sum
}

do {
  let compilation = Compiler().compile(program)
  print(compilation.renderedDiagnostics(), terminator: "")
  let model = try compilation.get()
  for parameter in model.parameters { print("\(parameter.name): \(parameter.type)") }

  let session = try TrainingSession(model, seed: 1)
  let data = points(400)
  for step in 1...300 {
    let figures = try session.step(["x": data.x, "z": data.z])
    if step % 100 == 0 { print("step \(step): loss \(figures["loss"] ?? .nan)") }
  }

  let score = try session.predict(["x": data.x])[0].tensor.doubles
  let right = zip(score, data.z.doubles).filter { ($0 > 0) == ($1 > 0) }.count
  print("\(right) of \(score.count) on the right side")
} catch {
  print("error: \(error)")
}
