import Foundation
import NetcCore
import NetcKit
import Testing

@Suite struct DivergenceTests {
  @Test func `training stops at the step and names the first operation`() throws {
    let text = """
      input x: float[batch]
      input y: float[batch]
      param w: float = 1
      let p = exp(w * x)
      loss mse(p, y)
      optimizer sgd(lr: 1e3)
      data d = table(x: [1, 2, 3, 4], y: [100, 200, 300, 400])
      train(d, epochs: 20, batch: 2, seed: 1)
      """
    let trained = try Trainer(model(text), options: .alone).train()
    guard case .diverged(let divergence) = trained.result.reason else {
      Issue.record("\(trained.result.reason)")
      return
    }
    #expect(divergence.step >= 1)
    #expect(divergence.step == trained.result.step)
    #expect(["inf", "-inf", "nan"].contains(divergence.found))
    #expect(divergence.location?.hasPrefix("test.net:") == true)
    for parameter in trained.model.parameters {
      #expect(trained.saved[parameter.name]?.doubles.allSatisfy(\.isFinite) == true)
    }
  }

  @Test func `division by zero is named with its line`() throws {
    let text = """
      input x: float[batch]
      param w: float = 0
      let q = 1 / w
      loss mean(q * x)
      optimizer sgd(lr: 0.1)
      data d = table(x: [1, 2])
      train(d, epochs: 1, batch: 2)
      """
    let trained = try Trainer(model(text), options: .alone).train()
    guard case .diverged(let divergence) = trained.result.reason else {
      Issue.record("\(trained.result.reason)")
      return
    }
    #expect(divergence.step == 0)
    #expect(divergence.found == "inf")
    #expect(divergence.operation == "q (divide)")
    #expect(divergence.location == "test.net:3:9")
    #expect(!divergence.isDerivative)
  }
}
