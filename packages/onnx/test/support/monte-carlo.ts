// Monte-Carlo prediction on fixtures, with the key and the quiet that all tests have.

import { type Inputs, type MonteCarloOptions, monteCarlo, type ValuePrediction } from "@hadamask/onnx";
import { key } from "hadamask";
import { fixture } from "./fixtures.js";
import { ort } from "./runtime.js";

export const quiet = { logSeverityLevel: 4 } as const;

export const open = (name: string, options: Partial<MonteCarloOptions> = {}) =>
  monteCarlo(fixture(name), { ort, key: key(1), session: quiet, ...options });

export const values = async (name: string, inputs: Inputs, options: Partial<MonteCarloOptions> = {}, samples = 4) => {
  const mc = await open(name, { kind: "values", ...options });
  const found = (await mc.predict(inputs, { samples, levels: [] })) as ValuePrediction;
  await mc.dispose();
  return found;
};
