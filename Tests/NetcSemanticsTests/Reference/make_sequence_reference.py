"""Writes sequence_reference.json: normalization, embedding, attention, and what came with them.

Run it where make_reference.py runs; importing that file writes its own cases again. A case may say
`mode`, `training` or `evaluation`, when the two differ. Values come from jax.nn and optax where
they exist under the pinned definition, else from the paper's formula; derivatives are JAX's own.
"""

import json
import os

import jax
import jax.numpy as jnp
import numpy as np
import optax

import make_reference as reference
from make_reference import dims, gradient, metric, reduce, schedule, steps, tensors

reference.cases.clear()
cases = reference.cases
rng = np.random.default_rng(33)


def drawn(*shape):
    return np.round(rng.normal(size=shape), 3)


def layer(name, instance, f, own, values, inputs=None, kinds=None, call="f(x)", mode=None):
    """A case of `layer f = instance` with its parameters `own`, applied to the parameters `values`.

    `f(own, values, inputs)` is its value in JAX; running statistics in `own` are states.
    """
    inputs = dict(inputs or {})
    own = {n: np.asarray(a, float) for n, a in own.items()}
    values = {n: np.asarray(a, float) for n, a in values.items()}
    weight = np.round(rng.uniform(-1, 1, np.shape(f(own, values, inputs))), 3)
    net = [f"layer f = {instance}"]
    net += [f"param {n}: float[{dims(a)}] = zeros()" for n, a in values.items()]
    net += [f"input {n}: {(kinds or {}).get(n, 'float')}[{dims(a)}]" for n, a in inputs.items()]
    net += [f"input v: float[{dims(weight)}]", f"let value = {call}", "loss sum(v * value)"]
    loss = lambda own, values: jnp.sum(weight * f(own, values, inputs))
    d_own, d_values = jax.grad(loss, (0, 1))(own, values)
    expected = {"loss": loss(own, values), "value": f(own, values, inputs)}
    net += ["output value"]
    for n, d in d_values.items():
        expected[f"d_{n}"] = d
        net += [f"output d_{n} = grad(loss, {n})"]
    for n, d in d_own.items():
        if not n.startswith("running"):
            expected["d_f_" + n.replace(".", "_")] = d
            net += [f"output d_f_{n.replace('.', '_')} = grad(loss, f.{n})"]
    net += ["optimizer sgd(lr: 0.1)"]
    case = {
        "kind": "gradient", "name": f"{name} of {', '.join(str(a.shape) for a in values.values())}",
        "program": "\n".join(net) + "\n",
        "parameters": tensors({**{f"f.{n}": a for n, a in own.items()}, **values}),
        "inputs": [tensors({**inputs, "v": weight})], "expected": [tensors(expected)],
        "absolute": 1e-13,
    }
    if mode:
        case["mode"] = mode
    cases.append(case)


# Normalization -----------------------------------------------------------------------------------


def standard(x, axis, eps=1e-5):
    return jax.nn.standardize(x, axis=axis, epsilon=eps)


def by_channel(p, y):
    tail = (1,) * (y.ndim - 2)
    return y * p["scale"].reshape((-1,) + tail) + p["bias"].reshape((-1,) + tail)


def affine(c):
    return {"scale": drawn(c), "bias": drawn(c)}


def after_second(x):
    return tuple(range(2, x.ndim))


def grouped(x, groups, eps=1e-5):
    return standard(x.reshape(x.shape[0], groups, -1), -1, eps).reshape(x.shape)


for shape in ((5,), (3, 4), (2, 3, 6)):
    c = shape[-1]
    layer(
        "layer_norm", "layer_norm()",
        lambda p, v, i: standard(v["x"], -1) * p["scale"] + p["bias"], affine(c),
        {"x": drawn(*shape)})
    layer(
        "layer_norm, eps: 0.1, bias: false", "layer_norm(eps: 0.1, bias: false)",
        lambda p, v, i: standard(v["x"], -1, 0.1) * p["scale"], {"scale": drawn(c)},
        {"x": drawn(*shape)})
    layer(
        "rms_norm", "rms_norm()",
        lambda p, v, i: p["scale"] * v["x"] / jnp.sqrt(
            jnp.mean(v["x"] ** 2, -1, keepdims=True) + 1e-5), {"scale": drawn(c)},
        {"x": drawn(*shape)})
for shape, groups in (((2, 6), 2), ((3, 4, 5), 4), ((2, 6, 3, 2), 3)):
    layer(
        f"group_norm({groups})", f"group_norm({groups})",
        lambda p, v, i: by_channel(p, grouped(v["x"], groups)), affine(shape[1]),
        {"x": drawn(*shape)})
