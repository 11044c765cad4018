// The arithmetic of the three recurrent cells, one time step of one sequence forward and back. Knows no masks but as
// numbers.

import { ACTIVATIONS, type Activation, sigmoid } from "../../special/activations.js";

/**
 * One step of one sequence. Arrays are views into those of the layer; each cell fills and reads the ones that it has.
 */
export interface Step {
  /** Input part of the pre-activations, bias included, [gates * hidden]. */
  readonly fromInput: Float64Array;
  /** Recurrent part of the pre-activations, [gates * hidden]. */
  readonly fromState: Float64Array;
  /** Activations of the gates, [gates * hidden], filled by `forward`. */
  readonly gates: Float64Array;
  readonly hPrevious: Float64Array;
  readonly cPrevious: Float64Array;
  /** Multiplier of unit j's candidate. */
  readonly update: (j: number) => number;
  /** Multiplier of unit j's cell. */
  readonly cell: (j: number) => number;
}

/** Gradients of one step: with respect to what `Step` holds. */
export interface StepGradients {
  readonly fromInput: Float64Array;
  readonly fromState: Float64Array;
  /** Added to. */
  readonly hPrevious: Float64Array;
  /** Added to. */
  readonly cPrevious: Float64Array;
}

export interface Cell {
  /** How many gates, candidate included. */
  readonly gates: number;
  /** Whether there is a cell state apart from h. */
  readonly hasCell: boolean;
  /** Whether there is a candidate that is added to what is remembered. */
  readonly hasUpdate: boolean;
  /** Whether the candidate has a bias inside the reset gate. */
  readonly hasRecurrentBias: boolean;
  /** Fills `gates`, and writes the new h and, where there is one, the new c: both before zoneout. */
  forward(step: Step, h: Float64Array, c: Float64Array): void;
  /** From the gradients of the new h and c to those of the step; `c` is the new cell state before zoneout. */
  backward(step: Step, c: Float64Array, dh: Float64Array, dc: Float64Array, out: StepGradients): void;
}

/** What a multiplier of 0 makes of a value is 0, whatever the value is. */
const times = (value: number, multiplier: number): number => (multiplier === 0 ? 0 : value * multiplier);

/** h = phi(x W + h U + b). */
export function rnnCell(activation: Activation): Cell {
  const { value, derivative } = ACTIVATIONS[activation];
  return {
    gates: 1,
    hasCell: false,
    hasUpdate: false,
    hasRecurrentBias: false,
    forward({ fromInput, fromState, gates }, h) {
      for (let j = 0; j < h.length; j++) {
        gates[j] = fromInput[j]! + fromState[j]!;
        h[j] = value(gates[j]!);
      }
    },
    backward({ gates }, _c, dh, _dc, out) {
      for (let j = 0; j < dh.length; j++) {
        out.fromInput[j] = dh[j]! * derivative(gates[j]!);
        out.fromState[j] = out.fromInput[j]!;
      }
    },
  };
}

/** Gates r, z, n: n = tanh(x W_n + b_n + r * (h U_n + b'_n)), h = (1 - z) * D(n) + z * h; as in PyTorch. */
export const gruCell: Cell = {
  gates: 3,
  hasCell: false,
  hasUpdate: true,
  hasRecurrentBias: true,
  forward({ fromInput, fromState, gates, hPrevious, update }, h) {
    const H = h.length;
    for (let j = 0; j < H; j++) {
      const r = sigmoid(fromInput[j]! + fromState[j]!);
      const z = sigmoid(fromInput[H + j]! + fromState[H + j]!);
      const n = Math.tanh(fromInput[2 * H + j]! + r * fromState[2 * H + j]!);
      gates[j] = r;
      gates[H + j] = z;
      gates[2 * H + j] = n;
      h[j] = (1 - z) * times(n, update(j)) + z * hPrevious[j]!;
    }
  },
  backward({ fromState, gates, hPrevious, update }, _c, dh, _dc, out) {
    const H = dh.length;
    for (let j = 0; j < H; j++) {
      const [r, z, n] = [gates[j]!, gates[H + j]!, gates[2 * H + j]!];
      const dn = times(dh[j]! * (1 - z), update(j)) * (1 - n * n);
      const dz = dh[j]! * (hPrevious[j]! - times(n, update(j))) * z * (1 - z);
      const dr = dn * fromState[2 * H + j]! * r * (1 - r);
      out.fromInput[j] = dr;
      out.fromState[j] = dr;
      out.fromInput[H + j] = dz;
      out.fromState[H + j] = dz;
      out.fromInput[2 * H + j] = dn;
      out.fromState[2 * H + j] = dn * r;
      out.hPrevious[j]! += dh[j]! * z;
    }
  },
};

/** Gates i, f, g, o: c = D_cell(f * c + i * D_update(g)), h = o * tanh(c); the order of the gates is PyTorch's. */
export const lstmCell: Cell = {
  gates: 4,
  hasCell: true,
  hasUpdate: true,
  hasRecurrentBias: false,
  forward({ fromInput, fromState, gates, cPrevious, update, cell }, h, c) {
    const H = h.length;
    for (let j = 0; j < H; j++) {
      const i = sigmoid(fromInput[j]! + fromState[j]!);
      const f = sigmoid(fromInput[H + j]! + fromState[H + j]!);
      const g = Math.tanh(fromInput[2 * H + j]! + fromState[2 * H + j]!);
      const o = sigmoid(fromInput[3 * H + j]! + fromState[3 * H + j]!);
      gates[j] = i;
      gates[H + j] = f;
      gates[2 * H + j] = g;
      gates[3 * H + j] = o;
      c[j] = times(f * cPrevious[j]! + i * times(g, update(j)), cell(j));
      h[j] = o * Math.tanh(c[j]!);
    }
  },
  backward({ gates, cPrevious, update, cell }, c, dh, dc, out) {
    const H = dh.length;
    for (let j = 0; j < H; j++) {
      const [i, f, g, o] = [gates[j]!, gates[H + j]!, gates[2 * H + j]!, gates[3 * H + j]!];
      const squashed = Math.tanh(c[j]!);
      const dNew = times(dc[j]! + dh[j]! * o * (1 - squashed * squashed), cell(j));
      out.fromInput[j] = dNew * times(g, update(j)) * i * (1 - i);
      out.fromInput[H + j] = dNew * cPrevious[j]! * f * (1 - f);
      out.fromInput[2 * H + j] = times(dNew * i, update(j)) * (1 - g * g);
      out.fromInput[3 * H + j] = dh[j]! * squashed * o * (1 - o);
      out.cPrevious[j]! += dNew * f;
    }
    out.fromState.set(out.fromInput);
  },
};
