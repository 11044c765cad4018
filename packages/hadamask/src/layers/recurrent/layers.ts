// The recurrent layers: a plain RNN, a GRU and an LSTM, each with dropout at any of the places of the literature.

import { type Activation, checkActivation } from "../../special/activations.js";
import type { FloatInput } from "../../types.js";
import { resume } from "../base/resume.js";
import { savedArray } from "../weights/dense-layer.js";
import { gruCell, lstmCell, rnnCell } from "./cells.js";
import { RecurrentLayer, type RecurrentLayerOptions, type RecurrentLayerState, savedRecurrentArrays } from "./layer.js";

export interface DropoutRNNOptions extends RecurrentLayerOptions {
  /** Default "tanh". */
  readonly activation?: Activation;
}

export interface DropoutRNNState extends RecurrentLayerState {
  readonly layer: "DropoutRNN";
  readonly activation: Activation;
}

/**
 * A plain recurrent layer with dropout.
 *
 *     h_t = phi((D x_t) W + (D h_(t-1)) U + b)
 *
 * Shapes. x [batch, time, inputs], W [inputs, hidden], U [hidden, hidden], outputs h [batch, time, hidden].
 * Places. `input`, `recurrent` and `zoneout.hidden`; a plain RNN has neither an update nor a cell of its own.
 * Randomness. Each place draws under a key of its own, derived from that of the pass for the name of the place:
 *   decision (b * time + t) * width + j for unit j of step t of sequence b, or b * width + j where one mask serves
 *   the sequence (with `gates: "each"` the gates lie between step and unit). With `sampleIds` b is 0 and the key that
 *   of the id.
 * Numerics. Everything is computed in float64 and rounded once, to the element type of x. A dropped value counts as 0
 * even if it is NaN.
 * Cost. All states and gates of the pass are kept for the way back.
 *
 * @throws {TypeError | RangeError} If an array does not fit inputs and hidden, or a place of `dropout` is none of
 *   this cell's.
 * @example
 * ```ts
 * import { DropoutRNN, gal, key } from "hadamask";
 * const dropout = gal({ input: { rate: 0.5 }, recurrent: { rate: 0.5 } });
 * const rnn = new DropoutRNN({ inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0.5], dropout, key: key(1) });
 * const h = rnn.forward([1, 1, 1], { shape: [1, 3, 1] });
 * const dx = rnn.backward([0, 0, 1]); // through all three steps, with the same masks
 * console.log(h.length, dx.length); // 3 3
 * ```
 */
export class DropoutRNN extends RecurrentLayer {
  readonly activation: Activation;

  constructor(options: DropoutRNNOptions) {
    const activation = checkActivation("DropoutRNN", options?.activation ?? "tanh");
    super("DropoutRNN", rnnCell(activation), options, ["activation"]);
    this.activation = activation;
  }

