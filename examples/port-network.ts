// The network of docs/porting.md in plain arrays: two layers, two dropouts, cross-entropy, SGD. Not a program; it
// runs in Node and in browsers. Arrays are float32 as in PyTorch, sums are formed in float64.

import type { Dropout, PackedMask } from "hadamask";
import type { TorchCpu } from "hadamask/streams";

export const SIZES = { rows: 32, inputs: 12, hidden: 16, classes: 4 } as const;
export const STEPS = 20;
const LEARNING_RATE = 0.5;

/** Weights have one row for each output, as `nn.Linear` keeps them. */
export interface Parameters {
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
}

export interface Problem {
  readonly parameters: Parameters;
  readonly x: Float32Array;
  readonly classes: readonly number[];
}

/** What one training step did. */
export interface Step {
  readonly loss: number;
  readonly gradients: Parameters;
  readonly inputMask: PackedMask;
  readonly hiddenMask: PackedMask;
}

/**
 * What PyTorch makes after `torch.manual_seed`: two `nn.Linear` and a batch, in the order of the program that is
 * ported.
 */
export function startFrom(stream: TorchCpu): Problem {
  const [w1, b1] = linear(stream, SIZES.inputs, SIZES.hidden);
  const [w2, b2] = linear(stream, SIZES.hidden, SIZES.classes);
  const x = stream.rand(SIZES.rows * SIZES.inputs);
  const classes = Array.from({ length: SIZES.rows }, (_, row) => {
    const first4 = Array.from(x.subarray(row * SIZES.inputs, row * SIZES.inputs + 4));
    return first4.indexOf(Math.max(...first4));
  });
  return { parameters: { w1, b1, w2, b2 }, x, classes };
}

/** `nn.Linear(inputs, outputs)`: Kaiming's uniform weights with a = sqrt(5), then biases within 1 / sqrt(inputs). */
function linear(stream: TorchCpu, inputs: number, outputs: number): [Float32Array, Float32Array] {
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const bound = (Math.sqrt(3) * gain) / Math.sqrt(inputs);
  const weights = stream.uniform(inputs * outputs, -bound, bound);
  return [weights, stream.uniform(outputs, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs))];
}

/** One step of SGD; the parameters are changed in place. */
export function trainStep(
  { parameters, x, classes }: Problem,
  dropouts: { readonly input: Dropout; readonly hidden: Dropout },
): Step {
  const { w1, b1, w2, b2 } = parameters;
  const droppedX = dropouts.input.forward(x);
  const z = affine(droppedX, w1, b1);
  const droppedA = dropouts.hidden.forward(z.map((value) => Math.max(0, value)));
  const { loss, gradient } = crossEntropy(affine(droppedA, w2, b2), classes);

  const da = dropouts.hidden.backward(product(gradient, w2, SIZES.classes, SIZES.hidden));
  const dz = da.map((value, i) => (z[i]! > 0 ? value : 0));
  const gradients = { ...slopes("1", dz, droppedX), ...slopes("2", gradient, droppedA) } as unknown as Parameters;
  for (const name of ["w1", "b1", "w2", "b2"] as const) {
    gradients[name].forEach((g, i) => {
      parameters[name][i]! -= LEARNING_RATE * g;
    });
  }
  return { loss, gradients, inputMask: dropouts.input.mask!, hiddenMask: dropouts.hidden.mask! };
}

/** `x W' + b` for rows of x. */
function affine(x: Float32Array, weights: Float32Array, bias: Float32Array): Float32Array {
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  return Float32Array.from({ length: (x.length / inputs) * outputs }, (_, i) => {
    const row = Math.floor(i / outputs) * inputs;
    const weight = (i % outputs) * inputs;
    let sum = bias[i % outputs]!;
    for (let k = 0; k < inputs; k++) sum += x[row + k]! * weights[weight + k]!;
    return sum;
  });
}

/** The matrix product of `a` [rows, inner] and `b` [inner, columns]. */
function product(a: Float32Array, b: Float32Array, inner: number, columns: number): Float32Array {
  return Float32Array.from({ length: (a.length / inner) * columns }, (_, i) => {
    const row = Math.floor(i / columns) * inner;
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[row + k]! * b[k * columns + (i % columns)]!;
    return sum;
  });
}

/** The gradients of an affine map's weights and biases: `dz' x` and the sums of dz, under the names of layer 1 or 2. */
function slopes(layer: "1" | "2", dz: Float32Array, x: Float32Array): Record<string, Float32Array> {
  const outputs = dz.length / SIZES.rows;
  const inputs = x.length / SIZES.rows;
  const sumOverRows = (output: number, factor: (row: number) => number): number => {
    let sum = 0;
    for (let row = 0; row < SIZES.rows; row++) sum += dz[row * outputs + output]! * factor(row);
    return sum;
  };
  const weights = Float32Array.from({ length: outputs * inputs }, (_, i) =>
    sumOverRows(Math.floor(i / inputs), (row) => x[row * inputs + (i % inputs)]!),
  );
  const bias = Float32Array.from({ length: outputs }, (_, output) => sumOverRows(output, () => 1));
  return { [`w${layer}`]: weights, [`b${layer}`]: bias };
}

/** Mean cross-entropy of a softmax, and its gradient with respect to the logits. */
function crossEntropy(logits: Float32Array, classes: readonly number[]): { loss: number; gradient: Float32Array } {
  const width = logits.length / classes.length;
  const gradient = new Float32Array(logits.length);
  let loss = 0;
  classes.forEach((label, row) => {
    const scores = Array.from(logits.subarray(row * width, (row + 1) * width));
    const highest = Math.max(...scores);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
    loss += Math.log(total) + highest - scores[label]!;
    scores.forEach((score, k) => {
      gradient[row * width + k] = (Math.exp(score - highest) / total - Number(k === label)) / classes.length;
    });
  });
  return { loss: loss / classes.length, gradient };
}
