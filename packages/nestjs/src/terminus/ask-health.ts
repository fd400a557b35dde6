import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Health } from '@distributed-architecture/core';

/** Who answers more is no master. */
const MOST_BYTES = 65_536;

/**
 * What a master says of itself over TCP.
 *
 * @throws Error when nobody answers, or something else than a master does
 */
export async function askHealth(url: URL, signal: AbortSignal): Promise<Health> {
  const { status, body } = await request(url, signal);
  const answer = parse(body);
  if (answer === undefined) throw new Error(`what answers there is no master: status ${status}`);
  return answer;
}

function request(url: URL, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const sent = get(url, { signal, agent: false });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) response.destroy(new Error('it answers more than a master does'));
      });
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
  });
}

function parse(body: string): Health | undefined {
  try {
    const { status, reasons } = (JSON.parse(body) ?? {}) as { status?: unknown; reasons?: unknown };
    if (status !== 'ok' && status !== 'unavailable') return undefined;
    const isList = Array.isArray(reasons) && reasons.every((each) => typeof each === 'string');
    return isList ? { status, reasons } : undefined;
  } catch {
    return undefined;
  }
}
