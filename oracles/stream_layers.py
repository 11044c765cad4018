"""What the libraries' dropout layers give, special values included, and their streams in sequences of calls.

Used by streams.py.
"""

import numpy as np
from stream_cases import backend, bits_hex, linen_dropout, mask_hex, ramp


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
    """Output and gradient in one compiled function, as a training step has them.

    Outside jit, jax.vjp divides in the forward pass.
    """
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


def as_rows(outputs):
    for stream, seed, dtype, rate, y, dx in outputs:
        row = {"stream": stream, "seed": seed, "dtype": dtype, "rate": rate, "y": bits_hex(y)}
        yield {**row, "dx": bits_hex(dx)} if dx is not None else row


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
    tables = ("torch", torch_calls, TORCH_CALLS), ("tensorflow", tensorflow_calls, TENSORFLOW_CALLS)
    for stream, function, table in tables:
        for seed, calls in table.items():
            made = zip(calls, function(seed, calls))
            yield {"stream": stream, "seed": str(seed), "calls": [{"call": call, **expect} for call, expect in made]}
