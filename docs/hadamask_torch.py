"""Dropout in PyTorch with the masks of hadamask: one file to copy beside a model.

    from hadamask_torch import HadamaskDropout
    drop = HadamaskDropout(rate=0.5, seed=42)        # in place of nn.Dropout(0.5)

Training step t of a layer draws what `new Dropout({ rate: 0.5, key: key(42) })` of the TypeScript library draws in step
t, on the CPU and on any other device: train here, continue, check or serve there, or the other way round. Give each
layer its own key.

The layer's counters travel in its state_dict. `drop.state()` is the JSON that `Dropout.fromState` reads, and
`load_state` reads it back. Masks follow mask stream 1 (docs/stream.md). Needs PyTorch 1.13 or later.
"""

import math

import torch
from torch import nn

PARITY = 0x1BD11BDA
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
TAG_STEP, TAG_PASS = 1, 3
PLANES = 53
WORD = 0xFFFFFFFF


def block(key, hi, lo):
    """Threefry-2x32, 20 rounds. Counters are whole numbers or int64 tensors; sums are cut to 32 bits."""
    schedule = (key[0], key[1], key[0] ^ key[1] ^ PARITY)
    x0 = (hi + schedule[0]) & WORD
    x1 = (lo + schedule[1]) & WORD
    for r in range(20):
        x0 = (x0 + x1) & WORD
        distance = ROTATIONS[r % 8]
        x1 = ((x1 << distance | x1 >> (32 - distance)) & WORD) ^ x0
        if r % 4 == 3:
            s = r // 4 + 1
            x0 = (x0 + schedule[s % 3]) & WORD
            x1 = (x1 + schedule[(s + 1) % 3] + s) & WORD
    return x0, x1


def key_of(seed):
    """The key of a seed, 0 <= seed < 2^64."""
    return seed >> 32, seed & WORD


def derive(key, tag, number):
    """The key of training step or prediction pass `number`."""
    return block(key, 0x40000000 | tag << 22 | number >> 32, number & WORD)


def threshold_of(keep):
    """round(keep * 2^53), halves upwards. The product is exact in float64; adding 1/2 to it would not be."""
    scaled = keep * 2.0**PLANES
    return math.floor(scaled) + (scaled - math.floor(scaled) >= 0.5)


def keep_mask(n, key, keep, device=None):
    """Decisions of elements 0 … n - 1: a bool tensor, True is kept."""
    threshold = threshold_of(keep)
    if threshold in (0, 2**PLANES):
        return torch.full((n,), threshold > 0, device=device)
    blocks = torch.arange((n + 63) // 64, dtype=torch.int64, device=device)
    kept, undecided = torch.zeros(2, 2 * len(blocks), dtype=torch.int64, device=device)
    undecided += WORD
    for plane in range(PLANES):
        if threshold % 2 ** (PLANES - plane) == 0:
            break
        left = undecided.view(-1, 2).any(1).nonzero().squeeze(1)  # blocks of two words with something left to decide
        if len(left) == 0:
            break
        drawn = torch.stack(block(key, 0x80000000 | plane << 16, blocks[left]), 1)
        old = undecided.view(-1, 2)[left]
        if threshold >> (PLANES - 1 - plane) & 1:
            kept.view(-1, 2)[left] |= old & ~drawn
            undecided.view(-1, 2)[left] = old & drawn
        else:
            undecided.view(-1, 2)[left] = old & ~drawn
    bits = kept[:, None] >> torch.arange(32, device=device) & 1
    return bits.flatten()[:n].bool()


class HadamaskDropout(nn.Module):
    """Inverted dropout whose mask is a pure function of (key, step, position).

    rate      probability of dropping, 0 <= rate <= 1
    seed      seed of the key; or pass key, a pair of 32-bit words
    sampling  set to True to draw masks in eval mode too (Monte-Carlo dropout), from keys of their own

    A dropped element becomes +0, NaN and infinities included; a kept one is multiplied by 1 / (1 - rate), computed in
    float64 and rounded once to the element type, as in the TypeScript library.
    """

    def __init__(self, rate=0.5, seed=None, key=None):
        super().__init__()
        if not 0 <= rate <= 1:
            raise ValueError(f"HadamaskDropout: rate must be in [0, 1], got {rate}")
        if (seed is None) == (key is None):
            raise ValueError("HadamaskDropout: pass either seed or key")
        self.keep = 1 - rate
        self.key = tuple(key) if seed is None else key_of(seed)
        self.step = 0
        self.sample_pass = 0
        self.sampling = False
        self.mask = None

    def forward(self, x):
        if not self.training and not self.sampling:
            return x
        if self.training:
            drawn_from = derive(self.key, TAG_STEP, self.step)
            self.step += 1
        else:
            drawn_from = derive(self.key, TAG_PASS, self.sample_pass)
            self.sample_pass += 1
        self.mask = keep_mask(x.numel(), drawn_from, self.keep, x.device).view(x.shape)
        scale = 1 / self.keep if self.keep > 0 else 0.0
        return torch.where(self.mask, x * scale, torch.zeros((), dtype=x.dtype, device=x.device))

    def state(self):
        """Plain data for JSON: what `Dropout.fromState` of the TypeScript library reads."""
        mode = "train" if self.training else "sample" if self.sampling else "eval"
        return {
            "layer": "Dropout",
            "keep": self.keep,
            "scaling": "inverted",
            "mode": mode,
            "key": list(self.key),
            "step": self.step,
            "pass": self.sample_pass,
        }

    def load_state(self, state):
        """Goes on from the state of a TypeScript `Dropout` layer."""
        if state.get("layer") != "Dropout" or state.get("scaling") != "inverted" or "key" not in state:
            raise ValueError("load_state: state must be that of a Dropout layer with a key and inverted scaling")
        self.keep, self.key = state["keep"], tuple(state["key"])
        self.step, self.sample_pass = state["step"], state["pass"]
        self.sampling = state["mode"] == "sample"
        self.train(state["mode"] == "train")

    def get_extra_state(self):
        return self.state()

    def set_extra_state(self, state):
        # A checkpoint brings back what is drawn; the mode stays with train() and eval(), as in all modules.
        self.keep, self.key = state["keep"], tuple(state["key"])
        self.step, self.sample_pass = state["step"], state["pass"]

    def extra_repr(self):
        return f"rate={1 - self.keep:g}, key={self.key}, step={self.step}"
