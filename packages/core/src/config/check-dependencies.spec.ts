import { describe, expect, it } from 'vitest';
import { checkDependencies } from './check-dependencies.js';
import { DependencyError } from './dependency-error.js';

function problemsOf(dependencies: Readonly<Record<string, string[]>>): readonly string[] {
  try {
    checkDependencies(Object.entries(dependencies).map(([name, dependsOn]) => ({ name, dependsOn })));
    return [];
  } catch (error) {
    if (error instanceof DependencyError) return error.problems;
    throw error;
  }
}

describe('checkDependencies', () => {
  it('takes groups that wait for others, in any order', () => {
    expect(problemsOf({ A: ['C', 'B'], B: ['C'], C: [] })).toEqual([]);
    expect(() => checkDependencies([{ name: 'A' }, { name: 'B', dependsOn: ['A'] }])).not.toThrow();
  });

  it('refuses names that are no group, all at once', () => {
    expect(problemsOf({ Mailer: ['Nothing like it'], B: ['Mialer', 'Mailer'] })).toEqual([
      'Group "Mailer" depends on "Nothing like it", which is no group',
      'Group "B" depends on "Mialer", which is no group (did you mean "Mailer"?)',
    ]);
  });

  it('refuses circles', () => {
    expect(problemsOf({ A: ['A'] })).toEqual(['Groups depend on each other: "A" -> "A"']);
    expect(problemsOf({ A: ['B'], B: ['C'], C: ['B'] })).toEqual(['Groups depend on each other: "B" -> "C" -> "B"']);
  });

  it('has a code and an exit code', () => {
    const error = new DependencyError(['x']);
    expect([error.code, error.exitCode, error.message]).toEqual(['DEPENDENCY_INVALID', 78, 'x']);
  });
});
