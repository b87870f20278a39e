// The services of documents A and D, each with nodes of its own modules, and cells of hospitals, behind one gateway
// over one PostgreSQL.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Client } from '../lib/client.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { startGateway } from '../lib/nginx.mjs';
import { postgresMissing } from '../lib/postgres.mjs';
import { start } from '../lib/server.mjs';

const root = new URL('../../', import.meta.url);
const api = JSON.parse(fs.readFileSync(new URL('openapi/api.json', root), 'utf8'));
const table = fs.readFileSync(new URL('deploy/nginx/fairward/routes_services.conf', root), 'utf8');
const services = [...table.matchAll(/^# service ([a-z]+): --modules ([a-z,]+)$/gm)].map(([, name, modules]) => ({
  name,
  modules,
}));

// The gateway before these nodes; the world's calls go through it from now on.
async function throughGateway(world, options) {
  const gateway = await startGateway(options);
  const client = new Client(gateway.port);
  world.api = (method, target, body, token, headers = {}) => client.request(method, target, { body, token, headers });
  return {
    client,
    stop() {
      client.close();
      return gateway.stop();
    },
  };
}

describe('services that scale alone', { skip: postgresMissing || false }, () => {
  let world;
  let gateway;
  const nodesOf = {}; // by the name of the service; appointments has two
  before(async () => {
    world = await start({ engine: 'postgres', nodes: services.length + 1, demo: { cities: 1, doctors: 6 } });
    const wanted = [...services, services.find((service) => service.name === 'appointments')];
    for (const [i, { name, modules }] of wanted.entries()) {
      const node = world.nodes[i];
      await node.serveAs({ 'node.modules': modules });
      nodesOf[name] = [...(nodesOf[name] ?? []), node];
    }
    const ports = Object.entries(nodesOf).map(([name, nodes]) => [name, nodes.map((node) => node.port)]);
    gateway = await throughGateway(world, { services: Object.fromEntries(ports) });
  });
  after(async () => {
    await gateway?.stop();
    await world?.stop();
  });

  test('no call of the API comes to a service that does not serve it', async () => {
    for (const [target, item] of Object.entries(api.paths)) {
      for (const method of Object.keys(item)) {
        if (target === '/api/events') continue;
        const place = target.replaceAll(/\{[a-z_]+\}/g, '1');
        const reply = await gateway.client.request(method.toUpperCase(), place);
        assert.notEqual(reply.status, 421, `${method} ${place}`);
      }
    }
  });

  test('control: asked past the gateway, they say 421', async () => {
    const [doctors] = nodesOf.doctors;
    isProblem(await doctors.api('GET', '/api/doctors/1/slots'), 421);
    isProblem(await nodesOf.authentication[0].api('GET', '/api/doctors'), 421);
    isProblem(await doctors.api('PUT', '/api/appointments/1/cancel'), 421);
    isOk(await doctors.api('GET', '/api/doctors'), 200);
  });

  test('a booking goes through four of them, while one of the two that book is gone', async () => {
    const patient = await world.patient(); // authentication
    isOk(await world.api('GET', '/api/doctors?limit=1'), 200); // doctors
    await nodesOf.appointments[1].child.end('SIGKILL');
    const slots = await world.slots(1, { soonest: 3_600_000 });
    const body = { doctor_id: 1, starts_at: slots[0].starts_at };
    const key = { 'idempotency-key': `services-${world.tag}`, 'x-doctor': '1' };
    const hold = isOk(await world.api('POST', '/api/holds', body, patient.token, key), 201);
    const paying = { method: 'sandbox', outcome: 'success' };
    const paid = await world.api('POST', `/api/holds/${hold.id}/payments`, paying, patient.token, {
      'idempotency-key': `pay-${world.tag}`,
    });
    assert.ok(paid.status < 300, paid.text);
    const target = `/api/appointments/${hold.id}`;
    const booked = await world.until(target, patient.token, (appointment) => appointment.status === 'booked');
    assert.equal(booked.doctor_id, 1);
    const roster = await world.api('GET', '/api/admin/doctors', undefined, await world.staff('platform_admin'));
    assert.equal(isOk(roster, 200).items.length, 6); // administration
  });
});

describe('cells of hospitals', { skip: postgresMissing || false }, () => {
  let world;
  let gateway;
  before(async () => {
    world = await start({ engine: 'postgres', nodes: 2, demo: { cities: 1, doctors: 24 } });
    for (const [i, hospitals] of ['1', '2,3,4,5,6,7,8,9'].entries()) {
      await world.nodes[i].serveAs({ 'node.hospitals': hospitals });
    }
    const [a, rest] = world.nodes.map((node) => [node.port]);
    gateway = await throughGateway(world, { cells: { a, rest }, hospitals: [1] });
  });
  after(async () => {
    await gateway?.stop();
    await world?.stop();
  });

  test('a doctor of either is booked, whatever cell the call meets first', async () => {
    const met = new Set();
    for (let doctor = 1; doctor <= 24; doctor++) {
      const { practices } = isOk(await world.api('GET', `/api/doctors/${doctor}`), 200);
      const owners = new Set(practices.map((practice) => practice.hospital_id));
      if (owners.size > 1) continue;
      const [hospital] = owners;
      const other = world.nodes[hospital === 1 ? 1 : 0];
      isProblem(await other.api('GET', `/api/doctors/${doctor}/slots`), 421);
      met.add(hospital === 1 ? 'a' : 'rest');
      const patient = await world.patient();
      const [slot] = await world.slots(doctor, { soonest: 3_600_000 });
      const body = { doctor_id: doctor, starts_at: slot.starts_at };
      isOk(await world.api('POST', '/api/holds', body, patient.token, { 'idempotency-key': `cell-${doctor}` }), 201);
    }
    assert.deepEqual([...met].sort(), ['a', 'rest'], 'doctors of both cells');
  });
});
