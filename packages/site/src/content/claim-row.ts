// A row of `hadamask verify --json`.

export type ClaimValue = number | string | null | readonly (number | string | null)[];

export interface ClaimRow {
  readonly id: string;
  readonly source: string;
  readonly place: string;
  readonly claim: string;
  readonly right: string | null;
  readonly severity: "A" | "B" | "C" | null;
  readonly verdict: "holds" | "corrected" | "noted" | "fails";
  readonly measured: ClaimValue;
  readonly measures: readonly {
    readonly what: string;
    readonly measured: ClaimValue;
    readonly relation: string;
    readonly expected: ClaimValue;
    readonly bound: number;
    readonly passes: boolean;
  }[];
}
