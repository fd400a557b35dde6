import { DEFAULTS } from '../defaults.js';
import { duration } from '../types/number-types.js';
import { choice, path, text, variableName } from '../types/text-types.js';
import { ProcessSection } from './process-section.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({
  id: 'ssh',
  path: 'SSH settings',
  description:
    'How hosts are reached. Where `user@host:port`, `path` and `bin_path` are the same, there is one agent, and these have to be the same, too.',
})
export class SshSection extends ProcessSection {
  @Setting({
    type: path({ remote: true }),
    defaultNote: "the master's own node",
    description: "Program that runs the console on the host; `~` is the remote user's home",
  })
  override binPath?: string;

  @Setting({
    type: path({ resolved: true, remote: true }),
    defaultNote: "the master's",
    description: "Working directory on the host; `~` is the remote user's home",
  })
  override path?: string;

  @Setting({
    type: text(),
    defaultNote: 'that of `hosts`, of `~/.ssh/config`, else the user that runs the master',
    description: 'User on the host',
  })
  username?: string;

  @Setting({
    type: path(),
    defaultNote: 'SSH agent, then `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa`',
    description: "File with the private key, on the master's machine",
  })
  privateKey?: string;

  @Setting({
    type: variableName(),
    defaultNote: 'none',
    description: 'Name of the environment variable that has the passphrase of an encrypted key',
    secret: true,
  })
  passphraseEnv?: string;

  @Setting({
    type: path(),
    defaultNote: '`~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`',
    description: "File with the host keys, on the master's machine",
  })
  knownHosts?: string;

  @Setting({
    type: choice('strict', 'accept-new', 'off'),
    default: DEFAULTS.hostKeyChecking,
    description: 'What a host key must be: known, new or known, anything',
  })
  hostKeyChecking?: 'strict' | 'accept-new' | 'off';

  @Setting({
    type: duration({ min: 1, max: 86_400 }),
    default: DEFAULTS.lease,
    description: 'Time without the master after which processes on the host are stopped',
  })
  lease?: number;

  @Setting({
    type: duration({ min: 0.1, max: 3600 }),
    default: DEFAULTS.connectTimeout,
    description: 'Time in which a connection must be made',
  })
  connectTimeout?: number;
}
