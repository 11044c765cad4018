// The library's functions, called with values that they do not expect, and its layers from states that were altered.

import * as library from "../../../hadamask/dist/index.js";
import { mutatedValue, oddValue } from "./mutate.mjs";

const LAYERS = "Dropout GaussianDropout AlphaDropout ConcreteDropout SpatialDropout1D DropPath UniformDropout".split(
  " ",
);
const states = LAYERS.flatMap((name) => {
  try {
    return [
      JSON.parse(
        JSON.stringify(Reflect.construct(Reflect.get(library, name), [{ rate: 0.5, key: library.key(1) }]).state),
      ),
    ];
  } catch {
    return [];
  }
});

const FUNCTIONS = Object.entries(library).filter(([name, value]) => /^[a-z]/.test(name) && typeof value === "function");
// Those that others are made on are told their name first, which nobody but they do.
const BASES = /^(Stochastic|Mask|Noise|Decision|Dense|Recurrent)Layer$|^(Channel|Spatial)Dropout$|^DropBlock$/;
const CLASSES = Object.entries(library).filter(([name]) => /^[A-Z]/.test(name) && !BASES.test(name));

/** Arguments that mean something, one of which may be replaced. */
const usual = (random) =>
  random.pick([
    new Float32Array(8).fill(1),
    { rate: 0.5, key: library.key(1) },
    library.key(3),
    8,
    { rate: 0.5 },
    new Uint32Array(1),
    [4, 2],
  ]);

export const LIBRARY = {
  state: {
    make: (random) => mutatedValue(random.pick(states), random),
    put: (state) => {
      const layer = library.layerFromState(state);
      layer.forward(new Float32Array(8));
    },
  },
  api: {
    make: (random) => {
      const [name, value] = random.pick(random.isSo(0.8) ? FUNCTIONS : CLASSES);
      const args = Array.from({ length: random.below(4) }, () => usual(random));
      const at = random.below(args.length + 1);
      args[at] = random.isSo(0.5) ? oddValue(random) : mutatedValue(args[at] ?? usual(random), random);
      return { name, value, args };
    },
    put: ({ name, value, args }) => {
      const made = /^[A-Z]/.test(name) ? Reflect.construct(value, args) : value(...args);
      if (typeof made?.forward === "function") made.forward(args[0] ?? new Float32Array(4));
    },
  },
};
