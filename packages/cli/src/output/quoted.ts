// Values as they are typed. Knows no command.

/** A value as a shell takes it. */
export const quoted = (value: string): string =>
  /^[\w./:,@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