  get state(): DropoutRNNState {
    return { layer: "DropoutRNN", activation: this.activation, ...this.recurrentState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropoutRNN.state} gave. */
  static fromState(state: DropoutRNNState): DropoutRNN {
    const where = "DropoutRNN.fromState";
    return resume("DropoutRNN", state, (saved) => new DropoutRNN({ ...saved, ...savedRecurrentArrays(where, saved) }));
  }
}

export interface DropoutGRUOptions extends RecurrentLayerOptions {
  /** Bias of the candidate inside the reset gate, [hidden]; zeros if not given. */
  readonly recurrentBias?: FloatInput;
}

export interface DropoutGRUState extends RecurrentLayerState {
  readonly layer: "DropoutGRU";
  readonly recurrentBias: readonly number[];
}

/**
 * A gated recurrent unit with dropout.
 *
 *     r = S(x W_r + h U_r + b_r)     z = S(x W_z + h U_z + b_z)     n = tanh(x W_n + b_n + r * (h U_n + b'))
 *     h_t = (1 - z) * D(n) + z * h_(t-1)          x and h masked on their way to the gates
 *
 * The reset gate acts after the product with U_n, as in PyTorch and cuDNN; gates lie in the order r, z, n.
 *
 * Shapes. x [batch, time, inputs], W [inputs, 3 hidden], U [hidden, 3 hidden], outputs h [batch, time, hidden].
 * Places. `input`, `recurrent`, `update` and `zoneout.hidden`.
 * Randomness, numerics, cost. As {@link DropoutRNN}.
 *
 * @throws {TypeError | RangeError} As {@link DropoutRNN}.
 * @example
 * ```ts
 * import { DropoutGRU, gal, key } from "hadamask";
 * const dropout = gal({ input: { rate: 0.5 }, recurrent: { rate: 0.5 } });
 * const weights = { weights: [1, 1, 1], recurrentWeights: [0.5, 0.5, 0.5] };
 * const gru = new DropoutGRU({ inputs: 1, hidden: 1, ...weights, dropout, key: key(1) });
 * console.log(gru.forward([1, 1, 1], { shape: [1, 3, 1] }).length); // 3
 * ```
 */
export class DropoutGRU extends RecurrentLayer {
  constructor(options: DropoutGRUOptions) {
    super("DropoutGRU", gruCell, options, ["recurrentBias"]);
  }

  get state(): DropoutGRUState {
    return { layer: "DropoutGRU", recurrentBias: [...this.parameters.recurrentBias!], ...this.recurrentState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropoutGRU.state} gave. */
  static fromState(state: DropoutGRUState): DropoutGRU {
    const where = "DropoutGRU.fromState";
    return resume("DropoutGRU", state, (saved) => {
      const recurrentBias = savedArray(where, "recurrentBias", saved.dtype, saved.recurrentBias);
      return new DropoutGRU({ ...saved, ...savedRecurrentArrays(where, saved), recurrentBias });
    });
  }
}

export interface DropoutLSTMState extends RecurrentLayerState {
  readonly layer: "DropoutLSTM";
}

/**
 * A long short-term memory with dropout.
 *
 *     i, f, o = S(x W + h U + b)    g = tanh(x W_g + h U_g + b_g)    x and h masked on their way to the gates
 *     c_t = D_cell(f * c_(t-1) + i * D_update(g))          h_t = o * tanh(c_t)
 *     zoneout: c_t and h_t keep their previous values with the given probabilities, h computed from the c before that
 *
 * Gates lie in the order i, f, g, o, as in PyTorch.
 *
 * Shapes. x [batch, time, inputs], W [inputs, 4 hidden], U [hidden, 4 hidden], outputs h [batch, time, hidden].
 * Places. All.
 * Randomness, numerics, cost. As {@link DropoutRNN}.
 *
 * @throws {TypeError | RangeError} As {@link DropoutRNN}.
 * @example
 * ```ts
 * import { DropoutLSTM, key, zaremba } from "hadamask";
 * const dropout = zaremba({ rate: 0.5 });
 * const weights = { weights: [1, 1, 1, 1], recurrentWeights: [0.5, 0.5, 0.5, 0.5] };
 * const lstm = new DropoutLSTM({ inputs: 1, hidden: 1, ...weights, dropout, key: key(1) });
 * console.log(lstm.forward([1, 1, 1], { shape: [1, 3, 1] }).length); // 3
 * ```
 */
export class DropoutLSTM extends RecurrentLayer {
  constructor(options: RecurrentLayerOptions) {
    super("DropoutLSTM", lstmCell, options);
  }

  get state(): DropoutLSTMState {
    return { layer: "DropoutLSTM", ...this.recurrentState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropoutLSTM.state} gave. */
  static fromState(state: DropoutLSTMState): DropoutLSTM {
    const where = "DropoutLSTM.fromState";
    return resume(
      "DropoutLSTM",
      state,
      (saved) => new DropoutLSTM({ ...saved, ...savedRecurrentArrays(where, saved) }),
    );
  }
}
