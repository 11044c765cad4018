// All claims, in the order of the sources: what they describe (S…), then their corrections (E-…); last, other
// libraries (R-…).

import { across } from "./across.js";
import { errata001 } from "./errata-001.js";
import { errata002 } from "./errata-002.js";
import { errata003Moments } from "./errata-003-moments.js";
import { errata003Variants } from "./errata-003-variants.js";
import { errata004 } from "./errata-004.js";
import { references } from "./references.js";
import type { Claim } from "./row.js";
import { source000 } from "./source-000.js";
import { source001 } from "./source-001.js";
import { source001Expectations } from "./source-001-expectations.js";
import { source001Programs } from "./source-001-programs.js";
import { source002 } from "./source-002.js";
import { source002Backward } from "./source-002-backward.js";
import { source003Expectation } from "./source-003-expectation.js";
import { source003Ridge } from "./source-003-ridge.js";
import { source003Variance } from "./source-003-variance.js";
import { source003Variants } from "./source-003-variants.js";
import { source004 } from "./source-004.js";

const everything: readonly Claim[] = [
  ...source000,
  ...source001,
  ...source001Programs,
  ...source001Expectations,
  ...errata001,
  ...source002,
  ...source002Backward,
  ...errata002,
  ...source003Expectation,
  ...source003Variance,
  ...source003Ridge,
  ...source003Variants,
  ...errata003Moments,
  ...errata003Variants,
  ...source004,
  ...errata004,
  ...across,
  ...references,
];

/** "S3-15" and "E-003-17" as [source, kind, number], which is the order of the table. */
function placeOf({ id, source }: Claim): [string, number, number] {
  return [source, id.startsWith("S") ? 0 : 1, Number(/\d+$/.exec(id)![0])];
}

export const claims: readonly Claim[] = [...everything].sort((a, b) => {
  const [x, y] = [placeOf(a), placeOf(b)];
  return x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : x[1] - y[1] || x[2] - y[2];
});
