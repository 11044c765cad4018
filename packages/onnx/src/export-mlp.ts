// A trained multilayer perceptron as an ONNX model. Pure: arrays in, bytes out.

import { checkRate, describe } from "./check.js";
import { checkTarget, type TargetDescription, targetOutputs } from "./export-target.js";
import { GraphBuilder } from "./graph-builder.js";
import { type ColumnNote, notesOf } from "./notes.js";
import { writeModel } from "./protobuf/codec.js";
import { tensorInfo, wholeNumber } from "./protobuf/make.js";
import { DATA_TYPE, type ModelProto, type ValueInfoProto } from "./protobuf/types.js";

/** A dense layer: y = x w + b. */
export interface DenseLayer {
  /** inputs x outputs numbers in C order. */
  readonly weights: Float32Array;
  /** One for each output. */
  readonly biases: Float32Array;
}

/** Activations, and the operators that compute them; `Selu` has the constants of Klambauer et al. as its defaults. */
const OPERATORS = { relu: "Relu", tanh: "Tanh", selu: "Selu" } as const;

export interface MlpDescription {
  /** From the inputs on; all but the last are followed by the activation. */
  readonly layers: readonly DenseLayer[];
  readonly activation: "relu" | "tanh" | "selu";
  /** What was done to the features before they went in: input = (feature - shift) * factor, column by column. */
  readonly normalisation?: { readonly shift: ArrayLike<number>; readonly factor: ArrayLike<number> };
  /** Whether features that are NaN become the shift of their column, the mean of what it was trained on. */
  readonly fillMissing?: boolean;
  /** Rate of the dropout on the inputs; 0 or absent for none. */
  readonly inputRate?: number;
  /** Rate of the dropout after each hidden layer; 0 or absent for none. */
  readonly hiddenRate?: number;
  /** Names of the classes, in the order of the outputs; kept in the file, where `readNotes` finds them. */
  readonly classes?: readonly string[];
  /**
   * The value that is predicted in place of classes: the last layer gives its mean, and the log variance of its noise.
   */
  readonly target?: TargetDescription;
  /** How the columns of a table became features; kept in the file, too. */
  readonly columns?: readonly ColumnNote[];
  /** How the features form a picture, in C order; kept in the file, too. */
  readonly image?: { readonly height: number; readonly width: number };
  /** Shown by tools that open the file. */
  readonly name?: string;
  readonly description?: string;
  readonly producerVersion?: string;
}

/** An opset that every runtime of the last years reads, with training_mode as an input of Dropout. */
const [OPSET, IR_VERSION] = [13, 7];

/**
 * Writes a multilayer perceptron as an ONNX file: features as they stand in the data, class probabilities out.
 *
 *     x -> (x - shift) * factor -> Dropout -> Gemm -> activation -> Dropout -> … -> Gemm -> Softmax -> probabilities
 *
 * or, with a `target`, a mean and a log variance in its own unit in place of the softmax.
 *
 * Shapes. Input `x` is [rows, features], output `probabilities` [rows, classes], both float32; output `logits`
 * likewise. With a `target`: outputs `mean` and `log_variance`, [rows, 1] each.
 * Numerics. Dropout nodes are in inference mode, as the standard wants them in a trained model: they change nothing
 *   until `monteCarlo` or `withDropout` turns them into inputs.
 *
 * @throws {TypeError | RangeError} If the sizes of the layers do not fit each other, or a rate is not in [0, 1].
 * @example
 * ```ts
 * import { inspect, readModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const bytes = exportMlp({
 *   layers: [{ weights: new Float32Array(4).fill(1), biases: new Float32Array(2) }],
 *   activation: "relu",
 *   normalisation: { shift: new Float64Array(2), factor: new Float64Array(2).fill(1) },
 *   inputRate: 0.1,
 *   hiddenRate: 0.5,
 *   classes: ["yes", "no"],
 *   name: "one layer",
 * });
 * console.log(inspect(readModel(bytes)).dropout.length); // 1
 * ```
 */
export function exportMlp(mlp: MlpDescription): Uint8Array {
  const sizes = layerSizes(mlp);
  const builder = new GraphBuilder();
  let x = normalise(builder, mlp, sizes[0]!);
  x = drop(builder, x, mlp.inputRate, "input");
  mlp.layers.forEach(({ weights, biases }, i) => {
    const isLast = i === mlp.layers.length - 1;
    builder.weight(`layer${i + 1}.weights`, [sizes[i]!, sizes[i + 1]!], weights);
    builder.weight(`layer${i + 1}.biases`, [sizes[i + 1]!], biases);
    const sum = isLast ? "logits" : `layer${i + 1}.sum`;
    builder.node("Gemm", `layer${i + 1}`, [x, `layer${i + 1}.weights`, `layer${i + 1}.biases`], sum);
    if (isLast) return;
    const active = `layer${i + 1}.active`;
    builder.node(OPERATORS[mlp.activation], `activation${i + 1}`, [sum], active);
    x = drop(builder, active, mlp.hiddenRate, `hidden${i + 1}`);
  });
  if (mlp.target !== undefined) targetOutputs(builder, mlp.target, "logits");
  else builder.node("Softmax", "softmax", ["logits"], "probabilities", [wholeNumber("axis", -1)]);
  return writeModel(modelOf(mlp, builder, sizes[0]!, sizes.at(-1)!));
}

