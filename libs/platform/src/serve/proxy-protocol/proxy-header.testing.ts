export const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

export interface HeaderToWrite {
  /** version and command; version 2, PROXY unless told */
  command?: number;
  family: number;
  rest: Buffer;
}

/** A header as a balancer writes it, with every field to get wrong. */
export function proxyHeader({ command = 0x21, family, rest }: HeaderToWrite): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([SIGNATURE, Buffer.from([command, family]), length, rest]);
}

/** For a connection over IPv4 from this address, port 49153. */
export function proxiedFrom(address: string): Buffer {
  const source = Buffer.from(address.split('.').map(Number));
  return proxyHeader({
    family: 0x11,
    rest: Buffer.concat([source, Buffer.from([10, 0, 0, 1, 0xc0, 0x01, 0x24, 0xe3])]),
  });
}
