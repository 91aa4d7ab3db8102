"""Writes reference.json: what JAX computes, in float64, for netc's standard library.

Run in an environment of its own, outside the repository:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install jax optax
    /tmp/reference/bin/python make_reference.py

Three kinds of case, each with a complete `.net` program:
  gradient  parameters and inputs, the loss, the outputs and the derivative by each parameter
  steps     parameters at the start, the inputs of each step, the parameters after each step
  metric    batches of inputs, and the metric over all of them
`inputs` and `expected` are lists in each, of one entry where there is no more to say. A value agrees
when it differs by at most 1e-6 of itself plus the case's `absolute`, which is 0 unless given.
Functions come from jax.nn, jax.scipy and optax where they exist under the pinned definition, else
from the paper's formula; derivatives are always JAX's own.
"""

import json
import math
import os

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(20)
cases = []


def number(v):
    v = float(v)
    if math.isnan(v):
        return "nan"
    if math.isinf(v):
        return "inf" if v > 0 else "-inf"
    return int(v) if v == int(v) and abs(v) < 1e15 else v


def tensor(a):
    a = np.asarray(a)
    return {"shape": list(a.shape), "data": [number(v) for v in a.reshape(-1)]}


def tensors(values):
    return {name: tensor(value) for name, value in values.items()}


def dims(a):
    return ", ".join(str(n) for n in np.shape(a))


def declare(parameters, inputs, classes):
    lines = [f"param {n}: float[{dims(a)}] = zeros()" for n, a in parameters.items()]
    for n, a in inputs.items():
        kind = f"class({classes[n]})" if n in classes else "float"
        lines.append(f"input {n}: {kind}[{dims(a)}]")
    return lines


def gradient(name, text, f, parameters, inputs=None, classes=None, absolute=0.0):
    """A case whose value `text` (in .net) is `f(parameters, inputs)` in JAX.

    A value that is no scalar is weighted by fixed random numbers `v` and summed to be the loss.
    """
    inputs = dict(inputs or {})
    parameters = {n: np.asarray(a, float) for n, a in parameters.items()}
    value = np.asarray(f(parameters, inputs))
    net = declare(parameters, inputs, classes or {})
    if value.shape == ():
        loss = f
        net += [f"loss {text}"]
    else:
        v = np.round(rng.uniform(-1, 1, value.shape), 3)
        loss = lambda p, i: jnp.sum(v * f(p, i))
        net += [f"input v: float[{dims(v)}]", f"let value = {text}", "loss sum(v * value)"]
    expected = {"loss": loss(parameters, inputs)}
    if value.shape != ():
        inputs["v"] = v
        expected["value"] = value
        net += ["output value"]
    slopes = jax.grad(lambda p: loss(p, inputs))(parameters)
    expected.update({f"d_{n}": d for n, d in slopes.items()})
    net += [f"output d_{n} = grad(loss, {n})" for n in parameters]
    net += ["optimizer sgd(lr: 0.1)"]
    case = {
        "kind": "gradient", "name": name, "program": "\n".join(net) + "\n",
        "parameters": tensors(parameters), "inputs": [tensors(inputs)],
        "expected": [tensors(expected)],
    }
    if absolute:
        case["absolute"] = absolute
    cases.append(case)


# Elementwise functions ---------------------------------------------------------------------------

line = np.array([-700.0, -30.0, -5.0, -1.0, -1e-3, 0.0, 1e-3, 0.5, 1.0, 5.0, 30.0, 700.0])
near = np.array([-5.0, -2.5, -1.0, -0.3, -1e-3, 0.0, 1e-3, 0.7, 1.0, 2.5, 5.0, 30.0])


def elementwise(text, f, x=line, absolute=0.0, name=None):
    gradient(name or text.split("(")[0], text, lambda p, i: f(p["x"]), {"x": x}, absolute=absolute)


def magnitude(x):
    """|x| with the derivative 0 at 0, where jnp.abs has 1."""
    return x * jnp.sign(x)


def leaky(x, slope):
    return jnp.where(x <= 0, slope * x, x)


elementwise("relu(x)", jax.nn.relu)
elementwise("leaky_relu(x)", lambda x: leaky(x, 0.01))
elementwise("leaky_relu(x, slope: 0.2)", lambda x: leaky(x, 0.2), name="leaky_relu slope")
elementwise("elu(x)", jax.nn.elu)
elementwise("elu(x, alpha: 0.5)", lambda x: jax.nn.elu(x, 0.5), name="elu alpha")
elementwise("gelu(x)", lambda x: jax.nn.gelu(x, approximate=False), near, 1e-14)
elementwise("gelu_tanh(x)", lambda x: jax.nn.gelu(x, approximate=True), near, 1e-14)
elementwise("gelu_sigmoid(x)", lambda x: x * jax.nn.sigmoid(1.702 * x), near)
elementwise("silu(x)", jax.nn.silu, line)
elementwise("softplus(x)", jax.nn.softplus)
elementwise("sigmoid(x)", jax.nn.sigmoid)
elementwise("log_sigmoid(x)", jax.nn.log_sigmoid)
elementwise("tanh(x)", jnp.tanh)
elementwise("abs(x)", magnitude)
elementwise("exp(x)", jnp.exp, near)
elementwise("expm1(x)", jnp.expm1, near)
elementwise("erf(x)", jax.scipy.special.erf, near)
elementwise("sin(x)", jnp.sin, near)
elementwise("cos(x)", jnp.cos, near)
elementwise("tan(x)", jnp.tan, near)
elementwise("log(x)", jnp.log, np.array([1e-300, 1e-3, 0.5, 1.0, 3.0, 1e300]))
elementwise("log1p(x)", jnp.log1p, np.array([-0.999, -1e-9, 0.0, 1e-9, 1.0, 1e10]))
elementwise("sqrt(x)", jnp.sqrt, np.array([1e-12, 0.5, 2.0, 1e12]))
elementwise("rsqrt(x)", jax.lax.rsqrt, np.array([1e-12, 0.5, 2.0, 1e12]))
elementwise("square(x)", jnp.square, near)
elementwise("reciprocal(x)", lambda x: 1 / x, np.array([-3.0, -1e-3, 0.25, 7.0]))
for name, f in (("floor", jnp.floor), ("ceil", jnp.ceil), ("round", jnp.round)):
    # Their derivative is 0, which netc refuses in a loss, so a factor carries it.
    gradient(
        name, f"s * {name}(x)", lambda p, i: p["s"] * f(i["x"]), {"s": 1.5},
        {"x": np.array([-2.5, -1.5, -1.0, -0.5, -0.2, 0.0, 0.5, 0.9, 1.5, 2.0, 2.5, 2.51])})
