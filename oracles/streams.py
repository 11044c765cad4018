"""Checks the vectors of foreign streams against the real libraries, and makes new ones with other seeds.

    pip install numpy torch jax flax tensorflow-cpu keras
    python oracles/streams.py check                 # recompute packages/hadamask/test/vectors/streams/*.json, report differences
    python oracles/streams.py fresh DIR [SEED]      # new seeds, shapes and rates, in the same form, into DIR
    python oracles/streams.py layers FILE           # outputs and gradients of the dropout layers, infinities and NaN included
    python oracles/streams.py calls FILE            # sequences of calls that the other files do not have: randn, uniform_, op seeds
    HADAMASK_VECTORS=DIR npx vitest run packages/hadamask/test/vectors/numpy-stream.test.ts   # and torch-, jax-, tensorflow-stream

Made with the versions that each file names. Not part of `npm test`. What no library here can recompute is left alone: the
CUDA and MKL files (their `status` says where they come from), TensorFlow.js (compared live in `npm test`), and the
one case that needs PyTorch 2.4 or older.
"""

import json
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
import numpy as np  # noqa: E402

VECTORS = Path(__file__).resolve().parent.parent / "packages/hadamask/test/vectors/streams"


# --------------------------------------------------------------------------- the form of the files
def mask_hex(keep):
    return np.packbits(np.asarray(keep, bool).ravel(), bitorder="little").tobytes().hex()


def bits_hex(values):
    values = np.asarray(values).ravel()
    form = ">f" if values.dtype == np.float32 else ">d"
    return [struct.pack(form, v).hex() for v in values]


def ramp(n, dtype):
    return ((np.arange(n) * 37 % 101 - 50) / 16).astype(dtype)


def kept_value(y):
    y = np.asarray(y).ravel()
    kept = y[y != 0]
    return bits_hex(kept[:1])[0] if len(kept) else None


def seed_of(text):
    return [int(s) for s in text] if isinstance(text, list) else int(text)


DTYPES = {"f32": np.float32, "f64": np.float64}


# --------------------------------------------------------------------------- one function a file: a case to its expectations
def numpy_legacy(case):
    np.random.seed(seed_of(case["seed"]))
    for op in case["ops"]:
        if op["op"] == "rand":
            u = np.random.rand(*op["shape"])
            yield {"mask": mask_hex(u < op["keep"]), "first": bits_hex(u)[:3]}
        else:
            yield {"mask": mask_hex(np.random.binomial(1, op["keep"], op["shape"]))}


def numpy_generator(case):
    rng = np.random.Generator(getattr(np.random, case["bitgen"])(seed_of(case["seed"])))
    for op in case["ops"]:
        u = rng.random(op["shape"], DTYPES[op["dtype"]])
        yield {"mask": mask_hex(u < op["keep"]), "first": bits_hex(u)[:3]}


def torch_cpu(case):
    import torch
    import torch.nn.functional as F

    types = {"f32": torch.float32, "f64": torch.float64, "bf16": torch.bfloat16}
    torch.manual_seed(seed_of(case["seed"]))
    for op in case["ops"]:
        kind, p, shape = op["op"], op.get("p"), op.get("shape")
        dtype = types[op.get("dtype", "f32")]
        if kind == "noop":
            F.dropout(torch.ones(5), 0.0), F.dropout(torch.ones(5), 1.0), F.dropout(torch.ones(0), 0.5)
            yield None
        elif kind == "rand":
            yield {"first": bits_hex(torch.rand(shape, dtype=dtype).numpy())[:3]}
        elif kind == "dropout":
            y = F.dropout(torch.ones(shape, dtype=dtype), p)
            expect = {"mask": mask_hex((y != 0).numpy())}
            if "kept_value" in op.get("expect", {}) or ("expect" not in op and op.get("dtype") != "bf16"):
                expect["kept_value"] = kept_value(y.numpy())
            yield expect
        elif kind == "bernoulli_tensor":
            yield {"mask": mask_hex((torch.bernoulli(torch.full(shape, p, dtype=dtype)) != 0).numpy())}
        elif kind == "bernoulli_scalar":
            yield {"mask": mask_hex((torch.empty(shape, dtype=dtype).bernoulli_(p) != 0).numpy())}
        elif kind in ("dropout1d", "dropout2d", "dropout3d"):
            yield {"mask": mask_hex((getattr(F, kind)(torch.ones(shape), p) != 0).numpy())}
        elif kind == "dropout_values":
            x = torch.tensor(ramp(int(np.prod(shape)), DTYPES[op["dtype"]]))
            yield {"y": bits_hex(F.dropout(x, p).numpy())}
        elif kind == "alpha_dropout":
            x = torch.tensor(ramp(int(np.prod(shape)), DTYPES[op["dtype"]]))
            yield {"y": bits_hex(F.alpha_dropout(x, p, training=True).numpy())}
        elif kind == "dropout_channels_last":
            x = torch.ones(shape).to(memory_format=torch.channels_last)
            yield {"mask": mask_hex((F.dropout(x, p) != 0).contiguous().numpy())}


