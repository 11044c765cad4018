// Which parts of a page come to life in a task of their own (src/state/in-own-task.ts says why). An import of one of
// them, in a page or in VitePress's theme, gets the component so wrapped.

import { fileURLToPath } from "node:url";

const WRAP = fileURLToPath(new URL("../src/state/in-own-task.ts", import.meta.url));
/** Around a component's file; with its own ending Vue would take the wrapping for a component. */
const [PREFIX, SUFFIX] = ["\0own-task:", ".js"];

/** Parts of VitePress's theme; of pages it is every component that they import. */
const PARTS: readonly string[] = [
  ...["VPNav", "VPNavBarSearch", "VPNavBarMenu", "VPNavBarTranslations", "VPNavBarAppearance", "VPNavBarExtra"],
  ...["VPLocalNav", "VPSidebar", "VPContent", "VPDocAside", "VPDocFooter"],
];

const isPart = (source: string, importer: string): boolean =>
  importer.endsWith(".md")
    ? source.endsWith(".vue")
    : /theme-default\/.*\.vue/.test(importer) && PARTS.some((part) => source.endsWith(`/${part}.vue`));

interface Context {
  resolve(source: string, importer: string, options: object): Promise<{ readonly id: string } | null>;
}

/** A plugin of Vite; untyped here because VitePress brings a Vite of its own. */
export const ownTasks = {
  name: "own-tasks",
  apply: "build" as const,
  enforce: "pre" as const,
  async resolveId(this: Context, source: string, importer: string | undefined): Promise<string | null> {
    if (importer === undefined || importer.startsWith(PREFIX) || !isPart(source, importer)) return null;
    const resolved = await this.resolve(source, importer, { skipSelf: true });
    return resolved && `${PREFIX}${resolved.id}${SUFFIX}`;
  },
  load(id: string): string | null {
    if (!id.startsWith(PREFIX)) return null;
    const [part, wrap] = [id.slice(PREFIX.length, -SUFFIX.length), WRAP].map((file) => JSON.stringify(file));
    return `import part from ${part}; import { inOwnTask } from ${wrap}; export default inOwnTask(part);`;
  },
};
