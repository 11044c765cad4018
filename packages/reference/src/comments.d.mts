export function spread(text: string): string;
export function spreadComment(comment: { summary: { kind: string; text: string }[] } | undefined): void;
