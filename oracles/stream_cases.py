"""What the libraries give for the cases of the stream vectors: one function for each file of them.

Used by streams.py. Each library is imported only where it is needed.
"""

import os
import struct

import numpy as np


def backend():
    """The back end of Keras, once for each process."""
    return os.environ.get("KERAS_BACKEND", "tensorflow")


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
        layer = linen.Dropout(p, tuple(broadcast))
        return layer.apply({}, x, deterministic=False, rngs={"dropout": key}) if count == 1 else None

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