elementwise(
    "clamp(x, -1, 2)", lambda x: jnp.where(x <= -1, -1, jnp.where(x >= 2, 2, x)),
    np.array([-4.0, -1.0, -0.5, 0.0, 1.5, 2.0, 9.0]))
elementwise("x ^ 3", lambda x: x**3, near, name="power 3")
elementwise("x ^ 2.5", lambda x: x**2.5, np.array([0.3, 1.0, 4.0]), name="power 2.5")
elementwise("max(x, 0.5)", lambda x: jnp.where(x > 0.5, x, 0.5), name="max with a constant")
gradient(
    "max of two, ties", "max(x, y)", lambda p, i: jnp.maximum(p["x"], p["y"]),
    {"x": [1.0, 2.0, 3.0, -1.0], "y": [2.0, 2.0, 1.0, -1.0]})
gradient(
    "min of two, ties", "min(x, y)", lambda p, i: jnp.minimum(p["x"], p["y"]),
    {"x": [1.0, 2.0, 3.0, -1.0], "y": [2.0, 2.0, 1.0, -1.0]})
gradient(
    "power of two", "x ^ y", lambda p, i: p["x"] ** p["y"],
    {"x": [0.5, 2.0, 3.0], "y": [2.0, -1.5, 0.0]})

# Functions over an axis --------------------------------------------------------------------------

table = np.round(rng.normal(size=(3, 4)) * 2, 3)
tied = np.array([[1.0, 3.0, 3.0, -2.0], [0.0, 0.0, 0.0, 0.0], [5.0, 1.0, 2.0, 5.0]])
large = np.array([[1000.0, 1000.0, -1000.0, 0.0], [800.0, -800.0, 799.0, 1.0], [-1e4, 0.0, 1e4, 3.0]])
steep = np.array([0.2, 1.3, 25.7, -11.0, 102.0])

gradient("softmax steep", "softmax(x)", lambda p, i: jax.nn.softmax(p["x"]), {"x": steep})
for axis in (-1, 0):
    for label, x in (("", table), (" large", large), (" ties", tied)):
        # The reference's own rounding of 1 - 1 leaves about 1e-17 where the derivative vanishes.
        rounding = 1e-15
        gradient(
            f"softmax axis {axis}{label}", f"softmax(x, axis: {axis})",
            lambda p, i: jax.nn.softmax(p["x"], axis=axis), {"x": x}, absolute=rounding)
        gradient(
            f"log_softmax axis {axis}{label}", f"log_softmax(x, axis: {axis})",
            lambda p, i: jax.nn.log_softmax(p["x"], axis=axis), {"x": x}, absolute=rounding)
        gradient(
            f"log_sum_exp axis {axis}{label}", f"log_sum_exp(x, axis: {axis})",
            lambda p, i: jax.nn.logsumexp(p["x"], axis=axis), {"x": x}, absolute=rounding)
for net, axis in (("none", None), ("0", 0), ("-1", -1), ("[0, 1]", (0, 1))):
    for keep in (False, True):
        settings = f"axis: {net}, keep_dims: {str(keep).lower()}"
        for name, f in (
            ("sum", jnp.sum), ("mean", jnp.mean), ("variance", jnp.var), ("max", jnp.max),
            ("min", jnp.min),
        ):
            x = tied if name in ("max", "min") else table
            gradient(
                f"{name} {settings}", f"{name}(x, {settings})",
                lambda p, i: f(p["x"], axis=axis, keepdims=keep), {"x": x}, absolute=1e-15)
        gradient(
            f"norm {settings}", f"norm(x, {settings})",
            lambda p, i: jnp.sqrt(jnp.sum(p["x"] ** 2, axis=axis, keepdims=keep)), {"x": table})
cases.append({
    "kind": "gradient", "name": "norm of zero",
    "program": (
        "param x: float[2, 2] = zeros()\nloss sum(norm(x, axis: 1))\n"
        "output d_x = grad(loss, x)\noptimizer sgd(lr: 0.1)\n"),
    "parameters": tensors({"x": np.array([[0.0, 0.0], [3.0, 4.0]])}), "inputs": [{}],
    "expected": [tensors({"loss": 5.0, "d_x": np.array([[0.0, 0.0], [0.6, 0.8]])})],
})
for reverse in (False, True):
    for exclusive in (False, True):
        def running(x):
            y = jnp.flip(x, 1) if reverse else x
            y = jnp.cumsum(y, axis=1) - (y if exclusive else 0)
            return jnp.flip(y, 1) if reverse else y

        settings = f"reverse: {str(reverse).lower()}, exclusive: {str(exclusive).lower()}"
        gradient(
            f"cumsum {settings}", f"cumsum(x, axis: 1, {settings})", lambda p, i: running(p["x"]),
            {"x": table}, absolute=1e-14)

# Shapes, indices and products ---------------------------------------------------------------------

cube = np.round(rng.normal(size=(2, 3, 4)), 3)


def arranged(text, f, x=table, name=None, **given):
    gradient(name or text, text, lambda p, i: f(p["x"]), {"x": x}, **given)


arranged("x[1]", lambda x: x[1])
arranged("x[-1, 1:3]", lambda x: x[-1, 1:3])
arranged("x[:, 0]", lambda x: x[:, 0])
arranged("x[..., :-1]", lambda x: x[..., :-1])
arranged("x[::2, 1:4:2]", lambda x: x[::2, 1:4:2])
arranged("x[1, ..., 2]", lambda x: x[1, ..., 2], cube)
arranged("x[:, -2:]", lambda x: x[:, -2:], cube)
arranged("reshape(x, [2, 6])", lambda x: x.reshape(2, 6))
arranged("reshape(x, 4, 3)", lambda x: x.reshape(4, 3))
arranged("transpose(x)", jnp.transpose)
arranged("transpose(x, axes: [1, 2, 0])", lambda x: jnp.transpose(x, (1, 2, 0)), cube)
arranged("flatten(x)", lambda x: x.reshape(2, 12), cube)
arranged("squeeze(x[:, 0:1], 1)", lambda x: x[:, 0], name="squeeze")
arranged("expand(x, axis: 1)", lambda x: x[:, None])
arranged("expand(x, axis: -1)", lambda x: x[..., None])
arranged(
    "broadcast(x, [3, 2, 4], axes: [0, 2])",
    lambda x: jnp.broadcast_to(x[:, None], (3, 2, 4)))
