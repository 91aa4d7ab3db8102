"""Writes shapes_reference.json: what the other files show at fewer than three shapes, settings that
differ from axis to axis, and second derivatives.

Run it where make_reference.py runs; importing the other files writes their cases again.
"""

import json
import os

import jax
import jax.numpy as jnp
import numpy as np

import make_sequence_reference as sequence
from make_sequence_reference import layer, reference

gradient, reduce, tensors = reference.gradient, reference.reduce, reference.tensors
reference.cases.clear()
cases = reference.cases
random = np.random.default_rng(58)
shapes = ((5,), (2, 3), (2, 1, 4))


def drawn(*shape):
    return np.round(random.normal(size=shape), 3)


def apart(*shape):
    """Numbers that differ pairwise, so that no maximum is tied."""
    count = int(np.prod(shape))
    places = random.permutation(count) - count // 2
    return np.round((places + random.uniform(-0.2, 0.2, count)) / 8, 4).reshape(shape)


def titled(name, shape):
    return f"{name} of {shape}"


# Functions of one tensor -------------------------------------------------------------------------

for shape in shapes:
    for text, f in (
        ("relu(x)", jax.nn.relu), ("leaky_relu(x)", lambda x: reference.leaky(x, 0.01)),
        ("elu(x)", jax.nn.elu), ("gelu(x)", lambda x: jax.nn.gelu(x, approximate=False)),
        ("gelu_tanh(x)", lambda x: jax.nn.gelu(x, approximate=True)),
        ("gelu_sigmoid(x)", lambda x: x * jax.nn.sigmoid(1.702 * x)), ("silu(x)", jax.nn.silu),
        ("softplus(x)", jax.nn.softplus), ("sigmoid(x)", jax.nn.sigmoid),
        ("log_sigmoid(x)", jax.nn.log_sigmoid), ("softmax(x)", jax.nn.softmax),
        ("log_softmax(x)", jax.nn.log_softmax),
        ("log_sum_exp(x)", lambda x: jax.nn.logsumexp(x, axis=-1)),
        ("clamp(x, -0.5, 1)", lambda x: jnp.clip(x, -0.5, 1)), ("square(x)", jnp.square),
        ("reciprocal(x)", lambda x: 1 / x), ("tan(x)", jnp.tan),
        ("l1(x)", lambda x: jnp.sum(jnp.abs(x))), ("l2(x)", lambda x: 0.5 * jnp.sum(x * x)),
    ):
        gradient(
            titled(text, shape), text, lambda p, i, f=f: f(p["x"]), {"x": drawn(*shape)},
            absolute=1e-14)
for shape in ((2, 3), (2, 3, 2), (1, 2, 2, 3)):
    gradient(
        titled("flatten", shape), "flatten(x)",
        lambda p, i: p["x"].reshape(p["x"].shape[0], -1), {"x": drawn(*shape)})
    gradient(
        titled("squeeze", shape), f"squeeze(expand(x, axis: 1), 1)", lambda p, i: p["x"],
        {"x": drawn(*shape)})

for shape in ((2, 3), (4, 2), (1, 5)):
    for name, f in (("any", jnp.any), ("all", jnp.all)):
        gradient(
            titled(name, shape), f"x * expand(float({name}(x > 0, axis: 1)), axis: 1)",
            lambda p, i, f=f: p["x"] * f(p["x"] > 0, axis=1, keepdims=True),
            {"x": drawn(*shape)})

# Losses ------------------------------------------------------------------------------------------


def signed(*shape):
    return np.where(random.uniform(size=shape) < 0.5, -1.0, 1.0)


def focal(logits, y, gamma=2.0):
    log_p = jnp.sum(jax.nn.one_hot(y, logits.shape[-1]) * jax.nn.log_softmax(logits), -1)
    return -((1 - jnp.exp(log_p)) ** gamma) * log_p


def binary_focal(z, y, gamma=2.0):
    log_p = jax.nn.log_sigmoid(jnp.where(y == 1, z, -z))
    return -((1 - jnp.exp(log_p)) ** gamma) * log_p


def multiclass_hinge(s, y):
    hot = jax.nn.one_hot(y, s.shape[-1])
    wrong = jnp.max(jnp.where(hot == 1, -jnp.inf, s), -1)
    return jax.nn.relu(1 + wrong - jnp.sum(hot * s, -1))


def huber(y, t):
    r = jnp.abs(y - t)
    return jnp.where(r <= 1, 0.5 * r * r, r - 0.5)


def normal_nll(m, t):
    return -jax.scipy.stats.norm.logpdf(t, m, jnp.exp(0.15))


