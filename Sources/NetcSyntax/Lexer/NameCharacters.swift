/// Which Unicode scalars a name is made of.
enum NameCharacters {
  /// Whether a name may begin with it: a letter or `_`.
  static func begins(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIILetter(scalar) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter: return true
    default: return false
    }
  }

  /// Whether a name may go on with it: also marks, digits, subscripts and the prime ′.
  static func continues(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIILetter(scalar) || isASCIIDigit(scalar) }
    if isSubscriptDigit(scalar) || scalar.value == 0x2032 { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber:
      return true
    case .modifierLetter: return !isRaised(scalar)
    default: return false
    }
  }

  /// Whether it is a modifier letter set above the line, as the ᵀ of a transpose or the ⁿ of a
  /// power.
  static func isRaised(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2B0...0x2FF, 0x1D2C...0x1D61, 0x1D78, 0x1D9B...0x1DBF, 0x2071, 0x207F: true
    default: false
    }
  }

  private static func isSubscriptDigit(_ scalar: Unicode.Scalar) -> Bool {
    (0x2080...0x2089).contains(scalar.value)
  }

  private static func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }

  private static func isASCIIDigit(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value)
  }
}
