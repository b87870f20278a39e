// Runs a command against a running server with a small demo, and ends as the command ends:
//   node tests/lib/with_world.mjs node --test web/e2e/booking.e2e.mjs
// The command finds the server by FAIRWARD_URL, the front desk by FAIRWARD_DESK_LOGIN and FAIRWARD_DESK_PASSWORD, and
// one login of every role in FAIRWARD_LOGINS (JSON), what people are told in the file FAIRWARD_MESSAGES.
// FAIRWARD_HOLD_SECONDS shortens the hold.
import { spawn } from 'node:child_process';
import { start } from './server.mjs';

const holdSeconds = process.env.FAIRWARD_HOLD_SECONDS;
const world = await start({
  engine: process.env.FAIRWARD_ENGINES ?? 'sqlite',
  demo: { cities: 2, doctors: 40 },
  settings: {
    'identity.sandbox_messages': true,
    ...(holdSeconds ? { 'booking.hold_seconds': holdSeconds } : {}),
  },
});
const desk = world.logins.find((entry) => entry.role === 'front_desk');
const [file, ...args] = process.argv.slice(2);
const child = spawn(file, args, {
  stdio: 'inherit',
  env: {
    ...process.env,
    FAIRWARD_URL: `http://127.0.0.1:${world.port}`,
    FAIRWARD_DESK_LOGIN: desk.login,
    FAIRWARD_DESK_PASSWORD: desk.password,
    FAIRWARD_LOGINS: JSON.stringify(world.logins),
    FAIRWARD_MESSAGES: `${world.data}/sandbox-messages.jsonl`,
  },
});
const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
await world.stop();
process.exit(code);
