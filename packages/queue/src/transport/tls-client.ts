import { connect, type TLSSocket } from 'node:tls';

/** The one cipher whose hash OpenSSL takes for keys that are given by a callback. */
const CIPHER = 'TLS_AES_128_GCM_SHA256';

export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  readonly identity: string;
  readonly key: Buffer;
}

/**
 * Connects over TLS 1.3 with a pre-shared key, by which each side knows the other. `secureConnect`: it is there.
 *
 * A server that shows a certificate instead, whoever has signed it, does not know the key and is refused.
 */
export function connectTls({ host, port, identity, key }: TlsTarget): TLSSocket {
  return connect({
    host,
    port,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHER,
    pskCallback: () => ({ identity, psk: key }),
    // Called for servers with a certificate only.
    checkServerIdentity: () => new Error('the server has a certificate, but not the key of the queue group'),
  });
}