arranged("concat([x, 2 * x], axis: 1)", lambda x: jnp.concatenate([x, 2 * x], 1))
arranged("concat([x, x[0:1]], axis: 0)", lambda x: jnp.concatenate([x, x[:1]], 0))
arranged("split(x, 2, axis: 1)[1]", lambda x: x[:, 2:])
arranged(
    "pad(x, low: [1, 0], high: [0, 2], value: 0.5)",
    lambda x: jax.lax.pad(x, 0.5, ((1, 0, 0), (0, 2, 0))))
arranged(
    "pad(x, low: [0, -1], high: [1, -1], interior: [1, 0], value: 0)",
    lambda x: jax.lax.pad(x, 0.0, ((0, 1, 1), (-1, -1, 0))))
arranged("reverse(x, axes: [1])", lambda x: jnp.flip(x, 1))
arranged("where(x > 0, x, 0.1 * x)", lambda x: jnp.where(x > 0, x, 0.1 * x))
arranged("remainder(x, 1.5)", lambda x: jnp.fmod(x, 1.5))
arranged("2 ^ x", lambda x: 2.0**x)
arranged("-x ^ 2 / 3 - 1", lambda x: -(x**2) / 3 - 1)
arranged("x - mean(x, axis: 1, keep_dims: true)", lambda x: x - jnp.mean(x, 1, keepdims=True))
arranged("x * [1, 2, 3, 4]", lambda x: x * jnp.array([1.0, 2, 3, 4]))
arranged("stop_gradient(x) * x", lambda x: jax.lax.stop_gradient(x) * x)
arranged("if rank(x) == 2 then x * size(x) else x", lambda x: x * 12)
picks = np.array([2, 0, 2, 1])
gradient(
    "gather", "gather(x, i)", lambda p, i: p["x"][i["i"]], {"x": table}, {"i": picks}, {"i": 3})
gradient(
    "gather along the last axis", "gather(x, i, axis: 1, batch_dims: 1)",
    lambda p, i: jnp.take_along_axis(p["x"], i["i"][:, None], 1)[:, 0], {"x": table},
    {"i": np.array([3, 0, 3])}, {"i": 4})
gradient(
    "scatter_add", "scatter_add(x, i, u)", lambda p, i: jnp.asarray(p["x"]).at[i["i"]].add(p["u"]),
    {"x": table, "u": np.round(rng.normal(size=(4, 4)), 3)}, {"i": picks}, {"i": 3})
gradient(
    "one_hot", "x * one_hot(i, 4)", lambda p, i: p["x"] * jax.nn.one_hot(i["i"], 4), {"x": table},
    {"i": np.array([3, 0, 3])}, {"i": 4})
gradient(
    "iota", "x * iota([3, 4], axis: 1)", lambda p, i: p["x"] * jnp.arange(4.0), {"x": table})
gradient(
    "argmax", "x * expand(float(argmax(x, axis: 1)), axis: 1)",
    lambda p, i: p["x"] * jnp.argmax(p["x"], 1)[:, None].astype(float), {"x": tied})
for name, a, b in (
    ("matrix by matrix", (3, 4), (4, 2)), ("matrix by vector", (3, 4), (4,)),
    ("vector by matrix", (4,), (4, 2)), ("vector by vector", (4,), (4,)),
    ("batch by matrix", (2, 3, 4), (4, 5)), ("batch by vector", (2, 3, 4), (4,)),
    ("batch by batch", (2, 3, 4), (2, 4, 2)),
):
    gradient(
        f"product: {name}", "x @ y", lambda p, i: p["x"] @ p["y"],
        {n: np.round(rng.normal(size=d), 3) for n, d in (("x", a), ("y", b))}, absolute=1e-14)
for operator in "+-*/":
    for a, b in (((3, 4), (4,)), ((3, 4), (3, 1)), ((3, 1), (1, 4)), ((3, 4), ())):
        gradient(
            f"{a} {operator} {b}", f"x {operator} y",
            lambda p, i: {"+": jnp.add, "-": jnp.subtract, "*": jnp.multiply, "/": jnp.divide}[
                operator](p["x"], p["y"]),
            {n: np.round(rng.uniform(0.5, 2, size=d), 3) for n, d in (("x", a), ("y", b))})

# Losses ------------------------------------------------------------------------------------------


def reduce(values, reduction, weight=None):
    w = jnp.ones_like(values) if weight is None else weight
    if reduction == "none":
        return w * values
    if reduction == "sum":
        return jnp.sum(w * values)
    whole = jnp.sum(w)
    return jnp.sum(w * values) / jnp.where(whole == 0, 1, whole)


def cross_entropy(logits, q, weight, smoothing, reduction):
    k = logits.shape[-1]
    smooth = (1 - smoothing) * q + smoothing / k
    return reduce(-jnp.sum(smooth * jax.nn.log_softmax(logits), -1), reduction, weight)


def by_class(logits, y, weights=None, smoothing=0.0, ignore=None, reduction="mean"):
    hot = jax.nn.one_hot(y, logits.shape[-1], dtype=float)
    weight = jnp.ones(y.shape) if weights is None else hot @ weights
    if ignore is not None:
        weight = jnp.where(y == ignore, 0.0, weight)
    return cross_entropy(logits, hot, weight, smoothing, reduction)


def by_distribution(logits, q, weights=None, smoothing=0.0, reduction="mean"):
    weight = jnp.ones(q.shape[:-1]) if weights is None else q @ weights
    return cross_entropy(logits, q, weight, smoothing, reduction)


def settings_text(**settings):
    return "".join(f", {k}: {v}" for k, v in settings.items() if v is not None)


