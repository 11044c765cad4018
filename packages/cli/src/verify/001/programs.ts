// Source 001, its programs and what they print: sections 9 and 10, run on PyTorch's CPU stream. Its p drops: `rate`
// here.

import { GRADIENT_FLOW_SIZE, gradientFlow, light } from "@hadamask/experiments/charts";
import { Dropout, dropout, dropoutBackward, key } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { HAND_WRITTEN } from "../recorded.js";
import { type Claim, rowsOf } from "../row.js";
import { flag, hadamard, sum, times } from "../vectors.js";
import { CLAIMED_MASK, DEMO_RATE, DEMO_SEED, DEMO_X, demoOf, figureData, handMask, layerMask } from "./torch-demo.js";

const { holds, corrected, noted } = rowsOf("001");
const rate = DEMO_RATE;

/** What the first demo prints under its seed, and what the source says that it prints. */
export function demoOutput(): Measure[] {
  const real = demoOf(handMask(DEMO_SEED, 4, rate));
  const claimed = demoOf(CLAIMED_MASK);
  return [
    exactly("mask under seed 42", real.mask, [1, 1, 0, 1]),
    exactly("y, L", [...real.y, real.loss], [4, 8, 0, 16, 28]),
    exactly("dL/dx", real.gradient, [2, 2, 0, 2]),
    exactly("the same by our layer, given that mask", dropout(DEMO_X, { rate, mask: real.mask }), real.y),
    differs(
      "y of elements 1 to 3, and L, against the source's transcript",
      [...real.y.slice(1), real.loss],
      [...claimed.y.slice(1), claimed.loss],
    ),
  ];
}

/** Two layers under one seed: the masks are other draws. */
export function twoLayers(): Measure[] {
  const [hand, layer] = [handMask(DEMO_SEED, 4, rate), layerMask(DEMO_SEED, 4, rate)];
  const gap = sum(demoOf(hand).gradient.map((g, i) => Math.abs(g - demoOf(layer).gradient[i]!)));
  return [
    exactly(
      "outputs: own layer, then nn.Dropout",
      [...demoOf(hand).y, ...torchCpu(DEMO_SEED).dropout(Float32Array.from(DEMO_X), { rate })],
      [4, 8, 0, 16, 4, 8, 12, 16],
    ),
    exactly("summed difference of the gradients", gap, 2),
    differs("that difference against the source's", gap, 0),
  ];
}

/** One bar series of a panel: values where it has bars, null elsewhere. */
interface Bars {
  readonly data: readonly (
    | number
    | null
    | { readonly value: number; readonly label: { readonly formatter: string; readonly position: string } }
  )[];
}

interface Drawn {
  readonly values: (panel: number) => number[];
  readonly marks: (panel: number, sign: string) => number[];
  readonly grids: readonly { readonly left: number; readonly top: number }[];
}

/** The four-panel figure as hadamask draws it, with the source's numbers. */
function figure(): Drawn {
  const { x, mask } = figureData();
  const y = dropout(Array.from(x), { rate, mask });
  const dx = dropoutBackward(times(2, y), { rate, mask });
  const option = gradientFlow({ x, mask, y, dx, dxWithout: times(2, x), caption: "" }, light);
  const series = option.series as unknown as (Bars & { xAxisIndex?: number })[];
  const inPanel = (panel: number) => series.filter(({ xAxisIndex }) => (xAxisIndex ?? 0) === panel);
  const entries = (panel: number) => inPanel(panel).flatMap(({ data }) => data.map((entry, i) => ({ entry, i })));
  return {
    values: (panel) =>
      inPanel(panel)[0]!.data.map((entry) => (entry === null ? 0 : typeof entry === "number" ? entry : entry.value)),
    marks: (panel, sign) =>
      entries(panel)
        .filter(({ entry }) => entry !== null && typeof entry === "object" && entry.label.formatter === sign)
        .map(({ i }) => i),
    grids: option.grid as Drawn["grids"],
  };
}

const KEPT = [3, 8];
const DROPPED = [0, 1, 2, 4, 5, 6, 7, 9];

/** The source's figure numbers, from PyTorch 2.13 and 1.13 (seed 42). */
const FIGURE_X = [
  0.3366903663, 0.1288094074, 0.2344623655, 0.2303330302, -1.1228563786, -0.1863282919, 2.2082014084, -0.6379970312,
  0.4616572261, 0.2673508823,
];

const FIGURE_UNIFORMS = [
  0.269632, 0.441364, 0.296921, 0.831685, 0.105315, 0.269495, 0.358813, 0.199364, 0.547192, 0.00616,
];

function figureNumbers(): Measure[] {
  const { x, uniforms, mask } = figureData();
  const y = dropout(x, { rate, mask });
  const dx = dropoutBackward(
    Float32Array.from(y, (v) => 2 * v),
    { rate, mask },
  );
  return [
    // Ten decimals of float32 values: half a unit of the tenth.
    equals("x, ten normals under seed 42", x, FIGURE_X, 5e-11),
    equals("ten uniforms after them", uniforms, FIGURE_UNIFORMS, 5e-7),
    exactly(
      "elements kept",
      Array.from(mask.keys()).filter((i) => mask[i] === 1),
      KEPT,
    ),
    equals(
      "y of the kept",
      KEPT.map((i) => y[i]!),
      [0.4606660604, 0.9233144522],
      5e-11,
    ),
    equals(
      "dL/dx of the kept, 8 x",
      KEPT.map((i) => dx[i]!),
      [1.8426642418, 3.6932578087],
      5e-11,
    ),
    equals("L = sum(y^2)", sum(hadamard(y, y)), 1.0647227764, 1e-7),
  ];
}