for shape in shapes:
    for text, f, target in (
        ("binary_cross_entropy(x, y)", reference.two_class, np.round(random.uniform(size=shape), 2)),
        ("binary_log_loss(x, y)", lambda y, z: jnp.logaddexp(0.0, -2 * y * z), signed(*shape)),
        ("hinge(x, y)", lambda y, z: jax.nn.relu(1 - y * z), signed(*shape)),
        ("squared_hinge(x, y)", lambda y, z: jax.nn.relu(1 - y * z) ** 2, signed(*shape)),
        ("mse(x, y)", lambda y, t: (y - t) ** 2, drawn(*shape)),
        ("half_mse(x, y)", lambda y, t: 0.5 * (y - t) ** 2, drawn(*shape)),
        ("mae(x, y)", lambda y, t: jnp.abs(y - t), drawn(*shape)),
        ("huber(x, y)", huber, drawn(*shape)),
        ("poisson_nll(x, y)", lambda z, t: jnp.exp(z) - t * z, np.floor(5 * random.uniform(size=shape))),
        ("gaussian_nll(x, y, 0.3 + 0 * x)", normal_nll, drawn(*shape)),
    ):
        gradient(
            titled(text, shape), text, lambda p, i, f=f: jnp.mean(f(p["x"], i["y"])),
            {"x": drawn(*shape)}, {"y": target}, absolute=1e-14)
    target = random.integers(0, 2, size=shape)
    gradient(
        titled("binary_focal", shape), "binary_focal(x, y)",
        lambda p, i: jnp.mean(binary_focal(p["x"], i["y"])), {"x": drawn(*shape)}, {"y": target},
        {"y": 2}, absolute=1e-14)
for shape in ((3, 2), (2, 5), (2, 3, 4)):
    labels = random.integers(0, shape[-1], size=shape[:-1])
    hot = lambda i, k=shape[-1]: jax.nn.one_hot(i["y"], k)
    for text, f in (
        ("cross_entropy(x, y)", lambda p, i: -jnp.sum(hot(i) * jax.nn.log_softmax(p["x"]), -1)),
        ("nll(x, y)", lambda p, i: -jnp.sum(hot(i) * p["x"], -1)),
        ("focal(x, y)", lambda p, i: focal(p["x"], i["y"])),
        ("multiclass_hinge(x, y)", lambda p, i: multiclass_hinge(p["x"], i["y"])),
    ):
        gradient(
            titled(text, shape), text, lambda p, i, f=f: jnp.mean(f(p, i)), {"x": drawn(*shape)},
            {"y": labels}, {"y": shape[-1]}, absolute=1e-14)
    shares = random.dirichlet(np.ones(shape[-1]), size=shape[:-1])
    gradient(
        titled("kl_divergence", shape), "kl_divergence(x, q)",
        lambda p, i: jnp.mean(jnp.sum(
            jax.scipy.special.xlogy(i["q"], i["q"]) - i["q"] * p["x"], -1)),
        {"x": drawn(*shape)}, {"q": np.round(shares, 3)}, absolute=1e-14)


def unit(x):
    return x / jnp.sqrt(jnp.sum(x * x, -1, keepdims=True))


def in_batch(x, y):
    return -jnp.diag(jax.nn.log_softmax(unit(x) @ unit(y).T / 0.1))


def distance(x, y):
    return jnp.sqrt(jnp.sum((x - y) ** 2, -1))


for shape in ((2, 3), (4, 2), (3, 5)):
    both = {"x": drawn(*shape), "y": drawn(*shape)}
    for text, f in (
        ("cosine_distance(x, y)", lambda x, y: 1 - jnp.sum(unit(x) * unit(y), -1)),
        ("contrastive(x, y)", in_batch),
    ):
        gradient(
            titled(text, shape), text, lambda p, i, f=f: jnp.mean(f(p["x"], p["y"])), both,
            absolute=1e-13)
    gradient(
        titled("triplet", shape), "triplet(x, y, z)",
        lambda p, i: jnp.mean(jax.nn.relu(
            1 + distance(p["x"], p["y"]) - distance(p["x"], p["z"]))),
        {**both, "z": drawn(*shape)}, absolute=1e-14)

# Layers ------------------------------------------------------------------------------------------

for shape, units in (((3, 4), 2), ((2, 3, 2), 5), ((1, 1), 1)):
    weight = {"weight": drawn(shape[-1], units), "bias": drawn(units)}
    layer(
        "dense", f"dense({units})", lambda p, v, i: v["x"] @ p["weight"] + p["bias"], weight,
        {"x": drawn(*shape)})
    layer(
        "dense without bias", f"dense({units}, bias: false)",
        lambda p, v, i: v["x"] @ p["weight"], {"weight": weight["weight"]}, {"x": drawn(*shape)})
