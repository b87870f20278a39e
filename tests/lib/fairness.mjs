// What must hold at the end of any crowd, read from outside: slots, order, money.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk } from './expect.mjs';

// Every row of a list, over all its pages.
export async function allPages(world, target, token) {
  const rows = [];
  for (let cursor; ; ) {
    const joint = target.includes('?') ? '&' : '?';
    const page = isOk(
      await world.api(
        'GET',
        cursor ? `${target}${joint}cursor=${encodeURIComponent(cursor)}` : target,
        undefined,
        token,
      ),
      200,
    );
    rows.push(...page.items);
    cursor = page.next;
    if (!cursor) return rows;
  }
}

// Appointments of the doctor that own their slots now.
export async function activeAppointments(world, doctor) {
  const token = await world.staff('platform_admin');
  const rows = [];
  for (const status of ['pending', 'booked']) {
    rows.push(...(await allPages(world, `/api/appointments?doctor_id=${doctor}&status=${status}&limit=100`, token)));
  }
  return rows;
}

// No two of them share a five-minute cell.
export function assertNoOverlap(appointments) {
  const owners = new Map();
  for (const { id, doctor_id, starts_at, ends_at } of appointments) {
    for (let at = Date.parse(starts_at); at < Date.parse(ends_at); at += 300_000) {
      const cell = `${doctor_id}@${at}`;
      assert.ok(!owners.has(cell), `appointments ${owners.get(cell)} and ${id} share ${starts_at}`);
      owners.set(cell, id);
    }
  }
}

// Replays the ledger of a doctor whose waiters all wish the same: each offer goes to the oldest who waits, and nobody
// takes a slot directly past somebody who could use it. Answers how many offers were made.
export async function assertFirstComeFirstServed(world, doctor) {
  const token = await world.staff('platform_admin');
  const rows = await allPages(world, `/api/doctors/${doctor}/queue/ledger?limit=1000`, token);
  rows.sort((a, b) => a.id - b.id);
  const waiting = new Map(); // wait id -> ticket, in order of arrival
  let lastTicket = 0;
  let offers = 0;
  for (const row of rows) {
    switch (row.kind) {
      case 'joined':
        assert.ok(row.ticket > lastTicket, `ticket ${row.ticket} after ${lastTicket}`);
        lastTicket = row.ticket;
        waiting.set(row.wait_id, row.ticket);
        break;
      case 'offered': {
        const [head] = waiting.keys();
        assert.equal(row.wait_id, head, `offer ${row.id} to wait ${row.wait_id} overtook wait ${head}`);
        waiting.delete(row.wait_id);
        offers++;
        break;
      }
      case 'direct':
        assert.fail(`entry ${row.id}: somebody went past ${waiting.size} waiters: ${row.reason}`);
        break;
      default:
        waiting.delete(row.wait_id); // left, lapsed, expired, unserved, booked
    }
  }
  return offers;
}

// Waits until the gateway's books and the product's agree: what was captured and not refunded is what is booked.
// `doctors` are all who had appointments.
export async function assertMoneyReconciles(world, doctors, seconds = 60) {
  const token = await world.staff('platform_admin');
  let seen = {};
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(500)) {
    const booked = [];
    for (const doctor of doctors) {
      booked.push(...(await allPages(world, `/api/appointments?doctor_id=${doctor}&status=booked&limit=100`, token)));
    }
    const paid = booked.filter((row) => ['captured', 'settled'].includes(row.payment.status));
    const totals = await world.totals();
    seen = {
      kept: totals.captured_minor - totals.refunded_minor,
      owed: paid.reduce((sum, row) => sum + row.price.amount_minor, 0),
      totals,
    };
    if (seen.kept === seen.owed) return seen;
  }
  assert.fail(`the money does not reconcile: ${JSON.stringify(seen)}`);
}
