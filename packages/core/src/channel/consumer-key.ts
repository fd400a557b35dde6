/**
 * The key by which a feeder knows one incarnation of a consumer: 32 bytes. Only the feeder has the key of its queue
 * group, so no consumer can pass for another.
 */
export function consumerKey(groupKey: Buffer, id: number, incarnation: number): Buffer {
  // Every slave loads this file, few need the key: and cryptography is 0.8 MB.
  const { createHmac } = process.getBuiltinModule('node:crypto');
  return createHmac('sha256', groupKey).update(`consumer ${id}.${incarnation}`).digest();
}
