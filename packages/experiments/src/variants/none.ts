// No dropout: nothing is changed and nothing is drawn. By itself, and with what one does against overfitting without
// it.

import type { Activate, ActiveVariant } from "./active.js";

const NOTHING: ActiveVariant = { hooks: {}, train: () => ({}), eval: () => ({}), isPlainInPrediction: true };

export const none: Activate = () => NOTHING;

/** As many epochs as were best for a part of the training rows, then trained anew on all of them. */
export const earlyStopping: Activate = () => ({ ...NOTHING, validationShare: 0.2 });

/** Squared weights in the loss, as in PyTorch's Adam (Krogh and Hertz, NIPS 1991). */
export const weightDecay: Activate = ({ decay }) => ({ ...NOTHING, weightDecay: decay! });