/** Sizes of all layers, inputs and outputs included, from the lengths of the arrays. */
function layerSizes({ layers, activation, normalisation, classes, target }: MlpDescription): number[] {
  const where = "exportMlp";
  if (layers.length === 0) throw new RangeError(`${where}: layers must have at least one entry, got 0`);
  if (!Object.hasOwn(OPERATORS, activation)) {
    throw new RangeError(`${where}: activation must be "relu", "tanh" or "selu", got ${describe(activation)}`);
  }
  const sizes = [layers[0]!.weights.length / layers[0]!.biases.length];
  layers.forEach(({ weights, biases }, i) => {
    const fits = biases.length > 0 && Number.isInteger(sizes[i]) && weights.length === sizes[i]! * biases.length;
    if (!fits) {
      const rule = i === 0 ? "a whole number of rows" : `${sizes[i]} rows`;
      throw new RangeError(
        `${where}: layers[${i}].weights must have ${rows(rule, biases.length)}, got ${weights.length} numbers`,
      );
    }
    sizes.push(biases.length);
  });
  for (const name of ["shift", "factor"] as const) {
    const length = normalisation?.[name].length;
    if (length !== undefined && length !== sizes[0]) {
      throw new RangeError(
        `${where}: normalisation.${name} must have ${sizes[0]} numbers, one a feature, got ${length}`,
      );
    }
  }
  if (classes !== undefined && classes.length !== sizes.at(-1)) {
    throw new RangeError(
      `${where}: classes must have ${sizes.at(-1)} names, one for each output, got ${classes.length}`,
    );
  }
  checkTarget(where, target, sizes.at(-1)!);
  return sizes;
}

const rows = (rule: string, columns: number): string => `${rule} of ${columns} numbers, one for each bias`;

function normalise(builder: GraphBuilder, mlp: MlpDescription, features: number): string {
  const { normalisation, fillMissing } = mlp;
  if (normalisation === undefined) return "x";
  builder.weight("normalisation.shift", [features], normalisation.shift);
  builder.weight("normalisation.factor", [features], normalisation.factor);
  let x = "x";
  if (fillMissing) {
    builder.node("IsNaN", "missing.is", ["x"], "missing.mask");
    builder.node("Where", "missing.fill", ["missing.mask", "normalisation.shift", "x"], "missing.out");
    x = "missing.out";
  }
  builder.node("Sub", "normalisation.sub", [x, "normalisation.shift"], "normalisation.centred");
  builder.node("Mul", "normalisation.mul", ["normalisation.centred", "normalisation.factor"], "normalisation.out");
  return "normalisation.out";
}

function drop(builder: GraphBuilder, x: string, rate: number | undefined, place: string): string {
  if (rate === undefined || checkRate("exportMlp", rate, place === "input" ? "inputRate" : "hiddenRate") === 0)
    return x;
  const ratio = `dropout.${place}.ratio`;
  builder.weight(ratio, [], [rate]);
  builder.node("Dropout", `dropout.${place}`, [x, ratio], `dropout.${place}.out`);
  return `dropout.${place}.out`;
}

function modelOf(mlp: MlpDescription, { nodes, weights }: GraphBuilder, features: number, classes: number): ModelProto {
  const info = (name: string, columns: number): ValueInfoProto =>
    tensorInfo(name, DATA_TYPE.float, [{ dimParam: "rows" }, { dimValue: columns }]);
  const graph = {
    name: mlp.name ?? "mlp",
    ...(mlp.description === undefined ? {} : { docString: mlp.description }),
    node: nodes,
    initializer: weights,
    input: [info("x", features)],
    output:
      mlp.target === undefined
        ? [info("probabilities", classes), info("logits", classes)]
        : [info("mean", 1), info("log_variance", 1)],
  };
  return {
    irVersion: IR_VERSION,
    producerName: "hadamask",
    ...(mlp.producerVersion === undefined ? {} : { producerVersion: mlp.producerVersion }),
    opsetImport: [{ domain: "", version: OPSET }],
    graph,
    metadataProps: notesOf({
      ...mlp,
      target: mlp.target && { name: mlp.target.name, logVariance: "log_variance" },
    }),
  };
}
