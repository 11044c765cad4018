"""The programs of sources 001 and 004 in PyTorch, with their captions in English: what they really print under seed 42.

    pip install torch
    python oracles/sources_torch.py 001 > examples/transcripts/001-torch.txt
    python oracles/sources_torch.py 004 > examples/transcripts/004-torch.txt

`npm test` holds `examples/001-torch.ts` and `examples/004-torch.ts`, which have no PyTorch, to these transcripts. Made
with PyTorch 2.13.0 on the CPU; x86 builds with MKL up to 2.6 draw other masks in nn.Dropout. Not part of `npm test`.
"""

import sys

import torch
from torch import nn

LINE = "=" * 60


class MyDropout(nn.Module):
    """Source 001, section 9, as it stands."""

    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.mask = None

    def forward(self, x):
        if not self.training:
            return x
        self.mask = (torch.rand_like(x) > self.p).float()
        return x * self.mask / (1 - self.p)


def manual_backward():
    print(f"{LINE}\nDropout, forward and backward, on PyTorch's stream\n{LINE}")
    p = 0.5
    x = torch.tensor([2.0, 4.0, 6.0, 8.0], requires_grad=True)
    torch.manual_seed(42)
    mask = (torch.rand_like(x) > p).float()
    print(f"\nInput x\n{x.detach()}")
    print(f"\nMask (1 = kept, 0 = dropped)\n{mask}")
    y = x * mask / (1 - p)
    print(f"\nForward: y = x * mask / (1-p)\n{y.detach()}")
    loss = y.sum()
    print(f"\nLoss: L = sum(y) = {loss.item()}")
    loss.backward()
    print(f"\nBackward: dL/dx\n{x.grad}")
    by_hand = torch.ones_like(x) * mask / (1 - p)
    print(f"\nBy hand: dL/dy * mask / (1-p)\n{by_hand}")
    print(f"\nDifference: {torch.abs(x.grad - by_hand).sum().item()}")
    print(f"\n{LINE}\nElement by element\n{LINE}")
    for i in range(len(x)):
        xi, bit, yi, slope = (values[i].item() for values in (x, mask, y, x.grad))
        print(f"\nElement {i}")
        print(f"  x[{i}] = {xi:.1f}")
        print(f"  mask[{i}] = {bit:.0f}")
        print(f"  y[{i}] = x[{i}] * mask[{i}] / (1-p) = {xi:.1f} * {bit:.0f} / 0.5 = {yi:.1f}")
        print(f"  dL/dy[{i}] = 1.0")
        print(f"  dL/dx[{i}] = dL/dy[{i}] * mask[{i}] / (1-p) = 1.0 * {bit:.0f} / 0.5 = {slope:.1f}")
    print(
        "\nCorrected: the source prints the mask [1, 0, 1, 0], the loss 16 and the gradient [2, 0, 2, 0] here "
        "(E-001-1)."
    )


def compare_with_pytorch():
    print(f"\n{LINE}\nA layer by hand against nn.Dropout, each after manual_seed(42)\n{LINE}")
    x1 = torch.tensor([2.0, 4.0, 6.0, 8.0], requires_grad=True)
    x2 = x1.clone().detach().requires_grad_(True)
    torch.manual_seed(42)
    y1 = MyDropout(p=0.5)(x1)
    torch.manual_seed(42)
    y2 = nn.Dropout(p=0.5)(x2)
    print(f"\nOutput, by hand\n{y1.detach()}")
    print(f"\nOutput, nn.Dropout\n{y2.detach()}")
    y1.sum().backward()
    y2.sum().backward()
    print(f"\nGradient, by hand\n{x1.grad}")
    print(f"\nGradient, nn.Dropout\n{x2.grad}")
    print(f"\nDifference\n{torch.abs(x1.grad - x2.grad).sum().item()}")
    print("\nCorrected: the source says that the two agree (E-001-2). One takes a word an element and keeps above p,")
    print("the other takes two words an element and keeps below 1 - p.")


def gradient_flow():
    print(f"\n{LINE}\nThe numbers of the figure: L = sum(y^2), seed 42\n{LINE}\n")
    torch.manual_seed(42)
    p, n = 0.5, 10
    x = torch.randn(n, requires_grad=True)
    u = torch.rand(n)
    mask = (u > p).float()
    y = x * mask / (1 - p)
    loss = (y**2).sum()
    loss.backward()
    print(" i          x         u  mask          y      dL/dx")
    for i in range(n):
        cells = (x[i].item(), u[i].item(), mask[i].item(), y[i].item(), x.grad[i].item())
        print("%2d %10.6f  %8.6f  %4.0f %10.6f %10.6f" % (i, *cells))
    print(f"\nL = {loss.item():.6f}")


def source_004():
    dropout = nn.Dropout(p=0.6)
    x = torch.ones(10)
    print("Original input:", x)
    torch.manual_seed(42)
    print("Training output:", dropout(x))
    dropout.eval()
    print("Inference output:", dropout(x))
    print("Corrected: the source says that inference multiplies by 0.4; nn.Dropout returns its input (E-004-1).")
    x = torch.randn(5, requires_grad=True)
    dropout.train()
    dropout(x).sum().backward()
    print("Input gradients:", x.grad)
    print("The source has no seed; these are its cells in order after manual_seed(42) (E-004-9).")


if __name__ == "__main__":
    if sys.argv[1:] == ["001"]:
        manual_backward()
        compare_with_pytorch()
        gradient_flow()
    elif sys.argv[1:] == ["004"]:
        source_004()
    else:
        sys.exit(__doc__)