for shape in ((3, 2), (2, 3, 4), (1, 1)):
    d = shape[-1]
    layer(
        "residual", f"residual(dense({d}))",
        lambda p, v, i: v["x"] + v["x"] @ p["inner_1.weight"] + p["inner_1.bias"],
        {"inner_1.weight": drawn(d, d), "inner_1.bias": drawn(d)}, {"x": drawn(*shape)})
    layer("residual of a function", "residual(tanh)", lambda p, v, i: v["x"] + jnp.tanh(v["x"]), {},
          {"x": drawn(*shape)})
    layer(
        "dropout in evaluation", "dropout(0.3)", lambda p, v, i: v["x"], {}, {"x": drawn(*shape)},
        mode="evaluation")
for batch, width, units in ((2, 3, 2), (1, 2, 4), (3, 1, 3)):
    start = {n: drawn(batch, units) for n in "hc"}
    for name, cell, gates, states in (
        ("rnn_cell", reference.rnn_cell, 1, "h"), ("gru_cell", reference.gru_cell, 3, "h"),
        ("lstm_cell", reference.lstm_cell, 4, "hc"),
    ):
        given = ", ".join(["x", *states])
        layer(
            name, f"{name}({units})",
            lambda p, v, i, cell=cell, states=states: jnp.concatenate(
                cell(p, "", v["x"], [v[n] for n in states]), -1),
            reference.recurrent_parameters("", gates, width, units),
            {"x": drawn(batch, width), **{n: start[n] for n in states}},
            call=f"f({given})" if states == "h" else f"concat(f({given}), axis: -1)")

# Settings by axis --------------------------------------------------------------------------------


def listed(settings):
    return "".join(
        f", {n}: {list(v) if isinstance(v, tuple) else v}" for n, v in settings.items())


def convolution(name, x, channels, kernel, f, weight_channels, **settings):
    layer(
        f"{name}{listed(settings)}",
        f"{name}({channels}, kernel: {list(kernel)}{listed(settings)})",
        lambda p, v, i: reference.with_bias(f(v["x"], p["weight"], **settings), p),
        {"weight": apart(channels, weight_channels, *kernel), "bias": drawn(channels)}, {"x": x})


straight, back = reference.convolved, reference.transposed
convolution("conv1d", apart(2, 2, 7), 3, (3,), straight, 2, stride=(2,), padding=(1,))
convolution("conv2d", apart(2, 2, 5, 6), 3, (2, 3), straight, 2, stride=(2, 1))
convolution("conv2d", apart(1, 3, 6, 5), 2, (3, 1), straight, 3, padding=(2, 0), dilation=(1, 2))
convolution(
    "conv2d", apart(1, 4, 7, 6), 6, (3, 2), straight, 2, stride=(1, 3), padding="same", groups=2)
convolution(
    "conv3d", apart(1, 2, 3, 4, 5), 2, (1, 2, 3), straight, 2, stride=(1, 2, 1),
    padding=(0, 1, 2))
convolution(
    "conv3d", apart(1, 2, 4, 4, 3), 4, (2, 1, 2), straight, 1, stride=(2, 1, 3), padding="same",
    groups=2)
convolution("conv_transpose2d", apart(2, 3, 3, 4), 2, (2, 3), back, 3, stride=(2, 1))
convolution(
    "conv_transpose2d", apart(1, 2, 4, 3), 3, (3, 4), back, 2, stride=(2, 3), padding=(1, 0))
convolution(
    "conv_transpose2d", apart(1, 4, 3, 3), 6, (3, 2), back, 2, stride=(2, 1), padding="same",
    groups=2)
convolution("conv_transpose2d", apart(2, 3, 2, 3), 3, (2, 2), back, 1, dilation=(1, 2), groups=3)
for size, window, settings in (
    ((2, 2, 6, 7), (2, 3), {}), ((1, 2, 5, 6), (3, 2), {"stride": (1, 2), "padding": (1, 0)}),
    ((1, 1, 7, 5), (2, 3), {"stride": (3, 2), "padding": "same"}),
):
    for kind in ("max", "avg"):
        layer(
            f"{kind}_pool2d by axis{listed(settings)}",
            f"{kind}_pool2d({list(window)}{listed(settings)})",
            lambda p, v, i, a=(window, kind), s=settings: reference.pooled(v["x"], *a, **s), {},
            {"x": apart(*size)})
for size, window, settings in (((2, 1, 6), (2,), {}), ((1, 2, 7), (3,), {"stride": (2,)})):
    for kind in ("max", "avg"):
        layer(
            f"{kind}_pool1d by axis{listed(settings)}",
            f"{kind}_pool1d({list(window)}{listed(settings)})",
            lambda p, v, i, a=(window, kind), s=settings: reference.pooled(v["x"], *a, **s), {},
            {"x": apart(*size)})
