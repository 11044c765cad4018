// What the five sources say differently about one thing. In our terms: rate drops, keep = 1 - rate.

import { dropout, key } from "hadamask";
import { bernoulliMultiplier, expectedMoments } from "hadamask/theory";
import { differs, equals, exactly, type Measure } from "./measure.js";
import { type Claim, rowsOf } from "./row.js";
import { throws } from "./vectors.js";

const { erratum } = rowsOf("across");

function meaningOfP(): Measure[] {
  const x = new Float64Array(1000).fill(1);
  const k = key(1);
  const [keeps, drops, other] = [{ keep: 0.7 }, { rate: 1 - 0.7 }, { rate: 0.7 }].map((p) =>
    dropout(x, { ...p, key: k }),
  );
  const kept = (y: Float64Array) => y.filter((v) => v !== 0).length;
  const both = { rate: 0.5, keep: 0.4, key: k } as never; // the types refuse it already
  return [
    exactly(
      "p = 0.7 of 000 and 003 (keep) is p = 0.3 of 001 and 004 (rate): elements that differ",
      keeps!.filter((y, i) => y !== drops![i]).length,
      0,
    ),
    differs("kept elements of 1000 if 0.7 is read as keep, or as rate", kept(keeps!), kept(other!), 1),
    exactly(
      "both at once, as in 002, are refused",
      throws(() => dropout([1], both), "pass either rate or keep, not both"),
      1,
    ),
  ];
}

/** Mean over masks in training, and the value (or mean) at test, of a = 1 at rate 0.6, by each source's rules. */
function testRules(): Measure[] {
  const rate = 0.6;
  const keep = 0.4;
  const train = (scaling: "inverted" | "classic") =>
    expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, scaling, mask })).mean[0]!;
  const test = (scaling: "inverted" | "classic") => dropout([1], { rate, scaling, mode: "eval" })[0]!;
  const over = (factor: number) => expectedMoments({ n: 1, rate }, ([bit]) => [factor * bit!]).mean[0]!;
  return [
    equals("inverted (000, 001, 003): mean of training, test value", [train("inverted"), test("inverted")], [1, 1]),
    equals("classic (003): mean of training, test value", [train("classic"), test("classic")], [0.4, 0.4]),
    differs("004: mean of training against its test value, a (1 - rate)", train("inverted"), keep),
    differs("002: mean of training (mask * rate / keep) against its mean at test (mask)", over(rate / keep), over(1)),
    equals("002: those two means", [over(rate / keep), over(1)], [0.6, 0.4]),
  ];
}

function typicalRates(): Measure[] {
  const noise = (keep: number) => bernoulliMultiplier({ keep }).variance;
  return [
    equals("noise variance of a unit signal at keep 0.5, 0.7 and 0.8", [0.5, 0.7, 0.8].map(noise), [1, 3 / 7, 0.25]),
    differs("at keep 0.7 against rate 0.7", noise(0.7), noise(1 - 0.7)),
  ];
}

export const across: readonly Claim[] = [
  erratum(
    "E-X1",
    "A",
    "all",
    "p means the probability of keeping in 000 and 003, of dropping in 001 and 004, both in 002",
    "Name it: rate is the probability of dropping, keep = 1 - rate",
    meaningOfP,
  ),
  erratum(
    "E-X2",
    "A",
    "all",
    "At test: the identity (000, 001, 003), times keep (003, 004), or a random mask (002)",
    "The identity after inverted training, times keep after classic training; nothing else has the mean of training",
    testRules,
  ),
  erratum(
    "E-X3",
    "B",
    "all",
    "Usual rates of dropping are 0.5 to 0.7 (002)",
    "Those are usual values of keep (Srivastava et al. 2014: hidden units keep 0.5 to 0.8, inputs about 0.8)",
    typicalRates,
  ),
];
