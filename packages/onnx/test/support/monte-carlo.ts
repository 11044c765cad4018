// Monte-Carlo prediction on fixtures, with the key and the quiet that all tests have.

import { type Inputs, type MonteCarloOptions, monteCarlo, readModel, type ValuePrediction } from "@hadamask/onnx";
import { key } from "hadamask";
import { expect } from "vitest";
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

/** The runtime may sum in another order for another number of rows: equal up to float32 rounding. */
export function expectClose(a: ArrayLike<number>, b: ArrayLike<number>): void {
  expect(a.length).toBe(b.length);
  Array.from(a).forEach((value, i) => {
    expect(Math.abs(value - b[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  });
}

/** A session that was made: what it takes, how often it ran, and whether it is gone. */
export interface SpiedSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  runs: number;
  isReleased: boolean;
}

/** The runtime, and what is done with it. */
export function spied(): { readonly spy: MonteCarloOptions["ort"]; readonly loaded: readonly SpiedSession[] } {
  const loaded: SpiedSession[] = [];
  const create = async (bytes: Uint8Array, options: object): Promise<unknown> => {
    const graph = readModel(bytes).graph!;
    const names = (infos: readonly { name?: string }[] = []) => infos.map(({ name }) => name ?? "");
    const entry = { inputs: names(graph.input), outputs: names(graph.output), runs: 0, isReleased: false };
    loaded.push(entry);
    const session = await ort.InferenceSession.create(bytes, options);
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      run: (...args: Parameters<typeof session.run>) => {
        entry.runs++;
        return session.run(...args);
      },
      release: () => {
        entry.isReleased = true;
        return session.release();
      },
    };
  };
  return { spy: { ...ort, InferenceSession: { create } } as MonteCarloOptions["ort"], loaded };
}
