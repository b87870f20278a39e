// Patients who book for as long as they are let, as good clients do: every write has an idempotency key and is sent
// again after 503 and what Retry-After says, until the answer is known. They remember what they were told; `lost` looks
// for it afterwards.
//
//   const crowd = new Crowd(world, { random });
//   await crowd.gather(24);
//   crowd.begin(); … await crowd.end();
//   crowd.faults → what no client should have seen; await crowd.lost() → what was told and is not true
import { setTimeout as sleep } from 'node:timers/promises';
import { pooled } from './client.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
// Refusals of a booking that belong to its rules.
const fairRefusals = ['booking.slot_taken', 'booking.all_held', 'booking.slot_full', 'booking.patient_has_open_hold'];
const window = 60; // how many of the next free slots they all want

export class Crowd {
  constructor(world, { random, pauseMs = 30, answerSecondsMax = 45 }) {
    Object.assign(this, { world, nodes: world.nodes, random, pauseMs, answerSecondsMax });
    this.told = new Map(); // appointment -> {patient, starts_at, status, key, body}
    this.slots = [];
    this.faults = [];
    this.acknowledged = []; // every write: {at (ms), node}
    this.refusals = {}; // by code
    this.slowestMs = 0;
    this.retries = 0;
    this.keys = 0;
  }

  async gather(count) {
    const { world, nodes } = this;
    this.doctors = (await world.api('GET', '/api/doctors?limit=6')).body.items.map((doctor) => doctor.id);
    for (const doctor of this.doctors) {
      await world.schedule(doctor, { starts: '00:00', ends: '23:55', slot_minutes: 5 });
      const free = await world.slots(doctor, { from: dateIn(2), to: dateIn(30) });
      this.slots.push(free.map(({ starts_at }) => ({ doctor_id: doctor, starts_at })));
    }
    // Doctors in turn, so that the window holds some of each.
    this.slots = this.slots[0].flatMap((_, i) => this.slots.map((one) => one[i])).filter(Boolean);
    this.patients = await pooled(Array.from({ length: count }), 8, () => world.patient());
    this.patients.forEach((patient, i) => {
      patient.node = nodes[i % nodes.length];
    });
  }

  begin() {
    this.isEnding = false;
    this.lives = this.patients.map(async (patient) => {
      while (!this.isEnding) {
        await this.step(patient);
        await sleep(this.pauseMs * (0.5 + this.random()));
      }
    });
  }
  // Everybody finishes what was begun.
  async end() {
    this.isEnding = true;
    await Promise.all(this.lives);
  }

  fault(what) {
    if (this.faults.length < 50) this.faults.push(what);
  }

  // One attempt; undefined unless the answer is to be taken as it is.
  async attempt(patient, method, target, options) {
    const began = performance.now();
    const what = `${method} ${target}`;
    try {
      const reply = await patient.node.client.request(method, target, {
        ...options,
        token: patient.token,
        timeoutMs: this.answerSecondsMax * 1000,
      });
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
      if (reply.status !== 503) {
        if (reply.status >= 500) this.fault(`${what}: ${reply.status} ${reply.text}`);
        return reply;
      }
      const seconds = Number(reply.headers['retry-after']);
      const isClean = /^application\/problem\+json/.test(reply.headers['content-type'] ?? '') && seconds >= 1;
      if (!isClean) this.fault(`${what}: 503 without Retry-After or problem: ${reply.text}`);
      this.retries++;
      await sleep(Math.min(seconds || 1, 2) * 1000 * (0.5 + this.random()));
    } catch (error) {
      this.fault(`${what}: ${error.message}`);
      await sleep(200);
    }
    return undefined;
  }

  // Until it is known what became of it.
  async insist(patient, method, target, body, key) {
    const options = { body, headers: key ? { 'idempotency-key': key } : {} };
    for (const deadline = Date.now() + 180_000; Date.now() < deadline; ) {
      const reply = await this.attempt(patient, method, target, options);
      if (!reply) continue;
      if (method !== 'GET' && reply.status < 300) this.acknowledged.push({ at: Date.now(), node: patient.node });
      return reply;
    }
    this.fault(`${method} ${target}: never answered`);
    return { status: 0, headers: {} };
  }
  write(patient, method, target, body) {
    return this.insist(patient, method, target, body, `crowd-${process.pid}-${++this.keys}`);
  }

  async step(patient) {
    const slot = this.slots[Math.floor(this.random() * Math.min(window, this.slots.length))];
    const key = `crowd-${process.pid}-${++this.keys}`;
    const reply = await this.insist(patient, 'POST', '/api/holds', slot, key);
    if (reply.status !== 201) return this.refused(patient, reply, slot);
    const { id } = reply.body;
    const known = { patient, starts_at: slot.starts_at, status: 'pending', key, body: slot };
    this.told.set(id, known);
    this.take(slot);
    if (this.random() < 0.3) {
      const released = await this.write(patient, 'DELETE', `/api/holds/${id}`);
      if (released.status === 204) known.status = 'ended';
      else this.fault(`DELETE of hold ${id}: ${released.status} ${released.text}`);
      this.slots.push(slot);
      return undefined;
    }
    const paid = await this.write(patient, 'POST', `/api/holds/${id}/payments`, { method: 'sandbox' });
    if (paid.status !== 202) return this.fault(`payment of hold ${id}: ${paid.status} ${paid.text}`);
    known.status = 'paid';
    return this.await(id);
  }