def jax_random(case):
    import jax

    jax.config.update("jax_enable_x64", case["x64"])
    jax.config.update("jax_threefry_partitionable", case["partitionable"])
    digits = lambda words: "".join("%08x" % int(w) for w in np.asarray(words).ravel())
    keys = lambda ks: [digits(jax.random.key_data(k)) for k in ks]
    key = jax.random.key(seed_of(case["seed"]))
    for op in case["ops"]:
        kind = op["op"]
        if kind == "key":
            yield {"key": keys([key])[0]}
        elif kind == "split":
            parts = jax.random.split(key, op["n"])
            yield {"keys": keys(parts)}
            key = parts[op["take"]] if "take" in op else key
        elif kind == "fold_in":
            folded = jax.random.fold_in(key, op["data"])
            yield {"key": keys([folded])[0]}
            key = folded if "take" in op else key
        elif kind == "bits":
            words = [int(w) for w in np.asarray(jax.random.bits(key, op["shape"], f"uint{op['width']}")).ravel()]
            exclusive = 0
            for w in words:
                exclusive ^= w
            first = ["%0*x" % (op["width"] // 4, w) for w in words]
            count = len(op["expect"]["first"]) if "expect" in op else 6
            yield {"first": first[:count], "xor": "%x" % exclusive, "sum": str(sum(words))}
        elif kind == "uniform":
            yield {"first": bits_hex(jax.random.uniform(key, op["shape"], DTYPES[op["dtype"]]))[:3]}
        elif kind == "bernoulli":
            yield {"mask": mask_hex(jax.random.bernoulli(key, op["p"], op["shape"]))}


def flax(case):
    import jax
    import jax.numpy as jnp
    from flax import nnx

    jax.config.update("jax_enable_x64", False)  # the file for JAX sets both
    jax.config.update("jax_threefry_partitionable", True)
    seed = seed_of(case["seed"])
    for op in case["ops"]:
        x, p, kind = jnp.ones(op["shape"]), op["p"], op["op"]
        if kind == "linen":
            y = linen_dropout(op["path"], p, op.get("broadcast", ()), op["count"], x, jax.random.key(seed))
        elif kind == "eqx":  # the two expressions of equinox/nn/_dropout.py
            q = 1 - jax.lax.stop_gradient(jnp.asarray(p, jnp.float32))
            y = jnp.where(jax.random.bernoulli(jax.random.key(seed), q, x.shape), x / q, 0)
        elif kind == "nnx":
            rngs = nnx.Rngs(seed)
            layer = [nnx.Dropout(p, rngs=rngs) for _ in range(op["index"] + 1)][-1]
            y = [layer(x if i == op["call"] else x[:1]) for i in range(op["call"] + 1)][-1]
        else:
            layer, rngs = nnx.Dropout(p), nnx.Rngs(seed)
            y = [layer(x, rngs=rngs) for _ in range(op["call"] + 1)][-1]
        yield {"mask": mask_hex(np.asarray(y) != 0)}


def linen_dropout(path, p, broadcast, count, x, key):
    """A Dropout reached through modules named `path`, called `count` times in one apply; the last output."""
    from flax import linen

    def call(layer):
        return [layer(x, deterministic=False) for _ in range(count)][-1]

    if not path:
        return linen.Dropout(p, tuple(broadcast)).apply({}, x, deterministic=False, rngs={"dropout": key}) if count == 1 else None

    class Inner(linen.Module):
        rest: tuple

        @linen.compact
        def __call__(self):
            if len(self.rest) == 1:
                return call(linen.Dropout(p, tuple(broadcast), name=self.rest[0]))
            return Inner(self.rest[1:], name=self.rest[0])()

    return Inner(tuple(path)).apply({}, rngs={"dropout": key})


def tensorflow(case):
    import tensorflow as tf

    if "pair" not in case:
        tf.random.set_seed(seed_of(case["seed"]))
    for op in case["ops"]:
        x = tf.ones(op["shape"], DTYPES[op["dtype"]])
        if op["op"] == "dropout":
            yield {"mask": mask_hex(tf.nn.dropout(x, op["p"]).numpy() != 0)}
            continue
        pair = tf.constant([int(s) for s in case["pair"]], tf.int64)
        if op["op"] == "stateless_uniform":
            call = lambda: tf.random.stateless_uniform(op["shape"], pair, dtype=x.dtype)
        else:
            call = lambda: tf.nn.experimental.stateless_dropout(x, op["p"], pair)
        y = (tf.function(call, jit_compile=True) if op.get("xla") else call)().numpy()
        if op["op"] == "stateless_uniform":
            yield {"first": bits_hex(y)[:3]}
        else:
            yield {"mask": mask_hex(y != 0), "kept_value": kept_value(y)}


def keras(case):
    import keras as k

    layer = k.layers.Dropout(case["p"], noise_shape=case.get("noise_shape"), seed=seed_of(case["seed"]))
    for op in case["ops"]:
        y = layer(k.ops.ones(op["shape"], "float32"), training=True)
        yield {"mask": mask_hex(k.ops.convert_to_numpy(y) != 0)}


FILES = {
    "numpy-legacy": numpy_legacy,
    "numpy-generator": numpy_generator,
    "torch-cpu": torch_cpu,
    "jax": jax_random,
    "flax": flax,
    "tensorflow": tensorflow,
    "keras": keras,
}
BACKENDS = ("tensorflow", "jax", "torch", "numpy")


# --------------------------------------------------------------------------- check
def check(name):
    """Recomputes a file; for Keras the cases of this process's back end. Returns (expectations compared, differences)."""
    count = differences = 0
    for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
        if case.get("requires") == "torch<=2.4" or case.get("backend", backend()) != backend():
            continue
        for op, expect in zip(case["ops"], FILES[name](case)):
            count += 1
            if op.get("expect") != expect:
                differences += 1
                print(f"{name} {case['id']} {op['op']}: file {op.get('expect')}, now {expect}")
    return count, differences


def backend():
    return os.environ.get("KERAS_BACKEND", "tensorflow")


def for_each_backend(*arguments):
    """Keras takes its back end from the environment, once a process."""
    results = []
    for name in BACKENDS:
        command = [sys.executable, __file__, *arguments]
        run = subprocess.run(command, env={**os.environ, "KERAS_BACKEND": name}, stdout=subprocess.PIPE, check=True, text=True)
        results.append(run.stdout)
    return results


# --------------------------------------------------------------------------- fresh
RATES = (0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1 / 3, 2**-20, 1 - 2**-20, 0.123456789)


def renewed(case, chance):
    """The same calls with another seed, other sizes and other rates."""
    case = json.loads(json.dumps({k: v for k, v in case.items() if k not in ("note", "noise_shape")}))
    low, high = (0, 2**31 - 2) if "backend" in case else (0, 2**32 - 1)
    if "pair" in case:
        case["pair"] = [str(chance.randrange(-(2**63), 2**63)), str(chance.randrange(-(2**31), 2**31))]
    elif isinstance(case["seed"], list):
        case["seed"] = [str(chance.randint(low, high)) for _ in range(chance.randint(1, 700))]
    else:
        case["seed"] = str(chance.randint(low, high))
    if "p" in case:
        case["p"] = chance.choice(RATES)
    for op in case["ops"]:
        op.pop("expect", None)
        if "shape" in op and op["op"] not in ("dropout1d", "dropout2d", "dropout3d", "linen", "dropout_channels_last"):
            op["shape"] = [chance.choice((1, 2, 3, 7, 31, 32, 33, 255, 256, 257, 1023, 2048, 2049, 5000))]
        for name in ("p", "keep"):
            if name in op:
                op[name] = chance.choice(RATES)
    return case


def fresh(name, directory, seed):
    chance = random.Random(f"{seed} {name} {backend() if name == 'keras' else ''}")
    cases = []
    for old in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
        if "requires" in old or "noise_shape" in old or old.get("backend", backend()) != backend():
            continue
        case = renewed(old, chance)
        for op, expect in zip(case["ops"], FILES[name](case)):
            if expect is not None:
                op["expect"] = expect
        cases.append(case)
    return cases


# --------------------------------------------------------------------------- layers
def layer_inputs(dtype):
    rng = np.random.default_rng(2026)
    special = [np.inf, -np.inf, np.nan, 1.0, -1.0, 0.0, -0.0, np.finfo(dtype).max, np.finfo(dtype).tiny]
    return np.concatenate([np.array(special * 3, dtype), rng.standard_normal(30).astype(dtype)])


def layers():
    """Outputs y of x and gradients dx of dy = x reversed, for each layer, rate and element type."""
    import jax
    import jax.numpy as jnp
    import tensorflow as tf
    import torch

    for dtype in ("float32", "float64"):
        x = layer_inputs(np.dtype(dtype).type)
        dy = x[::-1].copy()
        for rate in (0.1, 0.3, 0.5, 0.6, 1 / 3, 0.9):
            torch.manual_seed(7)
            t = torch.tensor(x, requires_grad=True)
            y = torch.nn.functional.dropout(t, rate)
            y.backward(torch.tensor(dy))
            yield "torch", 7, dtype, rate, y.detach().numpy(), t.grad.numpy()
            tf.random.set_seed(7)
            with tf.GradientTape() as tape:
                v = tf.Variable(x)
                y = tf.nn.dropout(v, rate)
            yield "tensorflow", 7, dtype, rate, y.numpy(), tape.gradient(y, v, tf.constant(dy)).numpy()
            if dtype == "float64":
                continue
            linen = lambda a: linen_dropout(["Dropout_0"], rate, (), 1, a, jax.random.key(7))
            yield "flax-linen", 7, dtype, rate, *jitted(linen, x, dy)
            q = 1 - jax.lax.stop_gradient(jnp.asarray(rate, jnp.float32))
            drop = lambda a: jnp.where(jax.random.bernoulli(jax.random.key(7), q, a.shape), a / q, 0)
            yield "equinox", 7, dtype, rate, *jitted(drop, x, dy)


def jitted(function, x, dy):
    """Output and gradient in one compiled function, as a training step has them. Outside jit, jax.vjp divides in the forward pass."""
    import jax

    def both(x, dy):
        y, back = jax.vjp(function, x)
        return y, back(dy)[0]

    return tuple(np.asarray(a) for a in jax.jit(both)(x, dy))


def keras_layers():
    import keras as k

    x = layer_inputs(np.float32)
    for rate in (0.0, 0.1, 0.3, 0.5, 0.6, 1 / 3, 0.9, 1.0):
        y = k.layers.Dropout(rate, seed=7)(k.ops.convert_to_tensor(x), training=True)
        yield f"keras-{backend()}", 7, "float32", rate, k.ops.convert_to_numpy(y), None


# --------------------------------------------------------------------------- calls
def torch_calls(seed, calls):
    """What each call gives: hex of its values, or of the mask of ones that it drops."""
    import torch
    import torch.nn.functional as F

    torch.manual_seed(seed)
    types = {"float32": torch.float32, "float64": torch.float64}
    for name, *arguments in calls:
        if name in ("rand", "randn"):
            n, dtype = arguments
            yield {"values": bits_hex(getattr(torch, name)(n, dtype=types[dtype]).numpy())}
        elif name == "uniform":
            n, low, high = arguments
            yield {"values": bits_hex(torch.empty(n).uniform_(low, high).numpy())}
        elif name == "dropout":
            n, rate = arguments
            yield {"mask": mask_hex((F.dropout(torch.ones(n), rate) != 0).numpy())}
        elif name == "feature_alpha_dropout":
            shape, rate = arguments
            x = torch.tensor(ramp(int(np.prod(shape)), np.float32)).view(shape)
            yield {"values": bits_hex(F.feature_alpha_dropout(x, rate, training=True).numpy())}
        elif name == "words":  # how many words a call takes from a new seed, and what is drawn after it
            torch.manual_seed(seed)
            eval(arguments[0], {"torch": torch, "nn": torch.nn, "F": F})
            after = torch.rand(4)
            torch.manual_seed(seed)
            drawn = torch.rand(5000).unfold(0, 4, 1)
            yield {"words": int((drawn == after).all(1).nonzero()[0]), "next": bits_hex(after.numpy())}


def tensorflow_calls(seed, calls):
    import tensorflow as tf

    tf.random.set_seed(seed)
    for n, rate, operation_seed in calls:
        y = tf.nn.dropout(tf.ones(n), rate, seed=operation_seed)
        yield {"mask": mask_hex(y.numpy() != 0)}


TORCH_CALLS = {
    42: [("randn", 10, "float32"), ("rand", 10, "float32")],
    7: [
        ("randn", 3, "float32"),
        ("rand", 2, "float32"),
        ("randn", 1, "float32"),  # the normal number left over from the first call
        ("randn", 1, "float64"),
        ("dropout", 33, 0.3),
        ("randn", 2, "float64"),
        ("randn", 15, "float32"),
        ("dropout", 7, 0.5),
        ("randn", 40, "float32"),
        ("dropout", 7, 0.5),
        ("randn", 17, "float64"),
        ("dropout", 7, 0.5),
    ],
    8: [("uniform", 50, -0.37, 1.23), ("uniform", 3, 0.0, 1e-3), ("dropout", 40, 0.5)],
    9: [("feature_alpha_dropout", [3, 4, 5], 0.3), ("feature_alpha_dropout", [2, 5], 0.5), ("dropout", 40, 0.5)],
    10: [
        ("words", call)
        for call in (
            "torch.rand(5)",
            "torch.rand(5, dtype=torch.float64)",
            "torch.randn(1)",
            "torch.randn(15)",
            "torch.randn(16)",
            "torch.randn(17)",
            "torch.randn(17, dtype=torch.float64)",
            "torch.randint(10, (6,))",
            "torch.randperm(9)",
            "nn.Linear(12, 16)",
            "nn.Conv2d(3, 4, 5)",
            "nn.LayerNorm(8)",
            "F.dropout(torch.ones(7), 0.5)",
            "F.dropout(torch.ones(7), 0.0)",
            "F.dropout2d(torch.ones(2, 3, 4, 4), 0.5)",
            "list(torch.utils.data.DataLoader(range(4)))",
            "list(torch.utils.data.DataLoader(range(4), shuffle=True))",
        )
    ],
}
TENSORFLOW_CALLS = {
    5: [(40, 0.5, 7), (33, 0.25, 7), (1, 0.5, 7), (40, 0.5, 7)],
    0: [(40, 0.5, 0), (40, 0.5, 0)],
    9: [(4, 0.0, None), (40, 0.5, None), (40, 0.5, None)],
    2**40 + 3: [(40, 0.5, -9), (40, 0.5, -9)],
}


def call_rows():
    for stream, function, table in (("torch", torch_calls, TORCH_CALLS), ("tensorflow", tensorflow_calls, TENSORFLOW_CALLS)):
        for seed, calls in table.items():
            made = zip(calls, function(seed, calls))
            yield {"stream": stream, "seed": str(seed), "calls": [{"call": call, **expect} for call, expect in made]}


def as_rows(outputs):
    for stream, seed, dtype, rate, y, dx in outputs:
        row = {"stream": stream, "seed": seed, "dtype": dtype, "rate": rate, "y": bits_hex(y)}
        yield {**row, "dx": bits_hex(dx)} if dx is not None else row


def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "torch", "jax", "flax", "tensorflow-cpu", "keras")}


