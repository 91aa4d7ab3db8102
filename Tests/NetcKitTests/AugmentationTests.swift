import NetcCore
import NetcKit
import Testing

/// Images changed at random in training: moved by what the random numbers say, and left alone in
/// evaluation.
@Suite struct AugmentationTests {
  private static let count = 6
  private static let channels = 2
  private static let height = 5
  private static let width = 4

  /// A function of the library, the shape it gives and what it does to an image.
  struct Change: CustomTestStringConvertible, Sendable {
    let call: String
    var height = AugmentationTests.height
    var width = AugmentationTests.width
    /// The number at a place of image i, from the image before and the draws of each site, in
    /// order.
    let expected:
      @Sendable (_ image: Image, _ draws: [[Float]], _ i: Int, _ y: Int, _ x: Int) -> Float

    var testDescription: String { call }
  }

  /// One channel of an image; what is outside is `fill`.
  struct Image {
    let numbers: [Float]

    func at(_ y: Int, _ x: Int, fill: Float = 0) -> Float {
      (0..<AugmentationTests.height).contains(y) && (0..<AugmentationTests.width).contains(x)
        ? numbers[y * AugmentationTests.width + x] : fill
    }
  }

  private static func place(_ draw: Float, _ count: Int) -> Int { Int(draw * Float(count)) }

  static let changes = [
    Change(call: "random_flip(p: 0.4)") { image, draws, i, y, x in
      image.at(y, draws[0][i] < 0.4 ? width - 1 - x : x)
    },
    Change(call: "random_flip(vertical: true)") { image, draws, i, y, x in
      image.at(draws[0][i] < 0.5 ? height - 1 - y : y, x)
    },
    Change(call: "random_shift(2, fill: -7)") { image, draws, i, y, x in
      image.at(y + place(draws[0][i], 5) - 2, x + place(draws[1][i], 5) - 2, fill: -7)
    },
    Change(call: "random_crop(3, 3)", height: 3, width: 3) { image, draws, i, y, x in
      image.at(y + place(draws[0][i], 3), x + place(draws[1][i], 2))
    },
    Change(call: "random_crop(4, 2, padding: 1, fill: 9)", height: 4, width: 2) {
      image, draws, i, y, x in
      image.at(y + place(draws[0][i], 4) - 1, x + place(draws[1][i], 5) - 1, fill: 9)
    },
    Change(call: "cutout(3, fill: 5)") { image, draws, i, y, x in
      let top = place(draws[0][i], height) - 1
      let left = place(draws[1][i], width) - 1
      return (top..<top + 3).contains(y) && (left..<left + 3).contains(x) ? 5 : image.at(y, x)
    },
  ]

  private static let pixels = (0..<count * channels * height * width).map { Float($0 + 1) }

  /// A program that keeps what training sees.
  private func session(
    _ call: String, height: Int = height, width: Int = width, threads: Int = 1, seed: UInt64 = 3,
    isGrey: Bool = false
  ) throws -> TrainingSession {
    let leading = isGrey ? "\(Self.count * Self.channels)" : "\(Self.count), \(Self.channels)"
    var options = RunOptions()
    options.threads = threads
    return try TrainingSession(
      model(
        """
        input x: float[\(leading), \(Self.height), \(Self.width)]
        param w: float[] = zeros()
        state seen: float[\(leading), \(height), \(width)] = zeros()
        let y = x |> \(call)
        seen = y
        loss sum(y) * w
        optimizer sgd(lr: 0.1)
        output y
        """), seed: seed, options: options)
  }

  private func images(isGrey: Bool = false) throws -> [String: Tensor] {
    let leading = isGrey ? [Self.count * Self.channels] : [Self.count, Self.channels]
    return ["x": try .reals(leading + [Self.height, Self.width], Self.pixels)]
  }

  private func seen(_ session: TrainingSession, isGrey: Bool = false) throws -> [Float] {
    _ = try session.step(images(isGrey: isGrey))
    return try #require(session["seen"]).doubles.map { Float($0) }
  }

