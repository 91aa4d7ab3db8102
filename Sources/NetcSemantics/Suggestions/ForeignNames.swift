/// What other frameworks call things that have another name here.
struct ForeignNames: Sendable {
  /// A name of the language with what else is different.
  struct Word: Sendable {
    let name: String
    /// How it is written here, where the arguments differ; nil where the name alone does.
    let note: String?
  }

  /// By the name elsewhere, in lower case and without underscores.
  private let words: [String: Word]
  /// What to write instead of something that has no counterpart, by the same spelling.
  private let notes: [String: String]

  /// What `name` is called here; the modules before its last dot are ignored.
  func word(for name: String) -> Word? { words[Self.spelling(name)] }

  /// What is written instead of something that has no counterpart.
  func note(for name: String) -> String? { notes[Self.spelling(name)] }

  /// The names of the language that stand for some name elsewhere, sorted.
  var targets: [String] { Set(words.values.map(\.name)).sorted() }

  private static func spelling(_ name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return last.lowercased().filter { $0 != "_" }
  }
}

extension ForeignNames {
  /// Functions, layers and rules of PyTorch, Keras and JAX.
  static let callables = ForeignNames(
    words: [
      "linear": Word(name: "dense", note: "`dense(x, units)`, the inputs' size is known"),
      "fullyconnected": Word(name: "dense", note: nil),
      "fc": Word(name: "dense", note: nil),
      "conv": Word(name: "conv2d", note: nil),
      "batchnorm1d": Word(name: "batch_norm", note: "without the number of features"),
      "batchnorm2d": Word(name: "batch_norm", note: "without the number of features"),
      "batchnorm3d": Word(name: "batch_norm", note: "without the number of features"),
      "batchnormalization": Word(name: "batch_norm", note: nil),
      "layernormalization": Word(name: "layer_norm", note: nil),
      "groupnormalization": Word(name: "group_norm", note: nil),
      "instancenorm2d": Word(name: "instance_norm", note: "without the number of features"),
      "dropout2d": Word(name: "dropout", note: nil),
      "maxpooling1d": Word(name: "max_pool1d", note: nil),
      "maxpooling2d": Word(name: "max_pool2d", note: nil),
      "averagepooling2d": Word(name: "avg_pool2d", note: nil),
      "conv2dtranspose": Word(name: "conv_transpose2d", note: nil),
      "convtranspose": Word(name: "conv_transpose2d", note: nil),
      "multiheadattention": Word(
        name: "self_attention", note: "or `attention` of queries, keys and values"),
      "crossentropyloss": Word(name: "cross_entropy", note: nil),
      "sparsecategoricalcrossentropy": Word(name: "cross_entropy", note: "of logits"),
      "categoricalcrossentropy": Word(name: "cross_entropy", note: "of logits"),
      "softmaxcrossentropy": Word(name: "cross_entropy", note: nil),
      "bceloss": Word(name: "binary_cross_entropy", note: "of logits"),
      "bcewithlogitsloss": Word(name: "binary_cross_entropy", note: nil),
      "binarycrossentropywithlogits": Word(name: "binary_cross_entropy", note: nil),
      "mseloss": Word(name: "mse", note: nil),
      "meansquarederror": Word(name: "mse", note: nil),
      "l1loss": Word(name: "mae", note: nil),
      "meanabsoluteerror": Word(name: "mae", note: nil),
      "smoothl1loss": Word(name: "huber", note: nil),
      "huberloss": Word(name: "huber", note: nil),
      "nllloss": Word(name: "nll", note: nil),
      "hingeloss": Word(name: "hinge", note: nil),
      "cat": Word(name: "concat", note: nil),
      "view": Word(name: "reshape", note: nil),
      "permute": Word(name: "transpose", note: "`transpose(x, axes: [0, 2, 1])`"),
      "unsqueeze": Word(name: "expand", note: "`expand(x, axis: 1)`"),
      "expanddims": Word(name: "expand", note: "`expand(x, axis: 1)`"),
      "detach": Word(name: "stop_gradient", note: nil),
      "xavieruniform": Word(name: "glorot_uniform", note: nil),
      "xaviernormal": Word(name: "glorot_normal", note: nil),
      "kaiminguniform": Word(name: "he_uniform", note: nil),
      "kaimingnormal": Word(name: "he_normal", note: nil),
      "var": Word(name: "variance", note: nil),
      "absolute": Word(name: "abs", note: nil),
      "sigmoidactivation": Word(name: "sigmoid", note: nil),
      "swish": Word(name: "silu", note: nil),
      "cosineannealinglr": Word(name: "cosine", note: "`lr: cosine(0.1, steps: 1000)`"),
      "onecyclelr": Word(name: "one_cycle", note: "`lr: one_cycle(0.1, steps: 1000)`"),
      "steplr": Word(name: "step_decay", note: "`lr: step_decay(0.1, every: 1000)`"),
    ],
    notes: [
      "sequential": "a chain is written `layer body = dense(64) |> relu |> dense(10)`",
      "matmul": "a matrix product is written `a @ b`",
      "mm": "a matrix product is written `a @ b`",
      "bmm": "a matrix product is written `a @ b`",
      "backward": "gradients are derived: declare a `loss` and an `optimizer`",
      "nograd": "write `stop_gradient(x)` where no derivative should flow",
      "print": "`metric name = e` reports a number, `output name = e` gives a value",
      "len": "the sizes of a tensor are `shape(x)`, one is `shape(x)[0]`",
      "range": "a range is written `0..<4`",
      "tensor": "write the list itself, or name it: `let t = [1, 2, 3]`",
      "array": "write the list itself, or name it: `let t = [1, 2, 3]`",
    ])