  take(slot) {
    const at = this.slots.indexOf(slot);
    if (at >= 0) this.slots.splice(at, 1);
  }

  async refused(patient, reply, slot) {
    const code = reply.body?.code ?? `status ${reply.status}`;
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
    if (code === 'booking.slot_taken' || code === 'booking.slot_full') this.take(slot);
    if (reply.status !== 409 || !fairRefusals.includes(code))
      this.fault(`hold for patient ${patient.id}: ${reply.status} ${reply.text}`);
  }

  // A payment that was asked for is settled by jobs: the patient looks for a while.
  async await(id, seconds = 3) {
    const known = this.told.get(id);
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(100)) {
      const reply = await this.insist(known.patient, 'GET', `/api/appointments/${id}`);
      if (reply.body?.status === 'booked') known.status = 'booked';
      if (known.status === 'booked' || reply.status !== 200) return;
    }
  }

  // Waits until every payment that was taken has become a booking; then answers, one line a booking, what was told and
  // is not so. Each is looked for at every node, and the hold is asked for again with its key.
  async lost({ settleSeconds = 150 } = {}) {
    const open = [...this.told].filter(([, known]) => known.status === 'paid');
    await pooled(open, 16, ([id]) => this.await(id, settleSeconds));
    const found = new Map();
    await pooled([...this.told], 16, async ([id, known]) => {
      for (const node of this.nodes) {
        const reply = await node.api('GET', `/api/appointments/${id}`, undefined, known.patient.token);
        const is = reply.status === 200 ? reply.body.status : reply.status;
        const isThere = reply.status === 200 && reply.body.starts_at === known.starts_at;
        const wanted = {
          booked: ['booked'],
          paid: ['booked'],
          ended: ['cancelled', 'expired'],
          pending: ['pending', 'expired'],
        };
        if (!isThere || !wanted[known.status].includes(is)) found.set(id, `${id}: told ${known.status}, is ${is}`);
      }
      if (found.has(id)) return;
      const headers = { 'idempotency-key': known.key };
      const again = await known.patient.node.api('POST', '/api/holds', known.body, known.patient.token, headers);
      if (again.status !== 201 || again.body.id !== id)
        found.set(id, `${id}: its key says ${again.status} ${again.text}`);
    });
    return [...found.values()];
  }

  // Slots that a node offers although they are claimed, or does not offer although they are free, by the claims
  // ["doctor|cell"] of the database. Only of slots that this crowd has bookings at.
  async misremembered(claims) {
    const claimed = new Set(claims);
    const wrong = [];
    const asked = [...this.told.values()].map(({ body }) => body);
    for (const doctor of this.doctors) {
      for (const [i, node] of this.nodes.entries()) {
        const reply = await node.api('GET', `/api/doctors/${doctor}/slots?from=${dateIn(2)}&to=${dateIn(30)}`);
        const offered = new Set(
          reply.body.items.filter((slot) => slot.status === 'free').map((slot) => slot.starts_at),
        );
        for (const { doctor_id, starts_at } of asked.filter((slot) => slot.doctor_id === doctor)) {
          const isClaimed = claimed.has(`${doctor_id}|${Date.parse(starts_at) / 300_000}`);
          if (offered.has(starts_at) === isClaimed) wrong.push(`node ${i + 1}: doctor ${doctor} at ${starts_at}`);
        }
      }
    }
    return wrong;
  }

  // For each node the longest time in which it acknowledged nothing, of the writes after `since`.
  longestGapsMs(since, until = Date.now()) {
    return this.nodes.map((node) => {
      const mine = this.acknowledged.filter((one) => one.node === node && one.at > since && one.at < until);
      const times = [since, ...mine.map((one) => one.at), until];
      return Math.max(...times.slice(1).map((at, i) => at - times[i]));
    });
  }
}

// What must hold in the tables themselves, as SQL that finds what does not. Rows name themselves.
export const invariants = {
  'two appointments on one slot': `
    SELECT a.id, b.id FROM booking_appointment a JOIN booking_appointment b
      ON b.doctor_id = a.doctor_id AND b.id > a.id AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
    WHERE a.status NOT IN ('cancelled', 'expired') AND b.status NOT IN ('cancelled', 'expired')`,
  'a claim without its appointment, or the other way round': `
    WITH owned AS (
      SELECT doctor_id, generate_series(starts_at / 300000, ends_at / 300000 - 1) AS cell, id AS appointment_id
      FROM booking_appointment WHERE status NOT IN ('cancelled', 'expired')
    )
    SELECT * FROM owned FULL JOIN booking_slot_claim c USING (doctor_id, cell, appointment_id)
    WHERE owned.doctor_id IS NULL OR c.doctor_id IS NULL`,
  'a count of open holds that is wrong': `
    SELECT patient_id FROM booking_patient_open p WHERE open_count <>
      (SELECT count(*) FROM booking_appointment a WHERE a.patient_id = p.patient_id AND a.status = 'pending')
      + (SELECT count(*) FROM booking_wait w WHERE w.patient_id = p.patient_id AND w.status IN ('waiting', 'offered'))`,
  'a payable paid twice': `
    SELECT payable_id FROM billing_payment WHERE status IN ('settled', 'requested')
    GROUP BY payable_kind, payable_id HAVING count(*) > 1`,
};
