/** Under which name and version the process logs, counts and describes itself. */
export const SERVICE = { name: 'partner-registry', version: '0.1.0' } as const;
