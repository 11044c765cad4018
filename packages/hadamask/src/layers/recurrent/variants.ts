// The variants of recurrent dropout that have a name: which places each of them uses.

import { checkOptions } from "../../options.js";
import type { RateOption } from "../../types.js";
import type { RecurrentDropout } from "./dropout.js";

const RATE = ["rate", "keep"];

/**
 * New masks on non-recurrent connections only. @see Zaremba, Sutskever and Vinyals, arXiv:1409.2329 (2014).
 *
 * @example
 * ```ts
 * import { DropoutRNN, key, zaremba } from "hadamask";
 * const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0.5] };
 * const rnn = new DropoutRNN({ ...options, dropout: zaremba({ rate: 0.5 }), key: key(1) });
 * console.log(rnn.forward([1, 1, 1], { shape: [1, 3, 1] }).length); // 3
 * ```
 */
export function zaremba(options: RateOption): RecurrentDropout {
  checkOptions("zaremba", options, RATE);
  return { input: { ...options, per: "step" } };
}

/**
 * One mask a sequence on input and recurrent connections, for all gates or for each.
 *
 * Inverted scaling does not keep the mean of what passes a tied recurrent mask T times: it grows by keep^(1 - T).
 *
 * @example
 * ```ts
 * import { gal } from "hadamask";
 * const places = gal({ input: { rate: 0.2 }, recurrent: { rate: 0.3 } });
 * console.log(Object.keys(places)); // [ 'input', 'recurrent' ]
 * ```
 * @see Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016.
 */
export function gal(options: {
  readonly input: RateOption;
  readonly recurrent: RateOption;
  readonly gates?: "shared" | "each";
}): RecurrentDropout {
  checkOptions("gal", options, ["input", "recurrent", "gates"]);
  const { input, recurrent, gates = "shared" } = options;
  return { input: { ...input, per: "sequence", gates }, recurrent: { ...recurrent, per: "sequence", gates } };
}

/**
 * Masks on the update of the memory alone. @see Semeniuta, Severyn and Barth, "Recurrent dropout without memory
 * loss", 2016.
 *
 * @example
 * ```ts
 * import { semeniuta } from "hadamask";
 * console.log(semeniuta({ rate: 0.3, per: "sequence" })); // { update: { rate: 0.3, per: 'sequence' } }
 * ```
 */
export function semeniuta(options: RateOption & { readonly per?: "step" | "sequence" }): RecurrentDropout {
  checkOptions("semeniuta", options, [...RATE, "per"]);
  return { update: options };
}

/**
 * One mask a sequence on the cell state of an LSTM. @see Moon, Choi, Lee and Song, "RNNDrop", ASRU 2015.
 *
 * @example
 * ```ts
 * import { moon } from "hadamask";
 * console.log(moon({ rate: 0.3 })); // { cell: { rate: 0.3, per: 'sequence' } }
 * ```
 */
export function moon(options: RateOption): RecurrentDropout {
  checkOptions("moon", options, RATE);
  return { cell: { ...options, per: "sequence" } };
}

/**
 * Units that keep their previous value now and then. @see Krueger et al., "Zoneout", ICLR 2017.
 *
 * @example
 * ```ts
 * import { DropoutRNN, key, zoneout } from "hadamask";
 * const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0.5] };
 * const rnn = new DropoutRNN({ ...options, dropout: zoneout({ hidden: 1 }), key: key(1) });
 * const h = rnn.forward([1, 1], { shape: [1, 2, 1], initial: { h: [0.5] } });
 * // at rate 1 nothing moves
 * console.log(h); // Float64Array(2) [ 0.5, 0.5 ]
 * ```
 */
export function zoneout(rates: { readonly hidden?: number; readonly cell?: number }): RecurrentDropout {
  checkOptions("zoneout", rates, ["hidden", "cell"]);
  return { zoneout: rates };
}

/**
 * DropConnect of the recurrent weights: one mask a pass, for all sequences and steps.
 *
 * @example
 * ```ts
 * import { weightDrop } from "hadamask";
 * console.log(weightDrop({ rate: 0.5 })); // { recurrentWeights: { rate: 0.5 } }
 * ```
 * @see Merity, Keskar and Socher, "Regularizing and optimizing LSTM language models", ICLR 2018, section 2.
 */
export function weightDrop(options: RateOption): RecurrentDropout {
  checkOptions("weightDrop", options, RATE);
  return { recurrentWeights: options };
}
