// How large a pass over sequences is.

export interface RunSize {
  readonly batch: number;
  readonly time: number;
  readonly inputs: number;
  readonly hidden: number;
}
