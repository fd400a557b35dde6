import { describe, expect, it } from 'vitest';
import { renderReference } from './reference.js';

describe('renderReference', () => {
  const reference = renderReference();

  it('has a table for each section', () => {
    const headings = [...reference.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toContain('`groups.<name>`');
    expect(headings).toContain('Process settings');
    expect(headings).toContain('`job_queues.<name>`');
    expect(new Set(headings).size).toBe(headings.length);
  });

  it('has key, type, default and meaning of each key', () => {
    expect(reference).toContain('| `timeout` | duration | `30` | Silence after which');
    expect(reference).toContain('| `priority` | integer, -20 to 19 | `0` | ');
    expect(reference).toContain('| `command` | text | required | ');
    expect(reference).toContain('| `restart` | never \\| on-failure \\| always | ');
  });

  it('marks what is not supported yet', () => {
    const row = (key: string) => reference.split('\n').find((line) => line.startsWith(`| \`${key}\``)) ?? '';
    expect(row('job_queues')).toContain('Not supported yet');
    expect(row('source')).toContain('Not supported yet');
    expect(row('log')).not.toContain('Not supported yet');
    expect(row('reload')).not.toContain('Not supported yet');
    expect(row('remote')).not.toContain('Not supported yet');
    expect(row('remote_feeder')).not.toContain('Not supported yet');
    expect(row('queue_groups')).not.toContain('Not supported yet');
    expect(row('target_latency')).not.toContain('Not supported yet');
    expect(row('depends_on')).not.toContain('Not supported yet');
    expect(row('memory_limit')).not.toContain('Not supported yet');
    expect(row('timeout')).not.toContain('Not supported yet');
  });

  it('has tables that are whole', () => {
    const rows = reference.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
  });
});
