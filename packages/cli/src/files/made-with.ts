// What two saved files were made with differently.

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * To stand after "was made with": "input rate 0.1, not 0.2", or "other data"; undefined where there is no difference.
 *
 * Settings have their names as words. Data and files are kept as SHA-256, which tells nobody anything.
 */
export function madeWith<Settings extends object>(found: Settings, wanted: Settings): string | undefined {
  for (const name of Object.keys({ ...found, ...wanted }) as (keyof Settings & string)[]) {
    const values = [found[name], wanted[name]];
    const [is, expected] = values.map((value) => JSON.stringify(value));
    if (is === expected) continue;
    if (values.some((value) => typeof value === "string" && SHA256.test(value)))
      return name === "variantFiles" ? "other files of --variant" : "other data";
    return `${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${is}, not ${expected}`;
  }
  return undefined;
}
