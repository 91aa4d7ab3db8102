import NetcCore
import Testing

@Suite struct JSONParsingTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "-0.5", "12", "[1,[2,{\"a\":[]}],\"\"]",
    #"{"b":1,"a":{"b":"x\"\\\n\u0001θ"},"b":false}"#,
  ])
  func `what is written is read`(text: String) throws {
    #expect(try JSONText(parsing: Array(text.utf8)).text == text)
  }

  @Test func `escapes, spaces and numbers`() throws {
    let text =
      " {\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\r\\t\" : [ 1e2 , -0 , 1.50, 99999999999999999999 ] }\n"
    #expect(
      try JSONText(parsing: Array(text.utf8))
        == .object([
          "é😀/\u{8}\u{C}\r\t": .array([.number(100), .integer(0), .number(1.5), .number(1e20)])
        ]))
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("nul", 0), ("[1,]", 3), ("[1 2]", 3), ("{1:2}", 1), ("{\"a\" 2}", 5),
    ("{\"a\":2,}", 7), ("01", 1), ("1.", 2), ("1e", 2), ("-", 1), ("\"a", 2), ("\"\\x\"", 2),
    ("\"\\u12g4\"", 5), ("\"\\ud800\"", 7), ("\"\\ud800\\u0041\"", 13), ("\"a\nb\"", 2), ("1 1", 2),
    (String(repeating: "[", count: 100_000), 64),
  ])
  func `what is no JSON is refused at its byte`(text: String, offset: Int) {
    do throws(JSONParsingError) {
      let value = try JSONText(parsing: Array(text.utf8))
      Issue.record("read \(value)")
    } catch {
      #expect(error.offset == offset, "\(error.message)")
    }
  }

  @Test func `broken UTF-8 is refused`() {
    #expect(throws: JSONParsingError.self) { try JSONText(parsing: [0x22, 0xFF, 0x22]) }
  }
}