def one_line_each(header, name, rows):
    """JSON with one row a line, so that a change shows in a diff."""
    head = ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in header.items())
    body = ",\n  ".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{{\n {head},\n {json.dumps(name)}: [\n  {body}\n ]\n}}\n'


def main(command, *arguments):
    if command == "check":
        total = bad = 0
        for name in [n for n in FILES if n != "keras"]:
            count, differences = check(name)
            print(f"{name}: {count} expectations, {differences} differ")
            total, bad = total + count, bad + differences
        for output in for_each_backend("check-keras"):
            print(output, end="")
            bad += int(output.split(",")[-1].split()[0])
        return 1 if bad else 0
    if command == "check-keras":
        count, differences = check("keras")
        print(f"keras {backend()}: {count} expectations, {differences} differ")
    elif command == "fresh":
        directory, seed = Path(arguments[0]), (arguments[1:] or ("1",))[0]
        directory.mkdir(parents=True, exist_ok=True)
        for name in [n for n in FILES if n != "keras"]:
            (directory / f"{name}.json").write_text(json.dumps({"cases": fresh(name, directory, seed)}))
        cases = [c for text in for_each_backend("fresh-keras", str(directory), seed) for c in json.loads(text)]
        (directory / "keras.json").write_text(json.dumps({"cases": cases}))
        print(f"new vectors in {directory}")
    elif command == "fresh-keras":
        print(json.dumps(fresh("keras", *arguments)))
    elif command == "layers":
        rows = list(as_rows(layers()))
        rows += [row for text in for_each_backend("layers-keras") for row in json.loads(text)]
        header = {
            "call": "the layer on x in training; dx is its gradient for dy = x reversed; JAX under jit",
            "made by": "python oracles/streams.py layers FILE",
            "versions": versions(),
            "x": {t: bits_hex(layer_inputs(np.dtype(t).type)) for t in ("float32", "float64")},
        }
        Path(arguments[0]).write_text(one_line_each(header, "rows", rows))
    elif command == "calls":
        header = {"made by": "python oracles/streams.py calls FILE", "versions": versions()}
        Path(arguments[0]).write_text(one_line_each(header, "rows", list(call_rows())))
    elif command == "layers-keras":
        print(json.dumps(list(as_rows(keras_layers()))))
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
