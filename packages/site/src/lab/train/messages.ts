// What a page and the worker that trains for it say to one another.

import type { TrainRequest } from "@hadamask/experiments/settings";
import type { DataFacts, TrainingView } from "./view.js";

export type ToWorker =
  /** Reads the digits, or the reader's own table. */
  | { readonly kind: "load"; readonly file?: File; readonly label: string }
  /** Gets ready to train; nothing is trained yet. */
  | { readonly kind: "start"; readonly request: TrainRequest }
  | { readonly kind: "play" }
  | { readonly kind: "pause" }
  /** One epoch of every network. */
  | { readonly kind: "step" };

export type FromWorker =
  | { readonly kind: "data"; readonly data: DataFacts }
  | { readonly kind: "view"; readonly view: TrainingView }
  | { readonly kind: "stopped" }
  | { readonly kind: "error"; readonly message: string };
