import NetcCore
import NetcData
import Testing

@Suite struct CSVWriterTests {
  @Test func `cells are written shortest and quoted where needed`() {
    var writer = CSVWriter()
    writer.append(["a", "b,c", "", " d", "e\"f"])
    writer.append([.number(0.1), .float(0.1), .integer(-3), .number(2), .text("x\r\ny")])
    writer.append([.number(.nan), .float(-.infinity), .number(1e-300)])
    #expect(
      writer.text == "a,\"b,c\",\"\",\" d\",\"e\"\"f\"\n0.1,0.1,-3,2,\"x\r\ny\"\nnan,-inf,1e-300\n")
  }

  @Test func `random labels and numbers come back through the reader`() throws {
    let folder = try TemporaryFolder()
    var random = SeededNumbers(seed: 11)
    let alphabet = Array("ab,;\"\n\r\t 'é\u{301}😀x0.".unicodeScalars)
    for round in 0..<60 {
      let names = (0..<6).map { index in
        var text = "w\(index)"
        for _ in 0..<random.below(8) {
          text.unicodeScalars.insert(
            alphabet[random.below(alphabet.count)], at: text.unicodeScalars.startIndex)
        }
        return text
      }.sorted()
      var writer = CSVWriter()
      writer.append(["label", "value"])
      let rows = (0..<40).map { $0 < 6 ? $0 : random.below(6) }
      let values = rows.map { _ in Double(random.below(1 << 30)) / Double(1 + random.below(1000)) }
      for (row, value) in zip(rows, values) { writer.append([.text(names[row]), .number(value)]) }
      try writer.write(to: "\(folder.path)/d.csv")
      let request = DataRequest.csv(
        "\(folder.path)/d.csv",
        [.scalar("y", .name("label"), .classes(count: 6)), .scalar("x", .name("value"))],
        [DataOption("separator", .string(","))])
      let data = try request.load(precision: .double)
      #expect(data["y"]?.classNames == names, "round \(round)")
      #expect(ints(data["y"]) == rows.map(Int32.init))
      #expect(data["x"]?.storage == .doubles(values))
    }
  }
}
