export function spread(text: string): string;