labels = np.array([2, 0, 3])
weights = np.array([0.5, 2.0, 1.5, 1.0])
shares = np.array([[0.1, 0.2, 0.3, 0.4], [1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]])
for reduction in ("mean", "sum", "none"):
    for smoothing in (None, 0.1):
        for weighted in (False, True):
            for ignore in (None, 3):
                given = {"weights": weights} if weighted else {}
                text = settings_text(
                    weights="weights" if weighted else None, smoothing=smoothing, ignore=ignore,
                    reduction=reduction)
                gradient(
                    f"cross_entropy classes{text}", f"cross_entropy(logits, y{text})",
                    lambda p, i: by_class(
                        p["logits"], i["y"], i.get("weights"), smoothing or 0.0, ignore, reduction),
                    {"logits": table}, {"y": labels, **given}, {"y": 4})
            text = settings_text(
                weights="weights" if weighted else None, smoothing=smoothing, reduction=reduction)
            gradient(
                f"cross_entropy distribution{text}", f"cross_entropy(logits, q{text})",
                lambda p, i: by_distribution(
                    p["logits"], p["q"], p.get("weights"), smoothing or 0.0, reduction),
                {"logits": table, "q": shares, **given}, absolute=1e-14)
gradient(
    "cross_entropy large logits", "cross_entropy(logits, y)",
    lambda p, i: by_class(p["logits"], i["y"]), {"logits": large}, {"y": np.array([2, 1, 0])},
    {"y": 4})
gradient(
    "cross_entropy tied logits", "cross_entropy(logits, y)",
    lambda p, i: by_class(p["logits"], i["y"]), {"logits": tied}, {"y": labels}, {"y": 4})
gradient(
    "cross_entropy all ignored", "cross_entropy(logits, y, ignore: 1)",
    lambda p, i: by_class(p["logits"], i["y"], ignore=1), {"logits": table},
    {"y": np.array([1, 1, 1])}, {"y": 4})
gradient(
    "cross_entropy ignored by its type", "cross_entropy(logits, y)",
    lambda p, i: by_class(p["logits"], i["y"], ignore=255), {"logits": table},
    {"y": np.array([2, 255, 3])}, {"y": "4, ignore: 255"})
sequence = np.round(rng.normal(size=(2, 3, 4)), 3)
gradient(
    "cross_entropy of sequences", "cross_entropy(logits, y)",
    lambda p, i: by_class(p["logits"], i["y"]), {"logits": sequence},
    {"y": np.array([[0, 1, 2], [3, 3, 0]])}, {"y": 4})

scores = np.array([-800.0, -30.0, -1.5, -0.2, 0.0, 0.4, 2.0, 30.0, 800.0])
bits = np.array([0.0, 1.0, 0.0, 0.3, 1.0, 0.75, 1.0, 0.0, 1.0])


def two_class(z, y):
    return jnp.logaddexp(0.0, z) - z * y


signs = np.array([-1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0])
margins = np.array([-3.0, 1.0, -1.0, 0.5, 0.0, 0.4, 1.0, -0.25, 2.0])
targets = np.array([-3.5, 1.0, 0.0, 2.5, 0.0, -0.6, 1.5, 4.0, 2.0])
log_p = np.asarray(jax.nn.log_softmax(table))
for reduction in ("mean", "sum", "none"):
    def loss(name, f, x, y, settings="", differentiate_target=False, kind=None):
        text = f"{name}(x, y{settings}, reduction: {reduction})"
        title = f"{name}{settings}, reduction: {reduction}"
        if differentiate_target:
            gradient(
                title, text, lambda p, i: reduce(f(p["x"], p["y"]), reduction), {"x": x, "y": y},
                absolute=1e-14)
        else:
            gradient(
                title + (" of classes" if kind else ""), text,
                lambda p, i: reduce(f(p["x"], i["y"]), reduction), {"x": x},
                {"y": y}, {"y": kind} if kind else {})

    loss("binary_cross_entropy", two_class, scores, bits, differentiate_target=True)
    loss("binary_cross_entropy", two_class, scores, np.round(bits).astype(int), kind=2)
    loss("binary_log_loss", lambda y, z: jnp.logaddexp(0.0, -2 * y * z), scores, signs)
    loss("hinge", lambda y, z: jax.nn.relu(1 - y * z), margins, signs)
    loss("squared_hinge", lambda y, z: jax.nn.relu(1 - y * z) ** 2, margins, signs)
    loss("mse", lambda y, t: (y - t) ** 2, margins, targets, differentiate_target=True)
    loss("half_mse", lambda y, t: 0.5 * (y - t) ** 2, margins, targets, differentiate_target=True)
    loss("mae", lambda y, t: magnitude(y - t), margins, targets, differentiate_target=True)
    for delta in (1, 0.5):
        loss(
            "huber", lambda y, t: jnp.where(
                jnp.abs(y - t) <= delta, 0.5 * (y - t) ** 2,
                delta * (jnp.abs(y - t) - 0.5 * delta)),
            margins, targets, f", delta: {delta}", differentiate_target=True)
    for weighted in (False, True):
        for ignore in (None, 3):
            given = {"weights": weights} if weighted else {}
            text = settings_text(
                weights="weights" if weighted else None, ignore=ignore, reduction=reduction)

            def likelihood(p, i):
                hot = jax.nn.one_hot(i["y"], 4, dtype=float)
                weight = hot @ i["weights"] if weighted else jnp.ones(3)
                weight = weight if ignore is None else jnp.where(i["y"] == ignore, 0.0, weight)
                return reduce(-jnp.sum(hot * p["x"], -1), reduction, weight)

            gradient(
                f"nll{text}", f"nll(x, y{text})", likelihood, {"x": log_p}, {"y": labels, **given},
                {"y": 4})
    gradient(
        f"kl_divergence, reduction: {reduction}", f"kl_divergence(x, q, reduction: {reduction})",
        lambda p, i: reduce(
            jnp.sum(jax.scipy.special.xlogy(i["q"], i["q"]) - i["q"] * p["x"], -1), reduction),
        {"x": log_p}, {"q": shares})
gradient("l1", "l1(w)", lambda p, i: jnp.sum(magnitude(p["w"])), {"w": tied})
gradient("l2", "l2(w)", lambda p, i: 0.5 * jnp.sum(p["w"] ** 2), {"w": tied})
gradient(
    "dense", "tanh(x @ weight + bias)",
    lambda p, i: jnp.tanh(i["x"] @ p["weight"] + p["bias"]),
    {"weight": np.round(rng.normal(size=(4, 3)), 3), "bias": np.array([0.1, 0.0, -0.2])},
    {"x": table})