function handWrittenLayer(): Measure[] {
  const layer = new Dropout({ rate, key: key(0), mode: "train" });
  const mask = handMask(DEMO_SEED, 4, rate);
  return [
    exactly("its mask under seed 42, ours against PyTorch's", mask, HAND_WRITTEN.mask),
    exactly("its output in training", layer.forward(DEMO_X, { mask }), HAND_WRITTEN.train),
    exactly("its gradient of sum(y)", layer.backward([1, 1, 1, 1]), HAND_WRITTEN.gradient),
    exactly("its output in eval", layer.eval().forward(DEMO_X), HAND_WRITTEN.eval),
  ];
}

export const source001Programs: readonly Claim[] = [
  holds(
    "S1-19",
    "9, MyDropout",
    "A layer with a training switch and a stored mask of 0 and 1, y = x * mask / (1 - rate)",
    handWrittenLayer,
  ),
  corrected(
    "S1-20",
    "9, first demo",
    "A demonstration under seed 42 that prints x, mask, y, loss and gradients",
    "The layout stands; the numbers under seed 42 are mask [1, 1, 0, 1], y [4, 8, 0, 16], L 28",
    demoOutput,
  ),
  corrected(
    "S1-21",
    "9, first demo",
    "Per element: index, x, mask, y, gradients, and a verdict that says times 2 for a kept one",
    "The factor is 1 / (1 - rate): 2 at rate 0.5 only",
    () => [
      equals(
        "factor of a kept element at rates 0.5, 0.2, 0.6",
        [0.5, 0.2, 0.6].map((r) => dropout([1], { rate: r, mask: [1] })[0]!),
        [2, 1.25, 2.5],
      ),
      differs("factor at rate 0.2 against the source's 2", dropout([1], { rate: 0.2, mask: [1] }), 2),
    ],
  ),
  corrected(
    "S1-22",
    "9, second demo",
    "Its own layer and nn.Dropout agree when seeded alike",
    "They draw different masks from one seed: difference 2, not 0",
    twoLayers,
  ),
  holds(
    "S1-23",
    "9, third demo",
    "Figure data under seed 42: ten normals, ten uniforms, dL/dx = 8 x m for L = sum(y^2)",
    figureNumbers,
  ),
  holds("S1-24", "9, figure [0,0]", "Panel of x: a blue bar an element", () => [
    exactly("heights of the bars", figure().values(0), figureData().x),
  ]),
  holds("S1-25", "9, figure [0,1]", "Panel of the mask: kept and dropped in two colours", () => [
    exactly("elements marked kept", figure().marks(1, "✓"), KEPT),
    exactly("elements marked dropped (visible, unlike a bar of height 0)", figure().marks(1, "✗"), DROPPED),
  ]),
  holds("S1-26", "9, figure [1,0]", "Panel of y: dropped bars red, kept ones blue", () => [
    exactly("heights", figure().values(2), dropout(Array.from(figureData().x), { rate, mask: figureData().mask })),
    exactly("dropped ones", figure().marks(2, "✗"), DROPPED),
  ]),
  holds("S1-27", "9, figure [1,1]", "Panel of dL/dx: dropped bars red, kept ones orange", () => [
    equals("heights", figure().values(3), times(8, hadamard(figureData().x, figureData().mask))),
    exactly("dropped ones", figure().marks(3, "✗"), DROPPED),
  ]),
  holds("S1-28", "9, figure", "A cross over dropped and a tick over kept elements of the gradient panel", () => [
    exactly("ticks", figure().marks(3, "✓"), KEPT),
    exactly("crosses", figure().marks(3, "✗"), DROPPED),
  ]),
  corrected(
    "S1-29",
    "9, figure",
    "Four panels in a 2 by 2 grid, saved as a PNG at 150 dpi, in the font SimHei",
    "A figure brings its own font: where SimHei is missing, the text turns into empty boxes",
    () => {
      const { grids } = figure();
      return [
        exactly(
          "columns and rows of the grid",
          [new Set(grids.map(({ left }) => left)).size, new Set(grids.map(({ top }) => top)).size],
          [2, 2],
        ),
        atLeast(
          "width and height of our PNG in pixels, at 2 for each unit; the source's: 2086 x 1484",
          [2 * GRADIENT_FLOW_SIZE.width, 2 * GRADIENT_FLOW_SIZE.height],
          1484,
        ),
      ];
    },
  ),
  noted("S1-30", "9, main", "The three demonstrations run in order; here: hadamask demo 001"),
  corrected(
    "S1-31",
    "10",
    "The transcript under seed 42: mask [1, 0, 1, 0], y [4, 0, 12, 0], L 16, gradient [2, 0, 2, 0]",
    "Under seed 42 PyTorch prints mask [1, 1, 0, 1], y [4, 8, 0, 16], L 28, gradient [2, 2, 0, 2]",
    demoOutput,
  ),
  corrected(
    "S1-32",
    "10",
    "The transcript of the elements: 1 dropped, 2 kept, 3 dropped",
    "Under seed 42 elements 1, 2 and 3 are the other way round",
    () => {
      const real = handMask(DEMO_SEED, 4, rate);
      return [
        exactly(
          "elements that differ from the transcript",
          real.map((bit, i) => flag(bit !== CLAIMED_MASK[i])),
          [0, 1, 1, 1],
        ),
        exactly("its arithmetic for the mask it shows", demoOf(CLAIMED_MASK).y, [4, 0, 12, 0]),
        differs("mask of elements 1 to 3 against the transcript's", real.slice(1), CLAIMED_MASK.slice(1)),
      ];
    },
  ),
];
