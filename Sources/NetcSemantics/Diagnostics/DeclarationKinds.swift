import NetcCore

/// Mistakes in `data` and `train` statements.
extension DiagnosticKind {
  static let dataTwice = DiagnosticKind(
    "E0650", "data set declared twice",
    page: """
      Two `data` statements have the same name, so `train(NAME, …)` could mean either.

          data d = csv("a.csv", x: column("x"))
          data d = csv("b.csv", x: column("x"))     // E0650

      Give one of them another name. Names of data sets are a space of their own: an input
      may have the same name.
      """)

  static let dataArgument = DiagnosticKind(
    "E0651", "argument a data set cannot take",
    page: """
      A `data` statement takes one path in quotes, then labels: the name of an input with
      where its numbers stand, or an option of the reader.

          data d = csv(moons.csv, x: columns("x0", "x1"))       // E0651: no quotes
          data d = csv("moons.csv", x: columns("x0", "x1"), z: column("z"))

      A column is named by its header in quotes, by its number from 0, or by a range such
      as 0..<64. Rows written in the program are lists:

          data d = table(x: [[1, 2], [3, 4]], y: [1, -1])

      Other readers take a path for each input, the name of an array, a window of a text
      or an image:

          data d = idx(image: "images.gz", label: "labels.gz", scale: 1/255)
          data d = npz("data.npz", x: "x_train", y: "y_train")
          data d = text("book.txt", tokens: window(64), next: shifted(1))
          data d = images("flowers", picture: pixels(), kind: folder())
      """)

  static let unknownInput = DiagnosticKind(
    "E0652", "data for an input that does not exist",
    page: """
      The label before `column(…)` or `columns(…)` names the input it feeds.

          input pixels: float[batch, 64]
          data d = csv("d.csv", pixel: columns(0..<64))         // E0652
          data d = csv("d.csv", pixels: columns(0..<64))
      """)

  static let trainTwice = DiagnosticKind(
    "E0660", "two train statements",
    page: """
      A program is one experiment: it has at most one `train` statement. Keep variants in
      files of their own, or choose between them from outside with a `const` and `--set`.
      """)

  static let trainArgument = DiagnosticKind(
    "E0661", "argument that train cannot take",
    page: """
      `train` takes a data set and labels:

          train(digits, validation: 0.2, epochs: 40, batch: 32, seed: 7, patience: 5)

      validation   a share between 0 and 1, another data set, or column("part")
      epochs       or steps: how long, a whole number of at least 1
      batch        examples a step, or `all`
      seed         a whole number; the same seed gives the same numbers, bit for bit
      shuffle      true (default) or false
      patience     epochs without improvement after which training stops
      monitor      the loss or metric that patience watches; goal: minimize or maximize
      last_batch   keep (default) or drop a last, smaller batch
      accumulate   how many slices of a batch a step computes one after another
      start        a saved file to start from; only: patterns of parameters to take
      """)

  static let trainConflict = DiagnosticKind(
    "E0662", "train settings that contradict",
    page: """
      Two settings of `train` exclude or need one another: `epochs` and `steps` both say how
      long to train; `patience` needs `validation`, whose figures it watches; `goal` says
      what is better for `monitor`.

          train(d, epochs: 10, patience: 3)                      // E0662
          train(d, epochs: 10, validation: 0.2, patience: 3)
      """)

  static let trainSlices = DiagnosticKind(
    "E0663", "batch that cannot be cut into equal slices",
    page: """
      `accumulate: 4` computes the losses and gradients of a step on four slices of the
      batch, one after another, and takes their means, so that a step needs the memory of a
      slice. The slices are equal: the batch must be a multiple of their number.

          train(d, batch: 30, accumulate: 4)     // E0663
          train(d, batch: 32, accumulate: 4)     // four slices of 8
      """)

  /// All of them.
  static let ofDeclarations = [
    dataTwice, dataArgument, unknownInput, trainTwice, trainArgument, trainConflict,
    trainSlices,
  ]
}
