"""PyTorch's recurrent layers without dropout: writes packages/hadamask/test/vectors/recurrent.json.

Run from the root of the repository with PyTorch: python3 oracles/recurrent_torch.py
Outputs and gradients of the loss sum(c * h), c = cos(0, 1, 2, ...), in float64, so that the gates of our layers can be
compared with PyTorch's: their order, the two biases of the GRU's candidate, the gradients of everything.
"""

import json
import math
import pathlib

import torch

OUT = pathlib.Path(__file__).parent.parent / "packages/hadamask/test/vectors/recurrent.json"
BATCH, TIME, INPUTS, HIDDEN = 2, 4, 3, 2


def numbers(n, phase):
    return [round(0.8 * math.sin(phase + 1.7 * i), 4) for i in range(n)]


def tensor(shape, phase):
    return torch.tensor(numbers(math.prod(shape), phase), dtype=torch.float64).reshape(shape)


def case(kind, gates):
    layer = getattr(torch.nn, kind)(INPUTS, HIDDEN, batch_first=True).double()
    width = gates * HIDDEN
    with torch.no_grad():
        # Ours lie [inputs, gates * hidden]; PyTorch's are the transpose.
        layer.weight_ih_l0.copy_(tensor((INPUTS, width), 0.3).T)
        layer.weight_hh_l0.copy_(tensor((HIDDEN, width), 1.1).T)
        layer.bias_ih_l0.copy_(tensor((width,), 2.2))
        layer.bias_hh_l0.zero_()
        if kind == "GRU":
            layer.bias_hh_l0[2 * HIDDEN :] = tensor((HIDDEN,), 0.9)
    x = tensor((BATCH, TIME, INPUTS), 0.5).requires_grad_()
    h0 = tensor((1, BATCH, HIDDEN), 1.9).requires_grad_()
    c0 = tensor((1, BATCH, HIDDEN), 2.7).requires_grad_()
    y, final = layer(x, (h0, c0) if kind == "LSTM" else h0)
    slope = torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)
    (slope * y).sum().backward()
    flat = lambda t: t.detach().flatten().tolist()
    result = {
        "kind": kind,
        "y": flat(y),
        "dx": flat(x.grad),
        "dh0": flat(h0.grad),
        "weights": flat(layer.weight_ih_l0.grad.T),
        "recurrentWeights": flat(layer.weight_hh_l0.grad.T),
        "bias": flat(layer.bias_ih_l0.grad),
    }
    if kind == "GRU":
        result["recurrentBias"] = flat(layer.bias_hh_l0.grad[2 * HIDDEN :])
    if kind == "LSTM":
        result["dc0"] = flat(c0.grad)
        result["cT"] = flat(final[1])
    return result


def main():
    data = {
        "source": "torch.nn.RNN, GRU, LSTM in float64, without dropout",
        "version": "torch " + torch.__version__,
        "command": "python3 oracles/recurrent_torch.py",
        "shape": [BATCH, TIME, INPUTS],
        "hidden": HIDDEN,
        "cases": [case("RNN", 1), case("GRU", 3), case("LSTM", 4)],
    }
    OUT.write_text(json.dumps(data, indent=1) + "\n")


main()
