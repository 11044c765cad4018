// What users install with our packages: an SBOM (CycloneDX, by `npm sbom`), the licence of each package, and what is
// known against them (`npm audit`). Reads the lock file of a folder in which our tarballs are installed. Where no
// registry can be asked it says so, and refuses nothing for it.

import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** Licences that ask for their text to be kept with the package, and for nothing of ours. */
const ALLOWED = ["MIT", "ISC", "0BSD", "BlueOak-1.0.0", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0"];
/** Where package.json has no name of a licence: read by hand in the file LICENSE of that version. */
const READ = { "dejavu-fonts-ttf@2.37.3": "Bitstream-Vera" };

/**
 * @param {string} folder With a package-lock.json.
 * @param {string} file Where the SBOM is written.
 * @returns {string[]} What is wrong, a sentence each.
 */
export function checkMaterials(folder, file) {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"];
  const text = execFileSync("npm", args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 });
  writeFileSync(file, text);
  const packages = JSON.parse(text).components.map(({ name, version, licenses = [] }) => ({
    name: `${name}@${version}`,
    licence: READ[`${name}@${version}`] ?? (licenses.map(licenceOf).join(" or ") || "none"),
  }));
  for (const { name, licence } of packages) console.log(`    ${name}: ${licence}`);
  const odd = packages.filter(({ name, licence }) => READ[name] === undefined && !isAllowed(licence));
  return [...odd.map(({ name, licence }) => `${name} has the licence ${licence}`), ...known(folder)];
}

const licenceOf = ({ license, expression }) => expression ?? license?.id ?? license?.name ?? "none";

/** One of several that may be chosen is enough. */
const isAllowed = (licence) => licence.split(/ or /i).some((one) => ALLOWED.includes(one.replace(/[()]/g, "")));

/** Vulnerabilities that the registry knows of. */
function known(folder) {
  const { stdout } = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: folder, encoding: "utf8" });
  const found = parsed(stdout);
  if (found?.metadata?.vulnerabilities === undefined) {
    const why = String(found?.error?.summary || found?.message || "no answer").split("\n")[0];
    console.log(`    npm audit: not done, the registry cannot be asked (${why})`);
    return [];
  }
  console.log(`    npm audit: ${found.metadata.vulnerabilities.total} known vulnerabilities`);
  return Object.entries(found.vulnerabilities).map(([name, { severity }]) => `${name} has a known fault (${severity})`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