for shape in ((2, 3, 4), (1, 2, 3, 3), (2, 2, 2, 3, 2)):
    layer(
        "instance_norm", "instance_norm()",
        lambda p, v, i: by_channel(p, standard(v["x"], after_second(v["x"]))), affine(shape[1]),
        {"x": drawn(*shape)})


def batch_normalized(p, x, eps=1e-5):
    return by_channel(p, standard(x, (0,) + after_second(x), eps))


def moved(r, x, decay):
    axes = (0,) + after_second(x)
    count = x.size // x.shape[1]
    spread = np.var(x, axis=axes, ddof=1 if count > 1 else 0)
    return {
        "f.running_mean": decay * r["f.running_mean"] + (1 - decay) * np.mean(x, axis=axes),
        "f.running_variance": decay * r["f.running_variance"] + (1 - decay) * spread,
    }


for shape, settings, eps, decay in (
    ((5, 3), "", 1e-5, 0.9), ((3, 2, 4), "decay: 0.7, eps: 0.01", 0.01, 0.7),
    ((2, 3, 3, 2), "", 1e-5, 0.9), ((1, 3), "", 1e-5, 0.9),
):
    c = shape[1]
    layer(
        f"batch_norm in training {settings}", f"batch_norm({settings})",
        lambda p, v, i: batch_normalized(p, v["x"], eps), affine(c), {"x": drawn(*shape)},
        mode="training")
    layer(
        f"batch_norm in evaluation {settings}", f"batch_norm({settings})",
        lambda p, v, i: by_channel(
            p, (v["x"] - p["running_mean"].reshape((-1,) + (1,) * (v["x"].ndim - 2)))
            / jnp.sqrt(p["running_variance"] + eps).reshape((-1,) + (1,) * (v["x"].ndim - 2))),
        {**affine(c), "running_mean": drawn(c), "running_variance": np.abs(drawn(c)) + 0.1},
        {"x": drawn(*shape)}, mode="evaluation")
    fed = [drawn(*shape) for _ in range(3)]
    running = {"f.running_mean": np.zeros(c), "f.running_variance": np.ones(c)}
    after = []
    for x in fed:
        running = moved(running, x, decay)
        after.append(tensors(running))
    cases.append({
        "kind": "steps", "name": f"running statistics of batch_norm {settings} over {shape}",
        "program": (
            f"layer f = batch_norm({settings})\ninput x: float[{dims(fed[0])}]\n"
            "loss sum(f(x))\noptimizer sgd(lr: 0)\n"),
        "parameters": tensors({"f.scale": np.ones(c), "f.bias": np.zeros(c)}),
        "inputs": [tensors({"x": x}) for x in fed], "expected": after,
    })

# Embedding and positions -------------------------------------------------------------------------

for shape, k, d in (((4,), 3, 2), ((2, 3), 5, 4), ((2, 2, 3), 4, 1)):
    layer(
        f"embedding of {shape}", f"embedding({k}, {d})", lambda p, v, i: p["weight"][i["y"]],
        {"weight": drawn(k, d)}, {}, {"y": rng.integers(0, k, shape)}, {"y": f"class({k})"},
        call="f(y)")


