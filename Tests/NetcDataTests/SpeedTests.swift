#if !DEBUG
  import NetcCore
  import NetcData
  import Testing

  @Suite struct SpeedTests {
    @Test func `a million numbers are read in well under a second`() throws {
      let folder = try TemporaryFolder()
      var random = SeededNumbers(seed: 31)
      var writer = CSVWriter()
      for _ in 0..<20_000 {
        writer.append(
          (0..<50).map { _ in .number(Double(random.below(2_000_000) - 1_000_000) / 1000) })
      }
      try writer.write(to: "\(folder.path)/d.csv")
      let request = DataRequest.csv("\(folder.path)/d.csv", [.floats("x", 0..<50)])
      let start = ContinuousClock.now
      let data = try request.load()
      let duration = ContinuousClock.now - start
      #expect(data.rowCount == 20_000)
      #expect(duration < .seconds(1))
    }
  }
#endif
