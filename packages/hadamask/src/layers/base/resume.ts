// Layers made from their saved state.

import { checkIndex, checkKey, typeError } from "../../check.js";
import type { MaskStream } from "../../random/source.js";
import type { RateOption } from "../../types.js";
import type { LayerState } from "./stochastic-layer.js";

/** What a state has besides the options of its layer. */
type NoOptions = "layer" | "stream" | "step" | "pass";

/** A state that holds a rate holds exactly one of `rate` and `keep`. */
type RateOf<State> = "keep" extends keyof State ? RateOption : unknown;

/** The options of a constructor that a state holds, with a stream instead of its snapshot. */
export type OptionsOf<State extends LayerState> = Omit<State, NoOptions | "rate" | "keep"> &
  RateOf<State> & { readonly stream: MaskStream | undefined };

/** Makes a layer from a state: `make` gets the options that it holds, the counters are set here. */
export function resume<State extends LayerState, Layer extends { step: number; pass: number }>(
  name: string,
  state: State,
  make: (options: OptionsOf<State>) => Layer,
): Layer {
  checkState(name, state);
  checkKey(`${name}.fromState`, state.key, "state.key");
  return atCounters(name, state, () => make(optionsOf(state, undefined)));
}

function optionsOf<State extends LayerState>(state: State, stream: MaskStream | undefined): OptionsOf<State> {
  const { layer: _layer, step: _step, pass: _pass, ...options } = state;
  return { ...options, stream } as unknown as OptionsOf<State>;
}

/** {@link resume} for layers that may be on a stream: `stream` goes back to where the state has it. */
export function resumeOnStream<State extends LayerState, Layer extends { step: number; pass: number }>(
  name: string,
  state: State,
  stream: MaskStream | undefined,
  make: (options: OptionsOf<State>) => Layer,
): Layer {
  const where = `${name}.fromState`;
  checkState(name, state);
  if (state.stream === undefined) checkKey(where, state.key, "state.key");
  else if (stream === undefined) {
    throw new TypeError(`${where}: stream is missing; the state is that of a layer on a ${state.stream.stream} stream`);
  }
  const layer = atCounters(name, state, () => make(optionsOf(state, stream)));
  if (state.stream !== undefined) stream?.restore(state.stream);
  return layer;
}

function checkState(name: string, state: LayerState): void {
  if (state?.layer !== name) throw typeError(`${name}.fromState`, "state", `the state of a ${name} layer`, state);
}

function atCounters<Layer extends { step: number; pass: number }>(
  name: string,
  state: LayerState,
  make: () => Layer,
): Layer {
  const step = checkIndex(`${name}.fromState`, "state.step", state.step);
  const pass = checkIndex(`${name}.fromState`, "state.pass", state.pass);
  const layer = make();
  layer.step = step;
  layer.pass = pass;
  return layer;
}
