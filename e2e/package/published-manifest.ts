/** What we look at in a package.json; the rest passes through. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Fields that only this workspace understands, or that would keep npm from publishing. */
const OURS_ALONE = ['private', 'nx', 'devDependencies'];
/** The export condition that leads to the sources: nobody else compiles them. */
const SOURCE_CONDITION = '@partner-ecosystem/source';

/**
 * The package.json that goes into the tarball.
 * @param versions of the packages that are published together, by name: `"*"` of this workspace becomes that version
 * @throws Error when it depends on a package of this workspace that is not published
 */
export function publishedManifest(manifest: Manifest, versions: Readonly<Record<string, string>>): Manifest {
  const kept = Object.entries(manifest).filter(([field]) => !OURS_ALONE.includes(field));
  const published = withoutSources(Object.fromEntries(kept)) as Manifest;
  if (!manifest.dependencies) return published;
  const dependencies = Object.entries(manifest.dependencies).map(([name, range]): [string, string] => {
    if (range !== '*') return [name, range];
    const version = versions[name];
    if (version === undefined) throw new Error(`${manifest.name} depends on ${name}, which is not published`);
    return [name, version];
  });
  return { ...published, dependencies: Object.fromEntries(dependencies) };
}

function withoutSources(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([condition]) => condition !== SOURCE_CONDITION);
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutSources(inner)]));
}
