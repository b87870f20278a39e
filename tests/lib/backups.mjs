// Backups as an administrator makes and opens them, by the program's own commands.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandResult, flagsOf, program } from './server.mjs';

const names = (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder) : []);

export const backupsIn = (folder) =>
  names(folder)
    .filter((name) => name.startsWith('fairward-'))
    .sort()
    .map((name) => path.join(folder, name));

export const partialsIn = (folder) => names(folder).filter((name) => name.endsWith('.partial'));

export const manifestOf = (backup) => JSON.parse(fs.readFileSync(path.join(backup, 'manifest.json'), 'utf8'));

// What commands beside the server of this world need to find its database.
export const placeOf = (world) => flagsOf({ 'database.url': world.url, 'data.folder': world.data });

export const backup = (world, folder, ...args) => commandResult(['backup', folder, ...args, ...placeOf(world)]);

export const verify = (world, which, ...args) =>
  commandResult(['restore', which, '--verify', ...args, ...placeOf(world)]);

// A program under way: {ended: {status, out, error}, kill()}.
export function running(args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', error: '' };
  child.stdout.on('data', (text) => {
    said.out += text;
  });
  child.stderr.on('data', (text) => {
    said.error += text;
  });
  const ended = new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said })));
  return { ended, kill: () => child.kill('SIGKILL') };
}

export async function eventually(what, isTrue, seconds = 30) {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
    const found = await isTrue();
    if (found) return found;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}
