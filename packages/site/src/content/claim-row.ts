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

/** What chapters tell of a claim: what is said, what is right, and what the row's first measure is, if it has one. */
export interface ToldClaim {
  readonly said: string;
  readonly right: string;
  readonly what?: string | undefined;
}

/** A mistake that a chapter shows, in the language of its page. */
export interface Mistake {
  readonly id: string;
  readonly said: string;
  readonly right: string;
  readonly measure?: { readonly what: string; readonly measured: ClaimValue };
}
