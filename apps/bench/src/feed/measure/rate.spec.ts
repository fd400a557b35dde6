import { describe, expect, it, vi } from 'vitest';
import { Rate } from './rate.js';

describe('Rate', () => {
  it('counts from the second item on', () => {
    const now = vi.spyOn(performance, 'now');
    const rate = new Rate(10);
    now.mockReturnValue(0);
    rate.sent();
    now.mockReturnValue(5000);
    for (let sent = 1; sent < rate.total; sent++) rate.sent();
    now.mockReturnValue(5500);
    expect(rate.sample()).toEqual({ itemsPerSecond: 20 });
    now.mockRestore();
  });
});
