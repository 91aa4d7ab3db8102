/// How other systems define what has the same name, by the library's name.
enum LibraryDifferences {
  static let texts: [String: String] = [
    "adam":
      "Caffe, Keras and ONNX put eps on √v before the correction; MLX leaves the correction out by default.",
    "adamw": "Keras and PyTorch decay every parameter, biases included.",
    "l2": "Keras has no factor ½, so its gradient is 2w.",
    "momentum": "Caffe and Keras keep the learning rate inside v, which differs when it changes.",
    "adagrad": "Keras and optax start the accumulator from 0.1 and keep eps inside the root.",
    "rmsprop": "Keras takes decay 0.9 and keeps eps inside the root.",
    "cosine": "Darknet's burn-in starts from a rate of 0; here the first step has 1/warmup of it.",
    "polynomial":
      "Darknet's burn-in starts from a rate of 0; here the first step has 1/warmup of it.",
    "clip_norm": "PyTorch adds 1e-6 to the norm; CNTK clips each element.",
    "cross_entropy":
      "Keras divides a weighted sum by the number of elements, not by the sum of the weights.",
    "binary_log_loss": "The usual logistic loss has no factor 2 in the exponent.",
    "mse": "Caffe's Euclidean loss is the sum over 2N.",
    "half_mse":
      "Caffe's Euclidean loss sums over the elements of an example where this one averages.",
    "gelu": "JAX's default is the tanh approximation, here `gelu_tanh`.",
    "glorot_uniform": "Caffe's xavier takes the fan in alone.",
    "he_normal": "Keras and JAX draw from a normal cut off at two deviations and rescale it.",
    "batch_norm":
      "PyTorch and MLX call 1 - decay the momentum, 0.1; Keras takes decay 0.99 and eps 1e-3; ONNX stores the biased variance.",
    "conv1d":
      "PyTorch refuses `same` with a stride above 1.",
    "conv2d":
      "PyTorch refuses `same` with a stride above 1.",
    "conv3d":
      "PyTorch refuses `same` with a stride above 1.",
    "conv_transpose2d":
      "PyTorch stores the kernel as [in, out / groups, window]; JAX's conv_transpose does not turn the kernel around by default.",
    "max_pool1d":
      "Caffe rounds the number of windows up.",
    "max_pool2d":
      "Caffe rounds the number of windows up.",
    "avg_pool1d":
      "PyTorch counts padding by default; Caffe rounds the number of windows up.",
    "avg_pool2d":
      "PyTorch counts padding by default; Caffe rounds the number of windows up.",
    "gru": "Keras' original form applies the reset gate before the product.",
  ]
}
