// What people were told: the file that identity.sandbox_messages writes.
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function inbox(world) {
  const files = () => world.nodes.map((node) => `${node.data}/sandbox-messages.jsonl`);
  const all = () =>
    files()
      .filter((file) => fs.existsSync(file))
      .flatMap((file) => fs.readFileSync(file, 'utf8').split('\n'))
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
  return {
    all,
    // The newest message that fits, as soon as there is one.
    async until(fits) {
      for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
        const found = all().filter(fits).at(-1);
        if (found) return found;
      }
      throw new Error('no such message came within ten seconds');
    },
  };
}
