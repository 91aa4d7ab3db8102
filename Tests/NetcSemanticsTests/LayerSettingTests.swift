import NetcCore
import NetcGraph
import NetcSemantics
import Testing

/// Settings of convolutions and pooling: by axis where they are lists, refused where impossible.
@Suite struct LayerSettingTests {
  private func analyzed(_ layer: String, image: String = "2, 4, 8, 9") -> Analyzed {
    Analyzed(
      """
      input x: float[\(image)]
      output y = x |> \(layer)
      """)
  }

  @Test(arguments: [
    ("conv2d(6, kernel: [3, 2], stride: [2, 1], padding: [1, 0])", "[2, 6, 4, 8]"),
    ("conv2d(6, kernel: [3, 2], stride: 2, padding: same, dilation: [1, 2])", "[2, 6, 4, 5]"),
    ("conv2d(6, kernel: 1, stride: [4, 3])", "[2, 6, 2, 3]"),
    ("conv_transpose2d(6, kernel: [3, 2], stride: [2, 1], groups: 2)", "[2, 6, 17, 10]"),
    ("conv_transpose2d(3, kernel: 2, stride: [2, 3], padding: same)", "[2, 3, 16, 27]"),
    ("depthwise_conv2d(kernel: [3, 1])", "[2, 4, 6, 9]"),
    ("separable_conv2d(5, kernel: [1, 3])", "[2, 5, 8, 7]"),
    ("max_pool2d([2, 3])", "[2, 4, 4, 3]"),
    ("avg_pool2d([2, 3], stride: [1, 3], padding: [0, 1])", "[2, 4, 7, 3]"),
  ])
  func `a list is a setting for each axis`(layer: String, shape: String) throws {
    let result = analyzed(layer)
    let model = try #require(result.model, "\(result.report)")
    let output = try #require(model.training.results(.output).first)
    #expect(model.training.type(of: output.value).shape.description == shape)
  }

  @Test(arguments: [
    ("conv2d(6, kernel: [3])", "one number for each spatial axis"),
    ("conv2d(6, kernel: 3, stride: [1, 2, 3])", "one number for each spatial axis"),
    ("conv2d(6, kernel: 3, padding: [1])", "one number for each spatial axis"),
    ("conv2d(6, kernel: [3, 0])", "`channels` and `kernel` must be 1 or more"),
    ("conv2d(6, kernel: 3, dilation: [1, 0])", "`stride` and `dilation` must be 1 or more"),
    ("conv2d(6, kernel: 3, padding: [0, -1])", "a number from 0 on"),
    ("conv2d(6, kernel: 3, groups: 3)", "`groups` must divide"),
    ("conv_transpose2d(6, kernel: 3, groups: 3)", "`groups` must divide"),
    ("max_pool2d([2, 0])", "a pooling window must be 1 or more"),
    ("max_pool2d(2, stride: [1])", "one number for each spatial axis"),
    ("max_pool2d([3, 2], padding: [1, 2])", "`padding` must be less than the pooling window"),
  ])
  func `an impossible setting is refused in words`(layer: String, words: String) {
    let result = analyzed(layer)
    #expect(result.model == nil)
    #expect(result.report.contains(words), "\(result.report)")
    #expect(result.report.contains("test.net:2"), "\(result.report)")
  }

  @Test func `fans of a grouped kernel count the numbers of the kernel`() throws {
    let result = Analyzed(
      """
      const inside = fan_in([6, 2, 3, 2]), outside = fan_out([6, 2, 3, 2])
      input x: float[2]
      output y = x * inside + outside
      """)
    let model = try #require(result.model, "\(result.report)")
    #expect(model.constants.map(\.text) == ["12", "36"])
  }
}
