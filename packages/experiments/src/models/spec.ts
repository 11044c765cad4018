// The networks that `--model` knows: what each is, which options it takes, how it is put in words. Loads no engine:
// the help text needs it. The networks themselves are in the files of their names, and listed in build.ts.

import type { Dataset } from "../data/dataset.js";
import type { ModelKind } from "../kinds.js";
import { listed } from "../listed.js";
import type { ModelSummary } from "../result.js";
import { UsageError } from "../usage.js";

type Activation = ModelSummary["activation"];
type Image = { readonly height: number; readonly width: number };

interface Entry {
  readonly about: string;
  /** What the numbers of `--hidden` are. */
  readonly sizes: string;
  readonly hidden: readonly number[];
  /** Of Adam. With it the network without dropout learns 1,000 digits by heart in the default number of epochs. */
  readonly learningRate: number;
  /** The first one is the default. */
  readonly activations: readonly Activation[];
  /** What is compared where the user does not say. */
  readonly variants: readonly string[];
  /** What to vary to find the right rate: the name of a variant. */
  readonly main: string;
  readonly needsImage: boolean;
  /** The only number of sizes that it takes, if there is one. */
  readonly sizeCount?: number;
  /** "fully connected, hidden layers of 256 and 256 units". */
  describe(hidden: readonly number[], image: Image | undefined): string;
  /** The picture that the weights of a unit of the first layer form, if they form one. */
  unitImage(image: Image | undefined): Image | undefined;
}

const ACTIVATIONS: readonly Activation[] = ["relu", "tanh", "selu"];

const pixels = (image: Image | undefined): string => (image === undefined ? "" : `${image.height} × ${image.width}`);

const recurrent = (name: string): Entry => ({
  about: `${name} that reads a picture row by row, and a dense layer`,
  sizes: "units of the state",
  hidden: [64],
  learningRate: 3e-3,
  activations: ["tanh"],
  variants: ["none", "gal:0.2"],
  main: "gal",
  needsImage: true,
  sizeCount: 1,
  describe: ([units], image) =>
    `${name} of ${units} units over ${image?.height} rows of ${image?.width} pixels, and a dense layer`,
  unitImage: () => undefined,
});

const ENTRIES: Readonly<Record<ModelKind, Entry>> = {
  mlp: {
    about: "fully connected layers",
    sizes: "units of the hidden layers",
    hidden: [256, 256],
    learningRate: 1e-3,
    activations: ACTIVATIONS,
    variants: ["none", "early-stopping", "weight-decay:0.001", "bernoulli:0.5"],
    main: "bernoulli",
    needsImage: false,
    describe: (hidden) => `fully connected, hidden layers of ${listed(hidden)} units`,
    unitImage: (image) => image,
  },
  cnn: {
    about: "3 × 3 convolutions of a picture, each followed by halving it, and a dense layer",
    sizes: "feature maps of the convolutions",
    hidden: [16, 32],
    learningRate: 1e-2,
    activations: ACTIVATIONS,
    variants: ["none", "channel:0.2"],
    main: "channel",
    needsImage: true,
    describe: (hidden, image) =>
      `3 × 3 convolutions of ${pixels(image)} pixels with ${listed(hidden)} maps, the picture halved after ` +
      `each, and a dense layer`,
    unitImage: () => ({ height: 3, width: 3 }),
  },
  gru: recurrent("a GRU"),
  lstm: recurrent("an LSTM"),
  residual: {
    about: "residual blocks of two dense layers on a stream as wide as the first block",
    sizes: "units inside of the blocks",
    hidden: [64, 64, 64, 64, 64, 64],
    learningRate: 1e-3,
    activations: ACTIVATIONS,
    variants: ["none", "drop-path:0.5"],
    main: "drop-path",
    needsImage: false,
    describe: (hidden) => {
      const units = new Set(hidden).size === 1 ? hidden[0] : listed(hidden);
      return `residual, ${hidden.length} blocks of ${units} units on a stream of ${hidden[0]}`;
    },
    unitImage: (image) => image,
  },
};

export const DEFAULT_MODEL: ModelKind = "mlp";

export const MODELS = Object.keys(ENTRIES) as readonly ModelKind[];

/**
 * @example
 * ```ts
 * import { modelEntry } from "@hadamask/experiments/settings";
 * console.log(modelEntry("mlp").hidden); // [ 256, 256 ]
 * ```
 */
export const modelEntry = (kind: ModelKind): Entry => ENTRIES[kind];

/** What was asked for of a network; what is undefined is chosen to fit the model. */
export interface NetworkRequest {
  readonly model: ModelKind;
  readonly hidden: readonly number[] | undefined;
  readonly activation: Activation | undefined;
}

/** The sizes and the activation of a network. @throws {UsageError} If the model does not take what was asked for. */
export function networkSettings(request: NetworkRequest): { hidden: readonly number[]; activation: Activation } {
  const { model, hidden = ENTRIES[model].hidden, activation = ENTRIES[model].activations[0]! } = request;
  const { activations, sizeCount } = ENTRIES[model];
  if (hidden.length === 0 || !hidden.every((size) => size >= 1)) {
    throw new UsageError(`train: --hidden must be sizes of at least 1, got ${hidden.join(",")}`);
  }
  if (sizeCount !== undefined && hidden.length !== sizeCount) {
    throw new UsageError(`train: --hidden must be one size for --model ${model}, got ${hidden.join(",")}`);
  }
  if (!activations.includes(activation)) {
    throw new UsageError(
      `train: --activation must be ${activations.join(", ")} for --model ${model}, got ${activation}`,
    );
  }
  return { hidden, activation };
}

/** @throws {UsageError} If the model needs pictures and the data are none. */
export function checkData(model: ModelKind, data: Dataset): void {
  if (!ENTRIES[model].needsImage || data.image !== undefined) return;
  const others = listed(
    MODELS.filter((kind) => !ENTRIES[kind].needsImage),
    "or",
  );
  throw new UsageError(`train: --data must be pictures for --model ${model}, got ${data.name}; take --model ${others}`);
}

/**
 * A network in short: "64-256-256-10", "cnn 64-16-32-10".
 *
 * @example
 * ```ts
 * import { networkName } from "@hadamask/experiments/settings";
 * console.log(networkName({ kind: "cnn", hidden: [16, 32] }, 64, 10)); // cnn 64-16-32-10
 * ```
 */
export function networkName(model: Pick<ModelSummary, "kind" | "hidden">, features: number, classes: number): string {
  const sizes = [features, ...model.hidden, classes].join("-");
  return model.kind === "mlp" ? sizes : `${model.kind} ${sizes}`;
}