  @Test(arguments: changes)
  func `each image is changed by what its random numbers say`(change: Change) throws {
    let seed: UInt64 = 3
    let session = try session(change.call, height: change.height, width: change.width, seed: seed)
    let name = String(change.call.prefix { $0 != "(" })
    let size = change.height * change.width
    for step in 0..<3 as Range<UInt64> {
      let found = try seen(session)
      let draws = Self.sites(of: name).map { site in
        Philox(seed: seed, site: site).uniforms(count: Self.count, step: step)
      }
      for image in 0..<Self.count * Self.channels {
        let start = image * Self.height * Self.width
        let before = Image(numbers: Array(Self.pixels[start..<start + Self.height * Self.width]))
        let expected = (0..<size).map { place in
          change.expected(
            before, draws, image / Self.channels, place / change.width, place % change.width)
        }
        #expect(Array(found[image * size..<(image + 1) * size]) == expected, "image \(image)")
      }
    }
  }

  /// The names of a function's draws.
  private static func sites(of name: String) -> [String] {
    if name == "random_flip" { return ["random_flip_1.random_uniform_1"] }
    let crop = name == "random_shift" ? "random_shift_1.random_crop_1" : "\(name)_1"
    return (1...2).map { "\(crop).drawn_places_\($0).random_uniform_1" }
  }

  @Test(arguments: changes.map(\.call) + ["gaussian_noise(0.5)"])
  func `threads change no bit, steps and seeds change all`(call: String) throws {
    let change = Self.changes.first { $0.call == call }
    func curve(threads: Int, seed: UInt64) throws -> [[Float]] {
      let session = try session(
        call, height: change?.height ?? Self.height, width: change?.width ?? Self.width,
        threads: threads, seed: seed)
      return try (0..<4).map { _ in try seen(session) }
    }
    let first = try curve(threads: 1, seed: 1)
    #expect(try curve(threads: 3, seed: 1) == first)
    #expect(try curve(threads: 1, seed: 2) != first)
    #expect(Set(first).count > 1)
  }

  @Test(arguments: changes)
  func `evaluation sees images as they are, of a crop the middle`(change: Change) throws {
    let session = try session(change.call, height: change.height, width: change.width)
    let output = try #require(try session.predict(images()).first).tensor
    let top = (Self.height - change.height) / 2
    let left = (Self.width - change.width) / 2
    let size = change.height * change.width
    let expected = (0..<Self.count * Self.channels * size).map { place in
      let image = place / size * Self.height * Self.width
      let row = place % size / change.width + top
      return Self.pixels[image + row * Self.width + place % change.width + left]
    }
    #expect(output.doubles.map { Float($0) } == expected)
    #expect(output.shape == [Self.count, Self.channels, change.height, change.width])
  }

  @Test(arguments: changes)
  func `images without channels are changed alike`(change: Change) throws {
    let session = try session(
      change.call, height: change.height, width: change.width, isGrey: true)
    let found = try seen(session, isGrey: true)
    let name = String(change.call.prefix { $0 != "(" })
    let total = Self.count * Self.channels
    let draws = Self.sites(of: name).map {
      Philox(seed: 3, site: $0).uniforms(count: total, step: 0)
    }
    let size = change.height * change.width
    for image in 0..<total {
      let start = image * Self.height * Self.width
      let before = Image(numbers: Array(Self.pixels[start..<start + Self.height * Self.width]))
      let expected = (0..<size).map { place in
        change.expected(before, draws, image, place / change.width, place % change.width)
      }
      #expect(Array(found[image * size..<(image + 1) * size]) == expected, "image \(image)")
    }
  }

  @Test func `noise has its deviation and is off in evaluation`() throws {
    let session = try session("gaussian_noise(0.5)")
    var noise: [Float] = []
    for _ in 0..<40 { noise += zip(try seen(session), Self.pixels).map { $0 - $1 } }
    let mean = noise.reduce(0, +) / Float(noise.count)
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Float(noise.count)
    #expect(abs(mean) < 0.02 && abs(variance - 0.25) < 0.02, "\(mean), \(variance)")
    let output = try #require(try session.predict(images()).first).tensor
    #expect(output.doubles.map { Float($0) } == Self.pixels)
  }

  @Test(arguments: [
    ("random_crop(9, 9)", "the window is larger than the padded image"),
    ("random_crop(0, 2)", "`random_crop` needs a window of 1 or more and no negative padding"),
    ("random_flip(p: 2)", "`random_flip` needs a probability between 0 and 1"),
    ("cutout(0)", "`cutout` needs a side of 1 or more"),
  ])
  func `impossible settings are refused where they are written`(
    call: String, message: String
  ) throws {
    let compilation = Compiler().compile(
      """
      input x: float[batch, 2, 5, 4]
      output y = x |> \(call)
      """)
    #expect(compilation.diagnostics.map(\.message) == [message])
  }
}
