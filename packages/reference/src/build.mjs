// Writes the reference, as Markdown for the site, from the comments of the sources. A warning of TypeDoc is a failure.
// node packages/reference/src/build.mjs

import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, Converter } from "typedoc";
import { MarkdownPageEvent } from "typedoc-plugin-markdown";
import { spreadComment } from "./comments.mjs";
import { contentsOf, contentsPage } from "./contents.mjs";
import { entryFiles } from "./entries.mjs";

const path = (below) => fileURLToPath(new URL(below, import.meta.url));
const out = path("../../site/pages/reference");

const app = await Application.bootstrapWithPlugins({
  plugin: ["typedoc-plugin-markdown"],
  entryPoints: entryFiles(),
  tsconfig: path("../tsconfig.json"),
  skipErrorChecking: true, // `npm run types` checks them
  sortEntryPoints: false,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true, // what a class has from an engine
  disableSources: true,
  readme: "none",
  outputs: [{ name: "markdown", path: out }],
  router: "member",
  membersWithOwnFile: ["Class"],
  entryFileName: "index.md",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCustomAnchors: true,
  sanitizeComments: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  groupOrder: ["Functions", "Classes", "Variables", "*"],
  pageTitleTemplates: { module: "{name}", member: "{name}" },
});

app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
  for (const reflection of Object.values(project.reflections)) spreadComment(reflection.comment);
});
app.renderer.on(MarkdownPageEvent.END, (page) => {
  // "Parameters", "Returns" and the like are not headings here: they would be found as such, and take the addresses of
  // what is really called so. What is left below them moves up, so that no level is passed over.
  const contents = page.contents.replaceAll(/^#{4,} (?!.*\{#)(.+)$/gm, "**$1**").replaceAll(/^#{5,} /gm, "#### ");
  page.contents = `---\noutline: [2, 3]\n---\n\n${contents}`;
});

let names = 0;
app.renderer.postRenderAsyncJobs.push(async ({ project }) => {
  // The addresses are known while pages are written, and not after that.
  const contents = contentsOf(project, (reflection) => app.renderer.router.getFullUrl(reflection));
  names = contents.reduce((sum, entry) => sum + entry.names.length, 0);
  writeFileSync(`${out}/index.md`, contentsPage(contents));
  writeFileSync(`${out}/contents.json`, JSON.stringify(contents));
});

const project = await app.convert();
if (project === undefined) throw new Error("the sources could not be read");
app.validate(project);
rmSync(out, { recursive: true, force: true });
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) {
  console.error("the reference has warnings; mend the comments that they name");
  process.exit(1);
}
console.log(`reference: ${names} names`);
