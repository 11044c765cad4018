"""Values of the rest of the family from PyTorch and mpmath: writes packages/hadamask/test/vectors/family.json.

Run from the root of the repository:

    python3 -m venv /some/where/else && /some/where/else/bin/pip install torch==2.13.0 mpmath
    /some/where/else/bin/python oracles/family_torch.py

PyTorch's masks are read off its outputs, so that the same decisions can be given to the library; gradients are
autograd's, in float64. The seed rates of DropBlock are roots with 50 digits of the polynomial that says what share of
the map is kept.
"""

import json
import pathlib

import mpmath as mp
import torch
import torch.nn.functional as F

mp.mp.dps = 50
OUT = pathlib.Path(__file__).parent.parent / "packages/hadamask/test/vectors/family.json"


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def alpha(shape, rate, seed, feature, dtype):
    """One call of (feature) alpha dropout in training, with its gradient for dy = 1, 2, 3, …"""
    torch.manual_seed(seed)
    x = torch.randn(shape, dtype=dtype, requires_grad=True)
    y = (F.feature_alpha_dropout if feature else F.alpha_dropout)(x, rate, True)
    dy = torch.arange(1, x.numel() + 1, dtype=dtype).reshape(shape)
    y.backward(dy)
    kept = (x.grad != 0).int()
    mask = kept.flatten(2)[:, :, 0] if feature else kept
    name = str(dtype).split(".")[1]
    return {
        "feature": feature, "dtype": name, "shape": list(shape), "rate": rate,
        "x": flat(x), "mask": flat(mask), "y": flat(y), "dx": flat(x.grad),
    }


def attention(seed, hidden):
    """Softmax, then a given mask, then the values; with gradients. PyTorch's own attention agrees at rate 0."""
    torch.manual_seed(seed)
    shape = dict(batch=2, heads=2, queries=3, keys=4, width=2, valueWidth=3)
    b, h, t, s, d, e = shape.values()
    q, k, v = (torch.randn(b, h, n, w, dtype=torch.float64, requires_grad=True) for n, w in ((t, d), (s, d), (s, e)))
    bias = torch.zeros(t, s, dtype=torch.float64)
    if hidden:
        bias = bias.masked_fill(torch.ones(t, s).triu(2).bool(), float("-inf"))
    rate = 0.4
    mask = (torch.rand(b, h, t, s) < 1 - rate).double()
    weights = torch.softmax(q @ k.transpose(-2, -1) / d**0.5 + bias, -1)
    torch.testing.assert_close(weights @ v, F.scaled_dot_product_attention(q, k, v, attn_mask=bias))
    output = (weights * mask / (1 - rate)) @ v
    d_output = torch.randn_like(output)
    output.backward(d_output)
    return {
        "shape": shape, "rate": rate,
        "bias": [None if value == float("-inf") else value for value in flat(bias)], "mask": flat(mask.int()),
        "q": flat(q), "k": flat(k), "v": flat(v),
        "weights": flat(weights), "output": flat(output), "dOutput": flat(d_output),
        "dq": flat(q.grad), "dk": flat(k.grad), "dv": flat(v.grad),
    }


def r_drop(seed, weight, padding):
    torch.manual_seed(seed)
    first, second = (2 * torch.randn(5, 4, dtype=torch.float64) for _ in range(2))
    first.requires_grad_()
    second.requires_grad_()
    labels = torch.tensor([0, 3, 1, 2, 2])
    counts = torch.ones(5, dtype=torch.bool)
    if padding is not None:
        labels[1] = labels[4] = padding
        counts = labels != padding
    p, q = F.log_softmax(first[counts], -1), F.log_softmax(second[counts], -1)
    nll = F.nll_loss(p, labels[counts]) + F.nll_loss(q, labels[counts])
    options = {"reduction": "batchmean", "log_target": True}
    both = F.kl_div(q, p, **options) + F.kl_div(p, q, **options)
    loss = nll + weight * both / 2
    loss.backward()
    return {
        "weight": weight, "padding": padding, "first": flat(first), "second": flat(second), "labels": labels.tolist(),
        "loss": loss.item(), "nll": nll.item(), "divergence": both.item() / 2,
        "dFirst": flat(first.grad), "dSecond": flat(second.grad),
    }


def covers(length, block, blocks):
    starts = range(0, length - block + 1) if blocks == "inside" else range(1 - block, length)
    return [sum(1 for s in starts if s <= i < s + block) for i in range(length)]


def seed_rate(map_, block, blocks, rate):
    """The gamma at which, on average, `rate` of the map is covered: found by bisection on the exact expectation."""
    counts = [1]
    for length, size in zip(map_, block):
        counts = [a * c for a in counts for c in covers(length, min(size, length), blocks)]
    keep = 1 - mp.mpf(rate)
    low, high = mp.mpf(0), mp.mpf(1)
    for _ in range(170):
        middle = (low + high) / 2
        share = mp.fsum((1 - middle) ** c for c in counts) / len(counts)
        low, high = (middle, high) if share > keep else (low, middle)
    rates = [1 - (1 - low) ** c for c in counts]
    return {
        "map": map_, "blockSize": block, "blocks": blocks, "rate": rate,
        "seedRate": float(low), "first": float(rates[0]), "middle": float(rates[len(rates) // 2]),
    }


cases = {
    "source": "PyTorch (alpha dropout; autograd of attention and R-Drop) and mpmath (DropBlock)",
    "version": f"torch {torch.__version__}, mpmath {mp.__version__}",
    "command": "python oracles/family_torch.py",
    "alpha": [
        alpha((4, 5), 0.3, 1, False, torch.float64),
        alpha((3, 7), 0.8, 2, False, torch.float32),
        alpha((2, 3, 2, 2), 0.5, 3, True, torch.float64),
    ],
    "attention": [attention(4, False), attention(5, True)],
    "rDrop": [r_drop(6, 0.7, None), r_drop(7, 3.0, -1)],
    "dropBlock": [
        seed_rate(map_, block, blocks, rate)
        for map_, block in (
            ([3, 3], [2, 2]), ([14, 14], [7, 7]), ([7, 7], [7, 7]),
            ([7, 5], [4, 2]), ([4, 6, 5], [2, 3, 2]), ([5, 5], [9, 1]),
        )
        for blocks in ("inside", "cut")
        for rate in (1e-9, 0.1, 0.5, 0.9, 1 - 1e-9)
    ],
}
OUT.write_text(json.dumps(cases, indent=1, allow_nan=False) + "\n")
print(f"{OUT}: {OUT.stat().st_size} bytes")
