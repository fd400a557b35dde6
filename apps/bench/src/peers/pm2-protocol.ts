export type Pm2Method = 'connect' | 'watch' | 'start' | 'pids' | 'stop' | 'reload' | 'delete' | 'kill';

export interface Pm2Request {
  readonly id: number;
  readonly method: Pm2Method;
  readonly args?: unknown;
}

export type Pm2Reply =
  { readonly id: number; readonly result?: unknown; readonly error?: string } | { readonly line: string };
