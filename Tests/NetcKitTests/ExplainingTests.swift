import NetcKit
import Testing

@Suite("Explanations of the library and of gradients")
struct ExplainingTests {
  @Test("every library definition has words and a source", arguments: LibrarySpecification.names)
  func hasWords(_ name: String) throws {
    let spec = try #require(LibrarySpecification(of: name))
    #expect(!spec.documentation.isEmpty)
    #expect(spec.source.contains(name))
  }

  @Test("a function without a derivative of its own shows the derived one")
  func derives() throws {
    let relu = try #require(LibrarySpecification(of: "relu"))
    let text = try #require(relu.derivative)
    #expect(text.contains("d_x: float[n, m] = where(x <= 0, 0, d_out)"))
    let softmax = try #require(LibrarySpecification(of: "softmax"))
    #expect(try #require(softmax.derivative).hasPrefix("gradient softmax("))
    #expect(LibrarySpecification(of: "adam")?.derivative == nil)
    #expect(LibrarySpecification(of: "no_such_thing") == nil)
  }

  private static let program = """
    input x: float[batch, 2]
    input z: float[batch]
    param W: float[2, 3] = he_normal()
    param w: float[3] = he_normal()
    let y = relu(x @ W) @ w
    loss mean(max(0, 1 - y * z))
    optimizer sgd(lr: 0.1)
    """

  @Test("the chain of a gradient goes from the loss to the parameter, each link with rule and line")
  func chain() throws {
    let model = try Compiler().compile(Self.program, name: "t.net").get()
    let text = try model.derivationText(of: "W")
    let links = text.split(separator: "\n").drop { $0 != "derived:" }.dropFirst()
    #expect(links.first?.hasPrefix("d_loss") == true)
    #expect(links.last?.hasPrefix("d_W: float[2, 3]") == true)
    #expect(links.allSatisfy { $0.contains("// ") && $0.contains("t.net:") })
    #expect(!text.contains("d_w:"))
  }

  @Test("an unknown parameter is named with the nearest one")
  func unknown() throws {
    let model = try Compiler().compile(Self.program).get()
    let error = #expect(throws: NetcError.self) { try model.derivationText(of: "w1") }
    #expect(error?.description.contains("did you mean") == true)
  }
}
