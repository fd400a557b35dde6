import { expect, it } from 'vitest';
import { ownCgroup } from './cgroup.js';

const V1 = '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu';

it.each([
  [
    'version 2 alone',
    '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    '0::/user.slice/a.scope',
    '/sys/fs/cgroup/user.slice/a.scope',
  ],
  [
    'beside version 1',
    `${V1}\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`,
    '4:cpu:/x\n0::/',
    '/sys/fs/cgroup/unified',
  ],
  ['with optional fields', '30 23 0:26 / /cg rw shared:4 master:1 - cgroup2 none rw', '0::/a', '/cg/a'],
  [
    'a part of the tree is mounted',
    '30 23 0:26 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    '0::/docker/1/app',
    '/sys/fs/cgroup/app',
  ],
  ['blanks in the path', '30 23 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw', '0::/a', '/my groups/a'],
  [
    'ours is not in the mounted part',
    '30 23 0:26 /docker/1 /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
    '0::/docker/2',
    undefined,
  ],
  ['version 1 alone', V1, '4:cpu:/x', undefined],
  ['no /proc', '', '', undefined],
])('finds our own cgroup: %s', (_title, mountinfo, cgroup, expected) => {
  expect(ownCgroup(mountinfo, `${cgroup}\n`)).toBe(expected);
});
