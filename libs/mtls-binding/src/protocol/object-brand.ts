/**
 * Its constructor returns the object it is given, so that the private fields of a class that extends this one are put on that
 * object: seen, forged and overwritten by nobody else, and gone with it. What a WeakMap does too, but an entry in one for each
 * request or token costs the garbage collector more than all checks together (docs/performance.md).
 */
export class ObjectBrand {
  constructor(object: object) {
    return object;
  }
}
