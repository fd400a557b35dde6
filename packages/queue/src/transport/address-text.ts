import { isIP } from 'node:net';
import type { FeedAddress } from './byte-link.js';

/** For logs: the path, or host and port. */
export function addressText(address: FeedAddress): string {
  if ('path' in address) return address.path;
  return isIP(address.host) === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Whether only this machine can connect. */
export function isLoopback(address: FeedAddress): boolean {
  if ('path' in address) return true;
  return address.host === 'localhost' || address.host === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(address.host);
}
