export const ENTRIES: Readonly<Record<string, readonly string[]>>;