dense = cases[-1]
dense["program"] = "layer fc = dense(3)\n" + dense["program"].replace(
    "tanh(x @ weight + bias)", "tanh(fc(x))").replace(
    "param weight: float[4, 3] = zeros()\nparam bias: float[3] = zeros()\n", "").replace(
    "grad(loss, weight)", "grad(loss, fc.weight)").replace("grad(loss, bias)", "grad(loss, fc.bias)")
dense["parameters"] = {f"fc.{n}": a for n, a in dense["parameters"].items()}

# Update rules ------------------------------------------------------------------------------------

start = {"w": np.round(rng.normal(size=(2, 3)), 3), "b": np.round(rng.normal(size=3), 3)}
slopes = [
    {n: np.round(rng.normal(size=a.shape) * 10.0 ** (1 - t), 4) for n, a in start.items()}
    for t in range(5)
]
slopes[2]["w"][0, 0] = 0.0


def steps(text, transform, count=5, name=None):
    """A case that takes the gradients above, one a step: the loss Σ w g has the gradient g."""
    parameters = {n: jnp.asarray(a) for n, a in start.items()}
    state = transform.init(parameters)
    after = []
    for t in range(count):
        moves, state = transform.update(slopes[t % 5], state, parameters)
        parameters = optax.apply_updates(parameters, moves)
        after.append(tensors(parameters))
    program = (
        "param w: float[2, 3] = zeros()\nparam b: float[3] = zeros()\n"
        "input g_w: float[2, 3]\ninput g_b: float[3]\n"
        f"loss sum(w * g_w) + sum(b * g_b)\noptimizer {text}\n")
    fed = [
        tensors({"g_w": slopes[t % 5]["w"], "g_b": slopes[t % 5]["b"]}) for t in range(count)
    ]
    cases.append({
        "kind": "steps", "name": name or text, "program": program, "parameters": tensors(start),
        "inputs": fed, "expected": after,
    })


def matrices(parameters):
    return {n: a.ndim >= 2 for n, a in parameters.items()}


def adagrad(rate, eps=1e-10):
    def update(g, a, _):
        a = jax.tree.map(lambda x, y: x + y * y, a, g)
        return jax.tree.map(lambda x, y: -rate * y / (jnp.sqrt(x) + eps), a, g), a

    return optax.GradientTransformation(lambda p: jax.tree.map(jnp.zeros_like, p), update)


def momentum(rate, beta, nesterov=False):
    return optax.chain(optax.trace(beta, nesterov=nesterov), optax.scale(-rate))


steps("sgd(lr: 0.1)", optax.sgd(0.1))
steps("momentum(lr: 0.1)", momentum(0.1, 0.9))
steps("momentum(lr: 0.1, beta: 0.5, nesterov: true)", momentum(0.1, 0.5, True))
steps("adagrad(lr: 0.1)", adagrad(0.1))
steps("adagrad(lr: 0.1, eps: 0.01)", adagrad(0.1, 0.01))
steps("rmsprop(lr: 0.01)", optax.rmsprop(0.01, decay=0.99, eps=1e-8, eps_in_sqrt=False))
steps(
    "rmsprop(lr: 0.01, decay: 0.8, eps: 1e-3)",
    optax.rmsprop(0.01, decay=0.8, eps=1e-3, eps_in_sqrt=False))
steps("adam()", optax.adam(1e-3))
steps(
    "adam(lr: 0.1, beta1: 0.5, beta2: 0.9, eps: 1e-3)", optax.adam(0.1, b1=0.5, b2=0.9, eps=1e-3))
steps("adamw(lr: 0.1)", optax.adamw(0.1, weight_decay=0.01, mask=matrices))
steps(
    "adamw(lr: 0.1, decay: 0.2, decay_all: true)", optax.adamw(0.1, weight_decay=0.2))
steps("lion(lr: 0.01)", optax.lion(0.01, weight_decay=0.0))
steps(
    "lion(lr: 0.01, beta1: 0.8, beta2: 0.7, decay: 0.1)",
    optax.lion(0.01, b1=0.8, b2=0.7, weight_decay=0.1, mask=matrices))
steps(
    "lion(lr: 0.01, decay: 0.1, decay_all: true)", optax.lion(0.01, weight_decay=0.1))
steps("clip_norm(1.0) |> sgd(lr: 0.1)", optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(0.1)))
steps("clip_value(0.5) |> sgd(lr: 0.1)", optax.chain(optax.clip(0.5), optax.sgd(0.1)))
steps(
    "weight_decay(0.1) |> momentum(lr: 0.1)",
    optax.chain(optax.add_decayed_weights(0.1, mask=matrices), momentum(0.1, 0.9)))
steps(
    "weight_decay(0.1, decay_all: true) |> clip_norm(1.0) |> adam(lr: 0.1)",
    optax.chain(optax.add_decayed_weights(0.1), optax.clip_by_global_norm(1.0), optax.adam(0.1)))

# Schedules ---------------------------------------------------------------------------------------


def schedule(text, rate):
    # The count is an int32, with which some of optax's schedules compute in single precision.
    steps(f"sgd(lr: {text})", optax.sgd(lambda t: rate(jnp.asarray(t, float))), 14, text)


def warm(count):
    return lambda t: jnp.minimum(1.0, (t + 1) / count) if count else 1.0


def after(t, warmup):
    return jnp.maximum(t - warmup, 0)


schedule("constant(0.3)", lambda t: 0.3)
schedule("constant(0.3, warmup: 4)", lambda t: 0.3 * warm(4)(t))
schedule("inverse_time(0.5, decay: 0.2)", lambda t: 0.5 / (1 + 0.5 * 0.2 * t))
schedule("step_decay(0.5, every: 3)", optax.exponential_decay(0.5, 3, 0.1, staircase=True))
schedule(
    "step_decay(0.5, every: 3, factor: 0.5, warmup: 4)",
    lambda t: warm(4)(t) * 0.5 * 0.5 ** jnp.floor(after(t, 4) / 3))
schedule("exponential(0.5, 0.9)", optax.exponential_decay(0.5, 1, 0.9))
schedule(
    "exponential(0.5, 0.9, every: 4, warmup: 3)",
    lambda t: warm(3)(t) * 0.5 * 0.9 ** (after(t, 3) / 4))
schedule("polynomial(0.5, steps: 10)", optax.polynomial_schedule(0.5, 0.0, 1, 10))
schedule(
    "polynomial(0.5, steps: 10, power: 2, floor: 0.1)", optax.polynomial_schedule(0.5, 0.1, 2, 10))
