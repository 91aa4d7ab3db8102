import Foundation
import NetcData
import Testing

@Suite struct DecimalTests {
  private func read(_ text: String) -> Double? {
    decimal(Array(text.utf8), 0..<text.utf8.count)
  }

  @Test(arguments: [
    "0", "-0", "1", "0.1", "123456789012345678", "1234567890123456789", "12345678901234567890123",
    "9007199254740993", "9007199254740992.5", "0.30000000000000004", "1e22", "1e23", "1e-22",
    "1e-23",
    "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623157e308",
    "1.7976931348623159e308", "1e309", "1e-400", "-1e999999999999", "1e-999999999999", "5.", ".5",
    "+7e+07", "00012.500", "0.000000000000000000000000000000123",
    "8.7966434192180871e-1", "3.1415926535897932384626433832795028841971693993751",
  ])
  func `a decimal reads as the standard library reads it`(text: String) throws {
    let clamped = text.replacingOccurrences(of: "999999999999", with: "9999")
    let expected = try #require(Double(clamped))
    let value = try #require(read(text))
    #expect(value.bitPattern == expected.bitPattern)
  }

  @Test(arguments: [
    "", "+", "-", ".", "+.", "e5", "1e", "1e+", "1.2.3", "1,5", "0x1", "inf", "nan", "1 2", "--1",
    "1_000",
    "1e5.5", "١",
  ])
  func `what is no decimal is refused`(text: String) { #expect(read(text) == nil) }

  @Test func `random decimals of every length read exactly`() {
    var random = SeededNumbers(seed: 5)
    for _ in 0..<2000 {
      var text = random.below(2) == 0 ? "-" : ""
      let digits = 1 + random.below(25)
      let point = random.below(digits + 1)
      for place in 0..<digits {
        if place == point { text += "." }
        text += String(random.below(10))
      }
      if random.below(2) == 0 { text += "e\(random.below(80) - 40)" }
      #expect(read(text)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }
}
