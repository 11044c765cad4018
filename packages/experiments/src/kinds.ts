// The names of the networks. What each is, is in models/.

/** Recurrent cells. */
export type CellKind = "gru" | "lstm";
export type ModelKind = "mlp" | "cnn" | "residual" | CellKind;