schedule(
    "polynomial(0.5, steps: 10, power: 2, floor: 0.1, warmup: 3)",
    lambda t: warm(3)(t) * optax.polynomial_schedule(0.5, 0.1, 2, 7)(after(t, 3)))
schedule("cosine(0.5, steps: 10)", optax.cosine_decay_schedule(0.5, 10))
schedule(
    "cosine(0.5, steps: 10, warmup: 3, floor: 0.1)",
    lambda t: warm(3)(t) * optax.cosine_decay_schedule(0.5, 7, alpha=0.2)(after(t, 3)))

# Metrics -----------------------------------------------------------------------------------------


def metric(name, text, f, batches, kinds):
    """A case over two batches of different sizes; `f` sees their rows joined."""
    joined = {n: np.concatenate([b[n] for b in batches]) for n in batches[0]}
    program = []
    for n, a in batches[0].items():
        inner = "".join(f", {d}" for d in a.shape[1:])
        program.append(f"input {n}: {kinds.get(n, 'float')}[batch{inner}]")
    program += [
        "param w: float[1] = zeros()", "loss l2(w)", "optimizer sgd(lr: 0.1)", f"metric m = {text}"
    ]
    cases.append({
        "kind": "metric", "name": name, "program": "\n".join(program) + "\n",
        "parameters": {}, "inputs": [tensors(b) for b in batches],
        "expected": [tensors({"m": f(**joined)})],
    })


def metric_batches(y):
    logits = np.round(rng.normal(size=(8, 4)), 1)
    logits[1] = [1.0, 1.0, 1.0, 0.0]
    logits[6] = [0.0, 2.0, 2.0, 2.0]
    return [{"x": logits[:5], "y": y[:5]}, {"x": logits[5:], "y": y[5:]}]


def rank_of(x, y):
    own = x[np.arange(len(y)), y][:, None]
    before = np.arange(x.shape[1])[None] < y[:, None]
    return np.sum((x > own) | ((x == own) & before), 1)


def f_score(x, y, positive):
    said, real = np.argmax(x, 1) == positive, y == positive
    return np.sum(said & real), np.sum(said), np.sum(real)


def share(a, b):
    return a / b if b else 0.0


def kept(f):
    return lambda x, y: f(x[y != 255], y[y != 255])


whole = np.array([1, 1, 3, 0, 1, 2, 3, 1])
holes = np.array([1, 255, 3, 0, 1, 255, 3, 1])
for label, y, kind in (
    ("", whole, "class(4)"), (" with ignored labels", holes, "class(4, ignore: 255)"),
):
    batches = metric_batches(y)
    for text, f in (
        ("accuracy(x, y)", lambda x, y: np.mean(rank_of(x, y) < 1)),
        ("top_k_accuracy(x, y, k: 1)", lambda x, y: np.mean(rank_of(x, y) < 1)),
        ("top_k_accuracy(x, y, k: 2)", lambda x, y: np.mean(rank_of(x, y) < 2)),
        ("top_k_accuracy(x, y, k: 3)", lambda x, y: np.mean(rank_of(x, y) < 3)),
        ("precision(x, y)", lambda x, y: share(*np.array(f_score(x, y, 1))[[0, 1]])),
        ("recall(x, y)", lambda x, y: share(*np.array(f_score(x, y, 1))[[0, 2]])),
        ("f1(x, y)", lambda x, y: share(2 * f_score(x, y, 1)[0], sum(f_score(x, y, 1)[1:]))),
        ("f1(x, y, positive: 3)",
         lambda x, y: share(2 * f_score(x, y, 3)[0], sum(f_score(x, y, 3)[1:]))),
        ("perplexity(x, y)", lambda x, y: np.exp(by_class(jnp.asarray(x), jnp.asarray(y)))),
    ):
        metric(text + label, text, kept(f), batches, {"y": kind})
metric(
    "precision without a positive", "precision(x, y, positive: 2)",
    lambda x, y: share(*np.array(f_score(x, y, 2))[[0, 1]]),
    [{"x": np.eye(4)[[0, 1, 3]], "y": np.array([2, 1, 0])},
     {"x": np.eye(4)[[0]], "y": np.array([2])}], {"y": "class(4)"})
values = {"x": np.array([0.5, -1.0, 2.0, 0.0, 3.0]), "y": np.array([1.0, -1.0, -0.5, 1.0, 2.0])}
pairs = [{n: a[:3] for n, a in values.items()}, {n: a[3:] for n, a in values.items()}]
metric("mse as a metric", "mse(x, y)", lambda x, y: np.mean((x - y) ** 2), pairs, {})
metric("mae as a metric", "mae(x, y)", lambda x, y: np.mean(np.abs(x - y)), pairs, {})
metric(
    "r2", "r2(x, y)", lambda x, y: 1 - np.sum((x - y) ** 2) / np.sum((y - np.mean(y)) ** 2), pairs, {})
metric(
    "zero_one", "zero_one(x, sign(y))", lambda x, y: np.mean(x * np.sign(y) <= 0), pairs, {})

# Convolution, pooling, order ---------------------------------------------------------------------

spread = np.random.default_rng(21)


def drawn(*shape):
    """Numbers that differ pairwise, so that no maximum is tied."""
    count = int(np.prod(shape))
    places = spread.permutation(count) - count // 2
    return np.round((places + spread.uniform(-0.2, 0.2, count)) / 8, 4).reshape(shape)


def layer(name, instance, f, parameters, x, settings=""):
    """A case of a layer applied to a parameter `x`; `f` takes its parameters by name and `x`."""
    gradient(
        f"{name}, {dims(x)}{settings}", "f(x)", lambda p, i: f(p, p["x"]),
        {**parameters, "x": x})
    case = cases[-1]
    own = "\n".join(declare({n: np.asarray(a) for n, a in parameters.items()}, {}, {}))
    text = case["program"].replace(own + "\n", "") if parameters else case["program"]
    for n in parameters:
        text = text.replace(f"output d_{n} = grad(loss, {n})", f"output d_{n} = grad(loss, f.{n})")
    case["program"] = f"layer f = {instance}\n" + text if parameters else text.replace(
        "f(x)", instance)
    case["parameters"] = {
        n if n == "x" else f"f.{n}": a for n, a in case["parameters"].items()}


def by_axis(setting, axes):
    """A setting for each axis: a number stands for all of them."""
    return tuple(setting) if isinstance(setting, (list, tuple)) else (setting,) * axes


