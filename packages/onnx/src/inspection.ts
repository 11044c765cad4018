// What inspect gives: plain data.

import type { Finding } from "hadamask";
import type { AnswerFacts } from "./answers/facts.js";
import type { HiddenPart } from "./graph/bodies.js";
import type { DropoutNode } from "./places/dropout-nodes.js";
import type { PlaceGroup } from "./places/groups.js";
import type { Placement } from "./places/placement.js";
import type { Place } from "./places/places.js";
import type { RowPlace } from "./predict/rows.js";
import type { Site } from "./sites.js";

/** An input or output of the model. */
export interface TensorInfo {
  readonly name: string;
  /** An element type, or "sequence of map of int64 to float32" and the like. */
  readonly type: string;
  /** Sizes; a name or "?" for axes of any size. undefined where the file does not say. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface InputInfo extends TensorInfo {
  /**
   * Where {@link monteCarlo} looks for rows unless it is told: an axis, "constant" or "none" (the input is one row).
   */
  readonly rows: RowPlace;
}

/** An output of the model. */
export interface OutputInfo extends TensorInfo {
  /** Whether it can be an answer: a tensor of floating-point numbers. */
  readonly isAnswer: boolean;
  /** The operator that makes its numbers, as far as it says what they are. A plain run tells more. */
  readonly maker: AnswerFacts["maker"];
}

/** A normalisation layer. */
export interface NormInfo {
  readonly name: string;
  readonly operator: string;
  /**
   * Whether it normalises by the batch it sees, as in training: predictions then depend on what else is in the batch.
   */
  readonly isTraining: boolean;
}

/** Plain data, safe in JSON. */
export interface Inspection {
  readonly opset: number;
  readonly irVersion: number;
  readonly producer: string;
  /** How many nodes of each operator. */
  readonly operators: Readonly<Record<string, number>>;
  readonly inputs: readonly InputInfo[];
  readonly outputs: readonly OutputInfo[];
  /** The output that is the answer: the one that was asked about, or the first that can be. undefined if none can. */
  readonly answer: string | undefined;
  /** Files that hold weights. */
  readonly externalData: readonly string[];
  readonly dropout: readonly Omit<DropoutNode, "node">[];
  /**
   * Parts that masks do not reach: functions of another opset, and bodies of operators other than If, Loop and Scan.
   */
  readonly hidden: readonly HiddenPart[];
  /** Where dropout can go. */
  readonly places: readonly Omit<Place, "node">[];
  /** The same by kind, for models with many. */
  readonly placeGroups: readonly PlaceGroup[];
  /** Places worth trying for the answer, without a rate; undefined if there are none or there are Dropout nodes. */
  readonly suggested: Placement | undefined;
  readonly normalisation: readonly NormInfo[];
  /** Nodes that draw random numbers by themselves. */
  readonly random: readonly string[];
  /** Extra inputs that {@link withDropout} made; empty for other models. */
  readonly sites: readonly Site[];
  /** What the library's `lint` says of the Dropout nodes and what comes after them. */
  readonly lint: readonly Finding[];
  /** Whole sentences: what follows. */
  readonly advice: readonly string[];
  /** Whole sentences: what in the file was ignored. */
  readonly warnings: readonly string[];
}
