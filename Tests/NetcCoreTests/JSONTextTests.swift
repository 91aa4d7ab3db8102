import NetcCore
import Testing

@Suite struct JSONTextTests {
  @Test func `members keep their order and numbers their value`() {
    let value = JSONText.object([
      "event": .string("epoch"), "epoch": .integer(3), "loss": .number(0.1), "flat": .float(0.1),
      "whole": .number(2), "rows": .array([.null, .bool(true), .number(1e300)]),
    ])
    let text =
      #"{"event":"epoch","epoch":3,"loss":0.1,"flat":0.1,"whole":2,"rows":[null,true,1e+300]}"#
    #expect(value.text == text)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a number JSON cannot write is null`(number: Double) {
    #expect(JSONText.number(number).text == "null")
    #expect(JSONText.float(Float(number)).text == "null")
  }

  @Test(arguments: [
    ("a\"b\\c", #""a\"b\\c""#), ("tab\tline\nreturn\r", #""tab\tline\nreturn\r""#),
    ("\u{1}\u{1F}\u{7F}", #""\u0001\u001f\u007f""#), ("θ ✓", "\"θ ✓\""), ("\r\n", #""\r\n""#),
  ])
  func `strings are escaped`(text: String, quoted: String) {
    #expect(JSONText.quoted(text) == quoted)
  }
}