def margins(sizes, reaches, stride, padding):
    if padding == "valid":
        return [(0, 0)] * len(sizes)
    if padding != "same":
        return [(n, n) for n in by_axis(padding, len(sizes))]
    result = []
    for n, reach, step in zip(sizes, reaches, by_axis(stride, len(sizes))):
        whole = max((-(-n // step) - 1) * step + reach - n, 0)
        result.append((whole // 2, whole - whole // 2))
    return result


def convolved(x, w, stride=1, padding="valid", dilation=1, groups=1):
    axes = w.ndim - 2
    reaches = [(k - 1) * d + 1 for k, d in zip(w.shape[2:], by_axis(dilation, axes))]
    spatial = "DHW"[3 - axes:]
    return jax.lax.conv_general_dilated(
        x, w, by_axis(stride, axes), margins(x.shape[2:], reaches, stride, padding),
        rhs_dilation=by_axis(dilation, axes), feature_group_count=groups,
        dimension_numbers=(f"NC{spatial}", f"OI{spatial}", f"NC{spatial}"))


def with_bias(y, p):
    return y + p["bias"].reshape((-1,) + (1,) * (y.ndim - 2)) if "bias" in p else y


def written(settings):
    return "".join(
        f", {n}: {str(v).lower() if isinstance(v, bool) else v}" for n, v in settings.items())


def convolution_layer(name, x, channels, kernel, bias=True, **settings):
    rank = np.ndim(x) - 2
    groups = settings.get("groups", 1)
    weight = drawn(channels, x.shape[1] // groups, *by_axis(kernel, rank))
    parameters = {"weight": weight, **({"bias": drawn(channels)} if bias else {})}
    shown = written({**settings, **({} if bias else {"bias": False})})
    layer(
        name, f"{name}({channels}, kernel: {kernel}{shown})",
        lambda p, x: with_bias(convolved(x, p["weight"], **settings), p), parameters, x, shown)


convolution_layer("conv1d", drawn(2, 2, 7), 3, 3)
convolution_layer("conv1d", drawn(1, 3, 8), 2, 4, stride=3, padding="same")
convolution_layer("conv1d", drawn(2, 4, 9), 6, 3, padding=2, dilation=2, groups=2)
convolution_layer("conv2d", drawn(2, 2, 6, 5), 3, 3, padding="same")
convolution_layer("conv2d", drawn(1, 3, 7, 8), 2, 3, stride=2, padding="same", bias=False)
convolution_layer("conv2d", drawn(2, 4, 6, 7), 6, 2, padding=1, dilation=2, groups=2)
convolution_layer("conv2d", drawn(1, 1, 4, 4), 1, 1, stride=3, padding="same")
convolution_layer("conv3d", drawn(1, 2, 3, 4, 4), 2, 2)
convolution_layer("conv3d", drawn(2, 1, 4, 3, 5), 2, 3, stride=2, padding="same")
convolution_layer("conv3d", drawn(1, 4, 3, 3, 3), 4, 2, padding=1, groups=4, bias=False)


def transposed(x, w, stride=1, padding="valid", dilation=1, groups=1):
    """The derivative by its input of the convolution with the kernel's channels exchanged."""
    axes = w.ndim - 2
    cuts = by_axis(0 if padding == "valid" else padding, axes)
    sizes = [
        n * step if cut == "same" else (n - 1) * step + (k - 1) * d + 1 - 2 * cut
        for n, step, k, d, cut in zip(
            x.shape[2:], by_axis(stride, axes), w.shape[2:], by_axis(dilation, axes), cuts)]
    image = jnp.zeros((x.shape[0], w.shape[0], *sizes))
    # Within each group the channels in and out change places.
    apart = w.reshape(groups, w.shape[0] // groups, *w.shape[1:])
    turned = jnp.swapaxes(apart, 1, 2).reshape(-1, w.shape[0] // groups, *w.shape[2:])
    _, back = jax.vjp(
        lambda y: convolved(y, turned, stride, padding, dilation, groups), image)
    return back(x)[0]


for x, channels, kernel, settings in (
    (drawn(2, 3, 3, 4), 2, 3, {}),
    (drawn(1, 2, 4, 3), 3, 4, {"stride": 2, "padding": 1}),
    (drawn(1, 2, 3, 3), 2, 3, {"stride": 2, "padding": "same"}),
    (drawn(1, 1, 2, 3), 2, 2, {"stride": 3, "padding": "same"}),
    (drawn(1, 2, 3, 3), 1, 2, {"dilation": 2, "padding": 1}),
):
    layer(
        "conv_transpose2d", f"conv_transpose2d({channels}, kernel: {kernel}{written(settings)})",
        lambda p, x, settings=settings: with_bias(transposed(x, p["weight"], **settings), p),
        {"weight": drawn(channels, x.shape[1], kernel, kernel), "bias": drawn(channels)}, x,
        written(settings))

for x, kernel, multiplier, settings in (
    (drawn(2, 3, 5, 4), 3, 1, {}), (drawn(1, 2, 5, 6), 2, 2, {"stride": 2, "padding": "same"}),
    (drawn(1, 2, 6, 5), 2, 3, {"padding": 1, "dilation": 2}),
):
    inner, shown = x.shape[1] * multiplier, written({"multiplier": multiplier, **settings})
    each = lambda x, w, settings=settings: convolved(x, w, groups=x.shape[1], **settings)
    layer(
        "depthwise_conv2d", f"depthwise_conv2d(kernel: {kernel}{shown})",
        lambda p, x, each=each: with_bias(each(x, p["weight"]), p),
        {"weight": drawn(inner, 1, kernel, kernel), "bias": drawn(inner)}, x, shown)
    layer(
        "separable_conv2d", f"separable_conv2d(3, kernel: {kernel}{shown})",
        lambda p, x, each=each: with_bias(convolved(each(x, p["depthwise"]), p["pointwise"]), p),
        {"depthwise": drawn(inner, 1, kernel, kernel), "pointwise": drawn(3, inner, 1, 1),
         "bias": drawn(3)}, x, shown)


def pooled(x, window, kind, stride=None, padding="valid", count_padding=False):
    rank = x.ndim - 2
    step, window = stride or window, by_axis(window, rank)
    edges = [(0, 0), (0, 0)] + margins(x.shape[2:], window, step, padding)
    shape, steps = (1, 1) + window, (1, 1) + by_axis(step, rank)
    if kind == "max":
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, shape, steps, edges)
    total = jax.lax.reduce_window(x, 0.0, jax.lax.add, shape, steps, edges)
    if count_padding:
        return total / math.prod(window)
    return total / jax.lax.reduce_window(jnp.ones_like(x), 0.0, jax.lax.add, shape, steps, edges)


for rank, sizes in ((1, [(2, 2, 9), (1, 3, 7), (2, 1, 8)]),
                    (2, [(2, 2, 6, 7), (1, 2, 5, 6), (1, 1, 7, 5)])):
    for size, (window, settings) in zip(sizes, (
            (2, {}), (3, {"stride": 2, "padding": "same"}), (3, {"stride": 1, "padding": 1}))):
        for kind in ("max", "avg"):
            for counts in ([False, True] if kind == "avg" and settings else [False]):
                more = {**settings, **({"count_padding": True} if counts else {})}
                name = f"{kind}_pool{rank}d"
                layer(
                    name, f"{name}(x, {window}{written(more)})",
                    lambda p, x, a=(window, kind), more=more: pooled(x, *a, **more), {},
                    drawn(*size), written(more))
for size in ((2, 3, 4), (1, 2, 3, 3), (2, 2, 2, 3, 2)):
    axes = tuple(range(2, len(size)))
    layer("global_avg_pool", "global_avg_pool(x)",
          lambda p, x, axes=axes: jnp.mean(x, axes), {}, drawn(*size))
    layer("global_max_pool", "global_max_pool(x)",
          lambda p, x, axes=axes: jnp.max(x, axes), {}, drawn(*size))
for size, text, f in (
    ((7,), "sort(x)", jnp.sort), ((2, 5), "sort(x, axis: 0)", lambda x: jnp.sort(x, 0)),
    ((2, 4, 3), "sort(x, axis: -2, descending: true)", lambda x: -jnp.sort(-x, 1)),
    ((6,), "top_k(x, 2)", lambda x: jax.lax.top_k(x, 2)[0]),
    ((3, 5), "top_k(x, 3)", lambda x: jax.lax.top_k(x, 3)[0]),
    ((2, 2, 4), "top_k(x, 4)", lambda x: jax.lax.top_k(x, 4)[0]),
):
    layer(text, text, lambda p, x, f=f: f(x), {}, drawn(*size))

# Recurrent layers --------------------------------------------------------------------------------

own = np.random.default_rng(77)


def sigmoid(a):
    return 1 / (1 + jnp.exp(-a))


def rnn_cell(p, k, x, h):
    return (jnp.tanh(x @ p[k + "input_weight"] + h[0] @ p[k + "recurrent_weight"] + p[k + "bias"]),)


def gru_cell(p, k, x, h):
    gx = jnp.split(x @ p[k + "input_weight"] + p[k + "input_bias"], 3, -1)
    gh = jnp.split(h[0] @ p[k + "recurrent_weight"] + p[k + "recurrent_bias"], 3, -1)
    r, u = sigmoid(gx[0] + gh[0]), sigmoid(gx[1] + gh[1])
    return ((1 - u) * jnp.tanh(gx[2] + r * gh[2]) + u * h[0],)


def lstm_cell(p, k, x, h):
    gates = x @ p[k + "input_weight"] + h[0] @ p[k + "recurrent_weight"] + p[k + "bias"]
    i, f, g, o = jnp.split(gates, 4, -1)
    c = sigmoid(f) * h[1] + sigmoid(i) * jnp.tanh(g)
    return sigmoid(o) * jnp.tanh(c), c


def over_time(cell, p, k, x, units, states):
    h = (jnp.zeros((x.shape[0], units)),) * states
    ys = []
    for t in range(x.shape[1]):
        h = cell(p, k, x[:, t], h)
        ys.append(h[0])
    return jnp.stack(ys, 1)


def recurrent_parameters(prefix, gates, inputs, units):
    shapes = {"input_weight": (inputs, gates * units), "recurrent_weight": (units, gates * units)}
    biases = ["input_bias", "recurrent_bias"] if gates == 3 else ["bias"]
    shapes.update({n: (gates * units,) for n in biases})
    return {prefix + n: np.round(own.normal(size=shape) * 0.7, 3) for n, shape in shapes.items()}


def recurrent(instance, f, parameters, x):
    """A case whose parameters have dots in their paths; `__` stands for them among the results."""
    gradient(
        f"{instance}, {dims(x)}", "f(x)", lambda p, i: f(p, p["x"]), {**parameters, "x": x})
    case = cases[-1]
    text = case["program"]
    for n, a in parameters.items():
        text = text.replace(f"param {n}: float[{dims(a)}] = zeros()\n", "")
        text = text.replace(f"grad(loss, {n})", f"grad(loss, f.{n.replace('__', '.')})")
    case["program"] = f"layer f = {instance}\n" + text
    case["parameters"] = {
        n if n == "x" else "f." + n.replace("__", "."): a for n, a in case["parameters"].items()}


for batch, time, width, units in ((2, 4, 3, 2), (1, 1, 2, 3), (3, 6, 1, 4)):
    x = np.round(own.normal(size=(batch, time, width)), 3)
    for name, cell, gates, states in (
        ("rnn", rnn_cell, 1, 1), ("gru", gru_cell, 3, 1), ("lstm", lstm_cell, 4, 2),
    ):
        recurrent(
            f"{name}({units})",
            lambda p, x, c=cell, u=units, s=states: over_time(c, p, "cell__", x, u, s),
            recurrent_parameters("cell__", gates, width, units), x)
    recurrent(
        f"bidirectional(gru({units}))",
        lambda p, x, u=units: jnp.concatenate([
            over_time(gru_cell, p, "layer_of_2__cell__", x, u, 1),
            over_time(gru_cell, p, "layer_of_1__cell__", x[:, ::-1], u, 1)[:, ::-1]], -1),
        {**recurrent_parameters("layer_of_1__cell__", 3, width, units),
         **recurrent_parameters("layer_of_2__cell__", 3, width, units)}, x)

names = [case["name"] for case in cases]
assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
made_by = f"JAX {jax.__version__}, optax {optax.__version__}, NumPy {np.__version__}, CPU, float64"
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json"), "w") as out:
    out.write('{"made_by": ' + json.dumps(made_by) + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    out.write("\n]}\n")
print(len(cases), "cases")
