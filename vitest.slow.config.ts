import base from "./vitest.config.js";
const config = base as any;
for (const project of config.test.projects) Object.assign(project.test, { testTimeout: 900_000, hookTimeout: 900_000 });
config.test.maxWorkers = 1;
export default config;
