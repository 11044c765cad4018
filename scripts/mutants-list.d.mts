export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly tests?: readonly string[];
}
export const MUTANTS: readonly Mutant[];
export function timesIn(mutant: Mutant, text: string): number;