  /// Labels of arguments.
  static let labels = ForeignNames(
    words: [
      "outfeatures": Word(name: "units", note: nil), "features": Word(name: "units", note: nil),
      "outputdim": Word(name: "units", note: nil), "hiddensize": Word(name: "units", note: nil),
      "outchannels": Word(name: "channels", note: nil),
      "filters": Word(name: "channels", note: nil), "kernelsize": Word(name: "kernel", note: nil),
      "poolsize": Word(name: "window", note: nil), "strides": Word(name: "stride", note: nil),
      "usebias": Word(name: "bias", note: nil), "dilationrate": Word(name: "dilation", note: nil),
      "kernelinitializer": Word(name: "init", note: nil),
      "initializer": Word(name: "init", note: nil), "learningrate": Word(name: "lr", note: nil),
      "rate": Word(name: "p", note: nil), "prob": Word(name: "p", note: nil),
      "momentum": Word(name: "beta", note: nil), "weightdecay": Word(name: "decay", note: nil),
      "keepdim": Word(name: "keep_dims", note: nil), "dim": Word(name: "axis", note: nil),
      "axes": Word(name: "axis", note: nil), "epsilon": Word(name: "eps", note: nil),
      "numheads": Word(name: "heads", note: nil),
      "nhead": Word(name: "heads", note: nil),
      "batchsize": Word(name: "batch", note: nil), "numepochs": Word(name: "epochs", note: nil),
      "nepochs": Word(name: "epochs", note: nil), "maxepochs": Word(name: "epochs", note: nil),
      "iterations": Word(name: "steps", note: nil), "maxsteps": Word(name: "steps", note: nil),
      "validationsplit": Word(name: "validation", note: nil),
      "validationdata": Word(name: "validation", note: nil),
      "earlystopping": Word(name: "patience", note: "the epochs without improvement to wait"),
      "randomseed": Word(name: "seed", note: nil), "randomstate": Word(name: "seed", note: nil),
      "droplast": Word(name: "last_batch", note: "`last_batch: drop`"),
    ],
    notes: [
      "activation": "apply it afterwards: `dense(x, 64) |> relu`",
      "infeatures": "leave it out: the inputs' size is known",
      "inchannels": "leave it out: the inputs' channels are known",
      "inputshape": "leave it out: the inputs' shape is known",
      "lr": "the learning rate belongs to the rule: `optimizer adam(lr: 1e-3)`",
      "learningrate": "the learning rate belongs to the rule: `optimizer adam(lr: 1e-3)`",
      "optimizer": "write a statement of its own: `optimizer adam(lr: 1e-3)`",
      "loss": "write a statement of its own: `loss cross_entropy(logits, y)`",
      "metrics": "write a statement of its own: `metric accuracy(logits, y)`",
    ])

  /// Types of elements.
  static let types = ForeignNames(
    words: [
      "tensor": Word(name: "float", note: nil), "float32": Word(name: "float", note: nil),
      "float64": Word(name: "float", note: "`--precision double` computes all in double"),
      "double": Word(name: "float", note: "`--precision double` computes all in double"),
      "f32": Word(name: "float", note: nil), "real": Word(name: "float", note: nil),
      "number": Word(name: "float", note: nil), "int32": Word(name: "int", note: nil),
      "int64": Word(name: "int", note: nil), "long": Word(name: "int", note: nil),
      "integer": Word(name: "int", note: nil), "boolean": Word(name: "bool", note: nil),
      "label": Word(name: "class", note: "`class(10)[batch]`"),
      "category": Word(name: "class", note: "`class(10)[batch]`"),
      "categorical": Word(name: "class", note: "`class(10)[batch]`"),
      "str": Word(name: "string", note: nil), "shape": Word(name: "dims", note: nil),
    ], notes: [:])
}
