import Testing

/// What is wrong with a command line: exit code 2, one line, a hint.
@Suite struct UsageTests {
  @Test(arguments: [
    ("rum points.net", "unknown command `rum`", "did you mean `run`?"),
    ("points.net", "`points.net` is not a command", "to train it: netc run points.net"),
    ("--verison", "unknown command `--verison`", ""),
    ("run points.net --epoch 3", "unknown option `--epoch`", "did you mean `--epochs`?"),
    ("run points.net --epochs", "`--epochs` needs a value: --epochs N", ""),
    (
      "run points.net --epochs zero", "`--epochs` takes a whole number of at least 1, found `zero`",
      ""
    ),
    ("run points.net --epochs 0", "`--epochs` takes a whole number of at least 1, found `0`", ""),
    ("run points.net --epochs 3 --epochs 4", "`--epochs` is given twice", ""),
    (
      "run points.net --epochs 3 --steps 4", "`--epochs` and `--steps` both say how long to train",
      ""
    ),
    ("run points.net --save a --no-save", "`--save` and `--no-save` exclude one another", ""),
    ("run points.net --json=yes", "`--json` takes no value", ""),
    ("run points.net --set hidden", "`--set` takes NAME=VALUE, found `hidden`", ""),
    ("run points.net --threads 100000", "`--threads` takes at most 256, found `100000`", ""),
    ("run points.net --precision doble", "`--precision` takes ", "did you mean `double`?"),
    ("run", "MODEL.net is missing", ""),
    ("run a.net b.net", "one MODEL.net expected, found also `b.net`", ""),
    ("eval points.net --part test", "`--part` takes training, validation, all, found `test`", ""),
    (
      "check points.net --dim batch=0",
      "`--dim` takes NAME=SIZE with a whole size, found `batch=0`", ""
    ),
    ("dump points.net --stage schedul", "`--stage` takes ", "did you mean `schedule`?"),
    ("dump points.net --stage graph --dump-after x", "`--dump-after` takes ", ""),
    ("dump-grad points.net --values a", "`--values` and `--out` go together", ""),
    ("dump-grad points.net --reference", "`--reference` computes numbers", ""),
    (
      "dump-grad points.net --format net --order 2",
      "`--format net` is the whole derived training step", ""
    ),
    ("explain E9999", "no code `E9999`", ""),
    ("explain E0101 E0102", "one CODE expected, found also `E0102`", ""),
    ("spec dens", "the library has no `dens`", "did you mean `dense`?"),
    ("spec dense relu", "one NAME expected, found also `relu`", ""),
    ("explain-grad points.net", "a model and a parameter are needed", ""),
    ("fmt", "FILE.net is missing", ""),
    ("help rum", "unknown command `rum`", "did you mean `run`?"),
  ])
  func `a mistake is named`(line: String, message: String, help: String) throws {
    let folder = try Programs.folder()
    let outcome = try Netc.run(line.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: \(message)"), "\(outcome.errors)")
    #expect(outcome.errors.contains("\n  help: \(help)"), "\(outcome.errors)")
    #expect(folder.bytes("points.safetensors") == nil)
  }

  @Test(arguments: ["run", "eval", "predict", "check", "check-grad", "dump-grad", "dump"])
  func `a file that is not there`(command: String) throws {
    let outcome = try Netc.run(command, "none.net", in: Folder())
    #expect(outcome.status == 1)
    #expect(outcome.errors == "error: none.net: cannot be read: no such file, or no permission\n")
  }

  @Test(arguments: ["run", "eval", "predict", "check", "check-grad", "dump-grad", "dump", "fmt"])
  func `a program with mistakes`(command: String) throws {
    let folder = try Folder()
    try folder.write("input x: float[batch\nlet y = x + \n", to: "bad.net")
    let outcome = try Netc.run(command, "bad.net", in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("error[E0"))
    #expect(outcome.errors.contains("--> bad.net:1:"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func `a setting of no constant`() throws {
    let folder = try Programs.folder()
    let unknown = try Netc.run("check", "points.net", "--set", "hiden=3", in: folder)
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("did you mean `hidden`?"))
    let wrong = try Netc.run("check", "points.net", "--set", "hidden=abc", in: folder)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("abc"))
    let right = try Netc.run("check", "points.net", "--set", "hidden=6", "--quiet", in: folder)
    #expect(right.status == 0 && right.output.isEmpty && right.errors.isEmpty)
  }

  @Test func `parameters that are not there`() throws {
    let folder = try Programs.folder()
    for command in ["eval", "predict"] {
      let outcome = try Netc.run(command, "points.net", in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("error: points.safetensors: "), "\(outcome.errors)")
    }
    let outcome = try Netc.run("run", "points.net", "--resume", "none", in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: none: "))
  }
}
