// Modules of Node, if this is Node; found without an import, which bundlers for browsers would follow.

/** The module `node:<name>`; undefined elsewhere. */
export function nodeModule<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(`node:${name}`) as T | undefined;
}
