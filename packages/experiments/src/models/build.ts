// From the name of a model to the network. The type asks for an entry for every kind in spec.ts.

import type { ModelKind } from "../kinds.js";
import { cnn } from "./cnn.js";
import { mlp } from "./mlp.js";
import type { Model, ModelOptions } from "./model.js";
import { gru, lstm } from "./recurrent.js";
import { residual } from "./residual.js";

const BUILD: Readonly<Record<ModelKind, (options: ModelOptions) => Model>> = { mlp, cnn, gru, lstm, residual };

/**
 * The network of a name.
 *
 * @example
 * ```ts
 * import { buildModel } from "@hadamask/experiments";
 * const model = buildModel("mlp", { features: 64, outputs: 10, hidden: [32], activation: "relu" });
 * console.log(model.places.map(({ name }) => name).join()); // input,hidden1
 * ```
 */
export const buildModel = (kind: ModelKind, options: ModelOptions): Model => BUILD[kind](options);