for size, kernel, settings in (
    ((1, 2, 5, 4), (3, 2), {"stride": (2, 1)}), ((2, 3, 4, 5), (1, 3), {"padding": (0, 1)}),
    ((1, 1, 5, 5), (2, 2), {"dilation": (2, 1)}),
):
    groups = size[1]
    each = lambda x, w, s=settings, g=groups: straight(x, w, groups=g, **s)
    layer(
        f"depthwise_conv2d by axis{listed(settings)}",
        f"depthwise_conv2d(kernel: {list(kernel)}{listed(settings)})",
        lambda p, v, i, each=each: reference.with_bias(each(v["x"], p["weight"]), p),
        {"weight": apart(groups, 1, *kernel), "bias": drawn(groups)}, {"x": apart(*size)})
    layer(
        f"separable_conv2d by axis{listed(settings)}",
        f"separable_conv2d(2, kernel: {list(kernel)}{listed(settings)})",
        lambda p, v, i, each=each: reference.with_bias(
            straight(each(v["x"], p["depthwise"]), p["pointwise"]), p),
        {"depthwise": apart(groups, 1, *kernel), "pointwise": apart(2, groups, 1, 1),
         "bias": drawn(2)}, {"x": apart(*size)})

# Metrics -----------------------------------------------------------------------------------------

reference.metric(
    "rmse", "rmse(x, y)", lambda x, y: np.sqrt(np.mean((x - y) ** 2)), reference.pairs, {})

# Second derivatives ------------------------------------------------------------------------------


def critic(act):
    def f(p, x):
        hidden = act(x @ p["dense_1.weight"] + p["dense_1.bias"])
        return (hidden @ p["dense_2.weight"] + p["dense_2.bias"])[:, 0]
    return f


for batch, width, units in ((3, 2, 4), (1, 3, 2), (4, 1, 3)):
    for name, act in (
        ("tanh", jnp.tanh), ("relu", jax.nn.relu), ("softplus", jax.nn.softplus),
        ("gelu", lambda x: jax.nn.gelu(x, approximate=False)), ("silu", jax.nn.silu),
    ):
        score = critic(act)
        slope = lambda p, x, score=score: jax.grad(lambda x: jnp.sum(score(p, x)))(x)
        layer(
            f"gradient penalty with {name}", f"dense({units}) |> {name} |> dense(1)",
            lambda p, v, i, slope=slope: (
                jnp.sqrt(jnp.sum(slope(p, v["x"]) ** 2, 1) + 1e-12) - 1) ** 2,
            {"dense_1.weight": drawn(width, units), "dense_1.bias": drawn(units),
             "dense_2.weight": drawn(units, 1), "dense_2.bias": drawn(1)},
            {"x": drawn(batch, width)},
            call="(sqrt(sum(grad(sum(f(x)), x) ^ 2, axis: 1) + 1e-12) - 1) ^ 2")
        case = cases[-1]
        chain = f"dense({units}) |> {name} |> dense(1)"
        case["program"] = case["program"].replace(
            f"layer f = {chain}\n",
            f"layer critic(x: float[rows, n]) {{ return x |> {chain} }}\nlayer f = critic()\n")
        # The slope does not depend on the last bias.
        gone = "output d_f_dense_2_bias = grad(loss, f.dense_2.bias)\n"
        case["program"] = case["program"].replace(gone, "")
        del case["expected"][0]["d_f_dense_2_bias"]
for shape in ((2, 3), (4, 2), (1, 5)):
    for text, f in (
        ("log_sum_exp(x)", lambda x: jax.nn.logsumexp(x, axis=-1)),
        ("softmax(x)", lambda x: jax.nn.softmax(x) ** 2), ("norm(x, axis: 1)", lambda x: (
            jnp.sqrt(jnp.sum(x * x, 1)))),
    ):
        inner = f"sum({text} ^ 2)" if text == "softmax(x)" else f"sum({text})"
        gradient(
            titled(f"second derivative of {text}", shape), f"sum(grad({inner}, x) ^ 2)",
            lambda p, i, f=f: jnp.sum(jax.grad(lambda x: jnp.sum(f(x)))(p["x"]) ** 2),
            {"x": drawn(*shape)}, absolute=1e-14)

names = [case["name"] for case in cases]
assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "shapes_reference.json"), "w") as out:
    out.write('{"made_by": ' + json.dumps(reference.made_by) + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    out.write("\n]}\n")
print(len(cases), "cases")
