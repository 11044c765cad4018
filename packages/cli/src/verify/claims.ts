// All claims, in the order of the sources: what they describe (S…), what they say in passing (Q-…), then their
// corrections (E-…); last, other libraries (R-…).

import { source000 } from "./000/source.js";
import { errata001 } from "./001/errata.js";
import { source001Expectations } from "./001/expectations.js";
import { source001Programs } from "./001/programs.js";
import { source001 } from "./001/source.js";
import { errata002 } from "./002/errata.js";
import { source002 } from "./002/source.js";
import { source002Backward } from "./002/source-backward.js";
import { statements002 } from "./002/statements.js";
import { errata003Moments } from "./003/errata-moments.js";
import { errata003Variants } from "./003/errata-variants.js";
import { source003Expectation } from "./003/expectation.js";
import { source003Ridge } from "./003/ridge.js";
import { statements003 } from "./003/statements.js";
import { source003Variance } from "./003/variance.js";
import { source003Variants } from "./003/variants.js";
import { errata004 } from "./004/errata.js";
import { source004 } from "./004/source.js";
import { across } from "./across.js";
import { references } from "./references.js";
import type { Claim } from "./row.js";

const everything: readonly Claim[] = [
  ...source000,
  ...source001,
  ...source001Programs,
  ...source001Expectations,
  ...errata001,
  ...source002,
  ...source002Backward,
  ...statements002,
  ...errata002,
  ...source003Expectation,
  ...source003Variance,
  ...source003Ridge,
  ...source003Variants,
  ...statements003,
  ...errata003Moments,
  ...errata003Variants,
  ...source004,
  ...errata004,
  ...across,
  ...references,
];

/** "S3-15", "Q-003-1" and "E-003-17" as [source, kind, number], which is the order of the table. */
function placeOf({ id, source }: Claim): [string, number, number] {
  return [source, "SQER".indexOf(id[0]!), Number(/\d+$/.exec(id)![0])];
}

export const claims: readonly Claim[] = [...everything].sort((a, b) => {
  const [x, y] = [placeOf(a), placeOf(b)];
  return x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : x[1] - y[1] || x[2] - y[2];
});
