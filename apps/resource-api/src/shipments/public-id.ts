/** What an id of ours begins with where a caller sees it. */
export type IdPrefix = 'ptn' | 'shp';

/** `shp_` and 32 hexadecimal digits for the uuid of a row. */
export function publicIdOf(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`;
}

/** The uuid behind a public id; undefined when the text is none. Only the spelling of `publicIdOf` is accepted. */
export function uuidFrom(prefix: IdPrefix, publicId: string): string | undefined {
  const digits = /^([a-z]{3})_([0-9a-f]{32})$/.exec(publicId);
  if (digits?.[1] !== prefix) return undefined;
  return digits[2]!.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
