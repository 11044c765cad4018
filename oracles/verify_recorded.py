"""Outputs of the real libraries that `hadamask verify` holds its rows against.

    pip install torch==2.13.0 keras jax tensorflow-cpu && python oracles/verify_recorded.py

prints the numbers of packages/cli/src/verify/recorded.ts. What a library cannot do is recorded as its error.
"""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import jax
import jax.numpy as jnp
import keras
import torch
from torch import nn
import torch.nn.functional as F


class MyDropout(nn.Module):
    """The hand-written layer of source 001, section 9, as it stands there."""

    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            self.mask = (torch.rand_like(x) > self.p).float()
            return x * self.mask / (1 - self.p)
        return x


def plain(t):
    """Numbers as JSON has them: NaN and infinities as strings."""
    values = map(float, t.detach().flatten().tolist() if hasattr(t, "detach") else t)
    return [v if abs(v) < float("inf") else str(v) for v in values]


def outcome(run):
    try:
        return run()
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]


def hand_written():
    torch.manual_seed(42)
    layer = MyDropout(0.5).train()
    x = torch.tensor([2.0, 4.0, 6.0, 8.0], requires_grad=True)
    y = layer(x)
    y.sum().backward()
    return {"mask": plain(layer.mask), "train": plain(y), "gradient": plain(x.grad), "eval": plain(layer.eval()(x))}


def ends_of_the_range():
    x = torch.tensor([2.0, 3.0, float("inf")])
    torch.manual_seed(0)
    one = MyDropout(1.0)(torch.tensor([2.0, 3.0]))
    torch.manual_seed(42)
    infinite = MyDropout(0.5)(x)
    return {"rateOne": plain(one), "droppedInfinity": plain(infinite), "input": plain(x)}


def eval_of_torch():
    layer = nn.Dropout(0.6).eval()
    return plain(layer(torch.ones(10)))


def kept_factors():
    """Every value that a library's dropout at rate 0.5 makes of 100 ones, without 0."""
    ones = torch.ones(100)
    torch.manual_seed(1)
    found = {"torch 2.13 F.dropout": F.dropout(ones, 0.5)}
    found["keras 3 Dropout"] = keras.layers.Dropout(0.5, seed=1)(keras.ops.ones(100), training=True)
    found["torch nn.Dropout2d"] = nn.Dropout2d(0.5)(torch.ones(100, 1, 1, 1))
    return {name: sorted({float(v) for v in values.flatten().tolist()} - {0.0}) for name, values in found.items()}


def keras_at_one():
    x = keras.ops.array([[1.0, -2.0]])
    alpha = lambda: plain(keras.layers.AlphaDropout(1.0)(x, training=True).flatten().tolist())
    gaussian = lambda: plain(keras.layers.GaussianDropout(1.0)(x, training=True).flatten().tolist())
    return {"version": keras.__version__, "AlphaDropout": outcome(alpha), "GaussianDropout": outcome(gaussian)}


def where_at_one():
    """The formula of equinox.nn.Dropout (_dropout.py): where(mask, x / q, 0) with q = 1 - p, at p = 1."""
    mask = jnp.zeros(1, bool)
    f = lambda x, q: jnp.where(mask, x / q, 0).sum()
    value, gradient = jax.value_and_grad(f)(jnp.array([3.0]), 0.0)
    return {"value": plain([value]), "gradient": plain(gradient.tolist())}


print(
    json.dumps(
        {
            "made": "python oracles/verify_recorded.py",
            "versions": {"torch": torch.__version__, "keras": keras.__version__, "jax": jax.__version__},
            "handWritten": hand_written(),
            "endsOfTheRange": ends_of_the_range(),
            "evalOfTorch": eval_of_torch(),
            "keptFactors": kept_factors(),
            "kerasAtOne": keras_at_one(),
            "whereAtOne": where_at_one(),
        },
        indent=2,
    )
)
