import Testing

/// Text written by the command.
@Suite struct SampleTests {
  private static let program = """
    input now: class(4)[batch, 3]
    input next: class(4)[batch, 3]
    let logits = embedding(now, 4, 4, init: normal(1)) |> dense(4)
    loss cross_entropy(logits, next)
    optimizer adam(lr: 0.1)
    output logits
    data verse = text("verse.txt", now: window(3), next: shifted(1))
    train(verse, steps: 60, batch: 8)

    """

  @Test func `a trained model goes on from a prompt`() throws {
    let folder = try Folder()
    try folder.write(Self.program, to: "verse.net")
    try folder.write(String(repeating: "abcd", count: 40), to: "verse.txt")
    #expect(try Netc.run("run", "verse.net", "--quiet", in: folder).status == 0)
    let text = try Netc.run(
      "sample", "verse.net", "--prompt", "dab", "--length", "6", "--temperature", "0", in: folder)
    #expect(text.status == 0 && text.errors.isEmpty)
    #expect(text.output == "dabcdabcd\n")
    let drawn = try Netc.run("sample", "verse.net", "--seed", "3", in: folder)
    #expect(drawn.output.count == 501)
    #expect(try Netc.run("sample", "verse.net", "--seed", "3", in: folder).output == drawn.output)
    let unknown = try Netc.run("sample", "verse.net", "--prompt", "z", in: folder)
    #expect(unknown.status == 1 && unknown.output.isEmpty)
    #expect(unknown.errors.contains("`z` is not among the 4 characters of the training text"))
    let wrong = try Netc.run("sample", "verse.net", "--temperature", "-1", in: folder)
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("`--temperature` takes a number of at least 0, found `-1`"))
  }
}
