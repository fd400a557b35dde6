import { setTimeout as delay } from 'node:timers/promises';
import type { Life } from './life.js';
import { marked, roleOf, signal, waitFor, type Found, type Role } from './machine.js';
import type { Dice } from './random.js';

export interface Scene {
  readonly life: Life;
  readonly mark: string;
  readonly dice: Dice;
  readonly note: (text: string) => void;
}

/** What goes wrong; most leave the master alive. */
export type Fault = (scene: Scene) => Promise<void> | void;

function ofRole({ mark }: Scene, ...roles: readonly Role[]): Found[] {
  return marked(mark).filter((found) => roles.includes(roleOf(found)));
}

function hit(scene: Scene, name: NodeJS.Signals, ...roles: readonly Role[]): void {
  const found = ofRole(scene, ...roles);
  if (found.length === 0) return;
  const { pid, command } = scene.dice.pick(found);
  scene.note(`${name} ${pid} ${command.slice(-60).replaceAll('\0', ' ')}`);
  signal(pid, name);
}

function killMaster({ life, note }: Scene): void {
  note('kill master');
  signal(life.pid, 'SIGKILL');
}

function killBoth(scene: Scene): void {
  signal(scene.life.pid, 'SIGSTOP');
  for (const { pid } of ofRole(scene, 'watchdog')) signal(pid, 'SIGKILL');
  killMaster(scene);
  scene.note('and its watchdog');
}

async function killWrapper(scene: Scene): Promise<void> {
  const found = (): boolean => ofRole(scene, 'wrapper').length > 0;
  if (await waitFor(found, 300)) hit(scene, scene.dice.chance(0.8) ? 'SIGKILL' : 'SIGSTOP', 'wrapper');
}

async function freezeMaster(scene: Scene): Promise<void> {
  scene.note('freeze master');
  signal(scene.life.pid, 'SIGSTOP');
  await delay(scene.dice.pause());
  if (scene.dice.chance(0.5)) hit(scene, 'SIGKILL', 'process', 'watchdog');
  if (scene.dice.chance(0.5)) signal(scene.life.pid, 'SIGCONT');
  else killMaster(scene);
}

/** It must neither hinder the next master, nor do harm when it wakes up. */
function freezeWatchdogAndKill(scene: Scene): void {
  const frozen = ofRole(scene, 'watchdog');
  scene.note('freeze watchdog');
  for (const { pid } of frozen) signal(pid, 'SIGSTOP');
  killMaster(scene);
  setTimeout(() => frozen.forEach(({ pid }) => signal(pid, 'SIGCONT')), scene.dice.pause());
}

async function stopAndKill(scene: Scene): Promise<void> {
  scene.note('SIGTERM');
  signal(scene.life.pid, 'SIGTERM');
  await delay(scene.dice.pause());
  await scene.dice.pick<Fault>([killMaster, killBoth, killWrapper])(scene);
}

export const FAULTS: readonly Fault[] = [
  killMaster,
  killMaster,
  killBoth,
  killBoth,
  killBoth,
  (scene) => hit(scene, 'SIGKILL', 'watchdog'),
  (scene) => hit(scene, 'SIGKILL', 'process'),
  (scene) => hit(scene, 'SIGKILL', 'process'),
  (scene) => hit(scene, 'SIGSTOP', 'process'),
  (scene) => hit(scene, 'SIGTERM', 'process', 'watchdog'),
  (scene) => hit(scene, 'SIGKILL', 'cleaner', 'watchdog'),
  killWrapper,
  killWrapper,
  freezeMaster,
  freezeWatchdogAndKill,
  stopAndKill,
  stopAndKill,
];
