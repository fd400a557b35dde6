import type { SshAccess } from '../harness/sshd.js';

export interface RawChannelPlan {
  readonly address: string;
  readonly port: number;
  readonly access: SshAccess;
  readonly command: string;
  readonly lines: number;
}
