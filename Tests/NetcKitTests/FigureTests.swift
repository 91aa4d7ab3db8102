import NetcCore
import NetcKit
import Testing

/// Metrics that are more than one number, over batches of different sizes.
@Suite struct FigureTests {
  private static let program = """
    input x: float[batch, 3]
    input y: class(3)[batch]
    param w: float[1] = zeros()
    loss l2(w)
    optimizer sgd(lr: 0.1)
    metric confusion(x, y)
    metric recall_by_class(x, y)
    metric accuracy(x, y)
    """

  @Test func `a confusion matrix has its shape and its numbers in order`() throws {
    let session = try TrainingSession(try Compiler().compile(Self.program).get())
    let x = try #require(Tensor(shape: [3, 3], .float([1, 0, 0, 0, 2, 1, 0, 3, 0])))
    let y = try #require(Tensor(shape: [3], .int([0, 2, 1])))
    let figures = try session.evaluate(["x": x, "y": y])
    let confusion = try #require(figures.first { $0.name == "confusion" })
    #expect(confusion.shape == [3, 3])
    #expect(confusion.values == [1, 0, 0, 0, 1, 0, 0, 1, 0])
    #expect(!confusion.isScalar && confusion.value.isNaN)
    #expect(figures["confusion"] == nil)
    let recall = try #require(figures.first { $0.name == "recall_by_class" })
    #expect(recall.values == [1, 1, 0])
    let accuracy = try #require(figures["accuracy"])
    #expect(abs(accuracy - 2.0 / 3) < 1e-6)
  }

  /// Errors of 1, 1 and 5: the mean of the batches' roots would be 2.33.
  @Test func `the root of the mean square is taken once, over all batches`() throws {
    let trained = try Trainer(
      model(
        """
        input x: float[batch]
        input y: float[batch]
        param w: float[] = zeros()
        loss mse(x + 0 * w, y)
        optimizer sgd(lr: 0.1)
        metric rmse(x, y)
        data d = table(x: [1, 2, 5], y: [0, 1, 0])
        train(d, validation: d, batch: 2)
        """), options: .alone
    ).train()
    let found = try #require(trained.result.validation["rmse"])
    #expect(abs(found - 3) < 1e-6)
  }

  @Test func `a metric of several numbers cannot be watched`() {
    let text =
      Self.program + """

        data d = table(x: [[1, 2, 3], [3, 2, 1]], y: [0, 1])
        train(d, epochs: 1, patience: 2, monitor: confusion)
        """
    let compilation = Compiler().compile(text)
    #expect(compilation.hasErrors)
    #expect(compilation.renderedDiagnostics().contains("that is one number"))
  }
}