def angles(time, d):
    return np.arange(time)[:, None] * 10_000.0 ** (-2 * np.arange(d // 2) / d)


def sinusoids(time, d):
    a = np.arange(time)[:, None] * 10_000.0 ** (-2 * (np.arange(d) // 2) / d)
    return np.where(np.arange(d) % 2 == 0, np.sin(a), np.cos(a))


def turned(x, halves=False):
    time, d = x.shape[-2:]
    turn = np.exp(1j * angles(time, d))
    if halves:
        z = (x[..., : d // 2] + 1j * x[..., d // 2:]) * turn
        return jnp.concatenate([z.real, z.imag], -1)
    z = (x[..., ::2] + 1j * x[..., 1::2]) * turn
    return jnp.stack([z.real, z.imag], -1).reshape(x.shape)


for shape in ((3, 4), (2, 5, 6), (1, 2, 4, 2)):
    time, d = shape[-2:]
    layer(
        "learned_positions", f"learned_positions({time + 1})",
        lambda p, v, i: v["x"] + p["weight"][: v["x"].shape[-2]], {"weight": drawn(time + 1, d)},
        {"x": drawn(*shape)})
    gradient(
        f"sinusoidal_positions {shape}", "sinusoidal_positions(x)",
        lambda p, i: p["x"] + sinusoids(*p["x"].shape[-2:]), {"x": drawn(*shape)})
    gradient(
        f"rotary {shape}", "rotary(x)", lambda p, i: turned(p["x"]), {"x": drawn(*shape)},
        absolute=1e-14)
    gradient(
        f"rotary of halves {shape}", "rotary(x, pairs: halves)",
        lambda p, i: turned(p["x"], True), {"x": drawn(*shape)}, absolute=1e-14)

# Attention ---------------------------------------------------------------------------------------


def attended(q, k, v, mask=None, causal=False):
    fit = jnp.einsum("...td,...sd->...ts", q, k) / np.sqrt(q.shape[-1])
    seen = np.ones(fit.shape, bool) if mask is None else np.broadcast_to(mask, fit.shape)
    if causal:
        seen = seen & np.tril(np.ones(fit.shape[-2:], bool))
    some = seen.any(-1, keepdims=True)
    weights = jax.nn.softmax(jnp.where(seen, fit, jnp.where(some, -jnp.inf, 0)), -1)
    return jnp.where(some & seen, weights, 0) @ v


masks = rng.uniform(size=(2, 4, 5)) < 0.6
masks[0, 1] = False
for lead, time, source, d, e in (((), 3, 4, 2, 3), ((2,), 4, 5, 3, 2), ((2, 3), 2, 3, 4, 1)):
    vectors = {
        "q": drawn(*lead, time, d), "k": drawn(*lead, source, d), "w": drawn(*lead, source, e)}
    for causal in (False, True):
        gradient(
            f"attention {lead} causal {causal}", f"attention(q, k, w, causal: {str(causal).lower()})",
            lambda p, i: attended(p["q"], p["k"], p["w"], causal=causal), vectors, absolute=1e-14)
        if lead == (2,):
            gradient(
                f"attention with a mask, causal {causal}",
                f"attention(q, k, w, mask: m > 0, causal: {str(causal).lower()})",
                lambda p, i: attended(p["q"], p["k"], p["w"], i["m"] > 0, causal), vectors,
                {"m": masks.astype(float)}, absolute=1e-14)


def split(x, heads):
    return jnp.swapaxes(x.reshape(*x.shape[:2], heads, -1), 1, 2)


def mapped(p, name, x):
    y = x @ p[f"{name}.weight"]
    return y + p[f"{name}.bias"] if f"{name}.bias" in p else y


def heads_of(p, x, memory, heads, mask=None, causal=False, rotary=False):
    q, k, v = (
        split(mapped(p, n, a), heads) for n, a in (("query", x), ("key", memory), ("value", memory)))
    if rotary:
        q, k = turned(q), turned(k)
    y = attended(q, k, v, mask, causal)
    return mapped(p, "output", jnp.swapaxes(y, 1, 2).reshape(x.shape))


def maps(d, e, bias=True):
    p = {f"{n}.weight": drawn(e if n in ("key", "value") else d, d)
         for n in ("query", "key", "value", "output")}
    return {**p, **({f"{n[:-6]}bias": drawn(d) for n in list(p)} if bias else {})}


for shape, heads, causal, rotary, bias in (
    ((2, 3, 4), 2, False, False, True), ((1, 5, 6), 3, True, False, False),
    ((2, 4, 8), 2, True, True, True),
):
    layer(
        "self_attention",
        f"self_attention({heads}, causal: {str(causal).lower()}, rotary: {str(rotary).lower()}, "
        f"bias: {str(bias).lower()})",
        lambda p, v, i: heads_of(p, v["x"], v["x"], heads, None, causal, rotary),
        maps(shape[-1], shape[-1], bias), {"x": drawn(*shape)})
exists = np.array([[1.0, 1, 1, 0], [1, 1, 0, 0]])
layer(
    "self_attention with a mask", "self_attention(2)",
    lambda p, v, i: heads_of(p, v["x"], v["x"], 2, i["m"][:, None, None] > 0), maps(4, 4),
    {"x": drawn(2, 4, 4)}, {"m": exists}, call="f(x, mask: m > 0)")
for shape, source, e, heads in (((2, 3, 4), 4, 4, 2), ((1, 2, 6), 3, 5, 3), ((2, 4, 2), 5, 3, 1)):
    layer(
        "cross_attention", f"cross_attention({heads})",
        lambda p, v, i: heads_of(p, v["x"], v["memory"], heads), maps(shape[-1], e),
        {"x": drawn(*shape), "memory": drawn(shape[0], source, e)}, call="f(x, memory)")

# Losses ------------------------------------------------------------------------------------------

scores = drawn(4, 3)
labels = np.array([2, 0, 1, 1])
own = lambda x, y: jnp.take_along_axis(x, y[..., None], -1)[..., 0]
held = np.array([[0.5, -1.0], [0.0, 2.0], [3.0, -0.2]])
for reduction in ("mean", "sum", "none"):
    end = f"reduction: {reduction})"
    gradient(
        f"multiclass_hinge {reduction}", f"multiclass_hinge(x, y, {end}",
        lambda p, i: reduce(
            jax.nn.relu(
                jnp.max(p["x"] + 1 - jax.nn.one_hot(i["y"], 3), -1) - own(p["x"], i["y"])),
            reduction),
        {"x": scores}, {"y": labels}, {"y": 3})
    for gamma in (2, 0.5):
        gradient(
            f"focal gamma {gamma} {reduction}", f"focal(x, y, gamma: {gamma}, {end}",
            lambda p, i: reduce(
                -((1 - jnp.exp(own(jax.nn.log_softmax(p["x"]), i["y"]))) ** gamma)
                * own(jax.nn.log_softmax(p["x"]), i["y"]), reduction),
            {"x": scores}, {"y": labels}, {"y": 3})
        for alpha in (None, 0.25):
            gradient(
                f"binary_focal gamma {gamma} alpha {alpha} {reduction}",
                f"binary_focal(x, y, gamma: {gamma}, {'' if alpha is None else 'alpha: 0.25, '}{end}",
                lambda p, i: reduce(
                    optax.sigmoid_focal_loss(p["x"], i["y"], alpha=alpha, gamma=gamma), reduction),
                {"x": held}, {"y": (held > -0.5).astype(int)}, {"y": 2})
    gradient(
        f"cosine_distance {reduction}", f"cosine_distance(x, y, {end}",
        lambda p, i: reduce(optax.cosine_distance(p["x"], p["y"]), reduction),
        {"x": drawn(4, 3), "y": drawn(4, 3)}, absolute=1e-15)
    for symmetric in (False, True):

        def partners(p, i):
            a, b = (v / jnp.linalg.norm(v, axis=-1, keepdims=True) for v in (p["x"], p["y"]))
            fit = a @ b.T / 0.2
            each = -jnp.diag(jax.nn.log_softmax(fit, 1))
            back = -jnp.diag(jax.nn.log_softmax(fit, 0))
            return reduce((each + back) / 2 if symmetric else each, reduction)

        gradient(
            f"contrastive symmetric {symmetric} {reduction}",
            f"contrastive(x, y, temperature: 0.2, symmetric: {str(symmetric).lower()}, {end}",
            partners, {"x": drawn(4, 3), "y": drawn(4, 3)}, absolute=1e-13)
    for squared in (False, True):

        def apart(p, i):
            near, far = ((p["x"] - p[n]) ** 2 for n in "yz")
            root = (lambda s: s) if squared else jnp.sqrt
            gap = root(jnp.sum(near, -1)) - root(jnp.sum(far, -1))
            return reduce(jax.nn.relu(0.5 + gap), reduction)

        gradient(
            f"triplet squared {squared} {reduction}",
            f"triplet(x, y, z, margin: 0.5, squared: {str(squared).lower()}, {end}", apart,
            {"x": drawn(4, 3), "y": drawn(4, 3), "z": drawn(4, 3)}, absolute=1e-15)
    gradient(
        f"poisson_nll {reduction}", f"poisson_nll(x, y, {end}",
        lambda p, i: reduce(jnp.exp(p["x"]) - i["y"] * p["x"], reduction), {"x": held},
        {"y": np.array([[0.0, 3], [1, 7], [20, 2]])})
    gradient(
        f"gaussian_nll {reduction}", f"gaussian_nll(x, y, z, {end}",
        lambda p, i: reduce(
            -jax.scipy.stats.norm.logpdf(p["y"], p["x"], jnp.exp(p["z"] / 2)), reduction),
        {"x": held, "y": drawn(3, 2), "z": drawn(3, 2)})

# Update rules and schedules ----------------------------------------------------------------------

matrices = reference.matrices
steps("adadelta()", optax.adadelta(1.0))
steps("adadelta(lr: 0.5, decay: 0.8, eps: 1e-3)", optax.adadelta(0.5, rho=0.8, eps=1e-3))
steps("adamax()", optax.adamax(2e-3))
steps("adamax(lr: 0.1, beta1: 0.8, beta2: 0.7)", optax.adamax(0.1, b1=0.8, b2=0.7))
steps("nadam()", optax.nadam(2e-3))
steps("nadam(lr: 0.1, beta1: 0.8, beta2: 0.7)", optax.nadam(0.1, b1=0.8, b2=0.7))
steps("lamb()", optax.lamb(1e-3))
steps("lamb(lr: 0.1, decay: 0.2)", optax.lamb(0.1, weight_decay=0.2, mask=matrices))
steps("lamb(lr: 0.1, decay: 0.2, decay_all: true)", optax.lamb(0.1, weight_decay=0.2))


def averaged(text, transform, decay):
    steps(text, transform)
    # The average starts from the parameters' initial values, which are zeros in the program.
    mean = {n: np.zeros(a.shape) for n, a in reference.start.items()}
    for after in cases[-1]["expected"]:
        for n in list(mean):
            value = np.array(after[n]["data"]).reshape(after[n]["shape"])
            mean[n] = decay * mean[n] + (1 - decay) * value
            after[f"{n}.ema.average"] = reference.tensor(mean[n])


averaged("adam(lr: 0.1) |> ema(decay: 0.5)", optax.adam(0.1), 0.5)
averaged("sgd(lr: 0.1) |> ema()", optax.sgd(0.1), 0.999)

schedule("one_cycle(0.5, steps: 10)", optax.cosine_onecycle_schedule(10, 0.5))
schedule(
    "one_cycle(0.5, steps: 12, rise: 0.5, start: 10, end: 100)",
    optax.cosine_onecycle_schedule(12, 0.5, 0.5, 10, 100))


def restarting(initial, lengths, floor=0.0):
    return optax.join_schedules(
        [optax.cosine_decay_schedule(initial, n, floor / initial) for n in lengths],
        list(np.cumsum(lengths)[:-1]))


schedule("warm_restarts(0.5, period: 4)", restarting(0.5, [4, 4, 4, 4]))
schedule(
    "warm_restarts(0.5, period: 2, growth: 2, floor: 0.1)", restarting(0.5, [2, 4, 8, 16], 0.1))

# Metrics -----------------------------------------------------------------------------------------


def table(x, y):
    result = np.zeros((4, 4))
    for said, real in zip(np.argmax(x, 1), y):
        result[real, said] += 1
    return result


def over(a, b):
    return np.where(b == 0, 0, a / np.where(b == 0, 1, b))


for label, y, kind in (
    ("", np.array([1, 1, 3, 0, 1, 3, 3, 1]), "class(4)"),
    (" with ignored labels", np.array([1, 255, 3, 0, 1, 255, 3, 1]), "class(4, ignore: 255)"),
):
    batches = reference.metric_batches(y)
    for text, f in (
        ("confusion(x, y)", table),
        ("precision_by_class(x, y)", lambda x, y: over(np.diag(table(x, y)), table(x, y).sum(0))),
        ("recall_by_class(x, y)", lambda x, y: over(np.diag(table(x, y)), table(x, y).sum(1))),
        ("f1_by_class(x, y)", lambda x, y: over(
            2 * np.diag(table(x, y)), table(x, y).sum(0) + table(x, y).sum(1))),
        ("mean(f1_by_class(x, y))", lambda x, y: np.mean(over(
            2 * np.diag(table(x, y)), table(x, y).sum(0) + table(x, y).sum(1)))),
    ):
        metric(text + label, text, reference.kept(f), batches, {"y": kind})


def area(x, y):
    bins = np.minimum(np.floor(4096 / (1 + np.exp(-x))), 4095)
    a, b = bins[y == 1][:, None], bins[y == 0][None]
    return np.mean((a > b) + 0.5 * (a == b))


x = np.round(rng.normal(size=40) * 2, 1)
y = (rng.uniform(size=40) < 1 / (1 + np.exp(-x))).astype(int)
both = [{"x": x[:25], "y": y[:25]}, {"x": x[25:], "y": y[25:]}]
metric("auc", "auc(x, y)", area, both, {"y": "class(2)"})
one = [{"x": x[:3], "y": np.ones(3, int)}, {"x": x[3:5], "y": np.ones(2, int)}]
metric("auc of one kind", "auc(x, y)", lambda x, y: 0.0, one, {"y": "class(2)"})

names = [case["name"] for case in cases]
assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "sequence_reference.json"), "w") as out:
    out.write('{"made_by": ' + json.dumps(reference.made_by) + ',\n"cases": [\n')
    out.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
    out.write("\n]}\n")
print(len(cases), "cases")
