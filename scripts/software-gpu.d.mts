export function softwareGpu(env?: NodeJS.ProcessEnv): Record<string, string>;
