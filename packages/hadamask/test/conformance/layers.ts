// The layers under the contract: one row each. A row says how to make the layer and what is known of it in closed form;
// layers.test.ts holds every row to the same rules. A new layer adds a row.

import type { LayerRow } from "./row.js";
import { activationRows } from "./rows/activations.js";
import { bernoulliRows } from "./rows/bernoulli.js";
import { blockRows } from "./rows/blocks.js";
import { denseRows } from "./rows/dense.js";
import { gaussianRows } from "./rows/gaussian.js";
import { identityRows } from "./rows/identities.js";
import { learnedNoiseRows } from "./rows/learned-noise.js";
import { recurrentRows } from "./rows/recurrent.js";
import { structureRows } from "./rows/structure.js";

export const LAYER_ROWS: readonly LayerRow[] = [
  ...bernoulliRows,
  ...gaussianRows,
  ...activationRows,
  ...structureRows,
  ...blockRows,
  ...identityRows,
  ...learnedNoiseRows,
  ...denseRows,
  ...recurrentRows,
];
