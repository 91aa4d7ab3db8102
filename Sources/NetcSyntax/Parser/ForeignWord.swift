/// Words that begin a statement in other languages, and what is written here.
enum ForeignWord {
  /// What to write for `word`; nil when it is no such word.
  static func help(for word: String) -> String? {
    switch word {
    case "def", "func", "function", "fun", "lambda":
      "a function is `fn name(x: float[...]) -> float[...] { return … }`"
    case "class", "model", "module", "struct":
      "a part with parameters is `layer name(x: float[...]) { … }`; the file itself is the model"
    case "while", "loop", "repeat":
      "a loop over numbers is `for i in 0..<4 { … }`, one over time `scan x in xs along 1 { … }`"
    case "elif", "elsif", "elseif", "elsewhere": "write `else if`"
    case "nn", "torch", "tf", "keras", "jax", "np":
      "functions stand in expressions: `let h = x |> dense(64)`"
    case "self", "super", "this":
      "parameters are declared in a layer: `param weight: float[in, units] = glorot_uniform()`"
    case "epochs", "batch_size", "learning_rate", "seed":
      "write `train(d, epochs: 5, batch: 64, seed: 1)`, `optimizer adam(lr: 1e-3)`"
    case "model.fit", "fit", "compile": "write `optimizer …` and `train(d, …)`"
    case "print", "show", "echo":
      "`metric name = e` reports a number, `output name = e` gives a value"
    case "from", "include", "use", "using", "require": "write `import \"file.net\"`"
    case "switch", "match", "case": "write `if c { … } else if d { … } else { … }`"
    case "global", "static", "int", "float", "bool", "string":
      "a constant is `const name = 1`, a value `let name = e`"
    case "optimize", "minimise", "minimize": "write `loss e` and `optimizer sgd(lr: 0.1)`"
    default: nil
    }
  }
}
