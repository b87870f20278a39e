// The endpoints that must answer exactly as the source documents C, D and E list them (mission): each row of the table,
// called by everybody there is. Who may gets the documented status and members; who may not is refused as it should be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OurHospital } from '../lib/every_operation.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const password = 'a long sentence of theirs';
const everyone = ['nobody', 'patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin'];
const staff = ['front_desk', 'ward_admin', 'hospital_admin', 'platform_admin'];
const administrators = ['hospital_admin', 'platform_admin'];

// Of appointments: as their patient, their doctor, their hospital.
const visit = { on: (ours) => ours.booked(), as: (it) => ({ patient: it.owner.token }) };
const appointmentMembers = ['id', 'doctor_id', 'hospital_id', 'patient_id', 'starts_at', 'ends_at', 'status'];
const searchMembers =
  'id,fname,sname,sal_name,spec_name,bio,img_url,max_bok_day,city_name,email,tel,ful_name,full_name';

//   by       who may, with the status of the document (`status`)
//   hidden   who may not know that it is there: 404 instead of 403
//   on, as   what the call is about, made anew for each caller; other tokens for it
//   has      the documented members of the answer, or of the first item of its list
const rows = [
  ...['/auth/register', '/api/auth/register'].map((path) => ({
    method: 'POST',
    path,
    by: everyone,
    status: 201,
    body: (_, ours) => ({ role: 'patient', name: 'New Comer', phone: ours.phone(), password }),
    has: ['user', 'access_token', 'refresh_token', 'expires_in'],
  })),
  ...['/auth/login', '/api/auth/login'].map((path) => ({
    method: 'POST',
    path,
    by: everyone,
    status: 200,
    body: (_, ours) => {
      const { login, password } = ours.world.logins.find(({ role }) => role === 'patient');
      return { login, password };
    },
    has: ['user', 'access_token', 'refresh_token', 'expires_in'],
  })),
  {
    method: 'GET',
    path: '/api/appointments',
    by: everyone.slice(1),
    status: 200,
    list: true,
    has: appointmentMembers,
    on: (ours) => ours.booked(),
    as: visit.as,
  },
  {
    method: 'POST',
    path: '/api/appointments',
    by: ['patient', ...staff],
    // The desk's booking takes the slot; a patient's is a hold that becomes one with its payment.
    status: 201,
    on: async (ours) => ({ person: await ours.walkIn(), owner: await ours.patient() }),
    as: visit.as,
    body: ({ person }, ours, who) => ({ ...ours.wish(), ...(who === 'patient' ? {} : { patient_id: person.id }) }),
    has: ['id', 'doctor_id', 'starts_at', 'status'],
  },
  ...[
    ['a new time', (_, ours) => ({ starts_at: ours.slots.shift().starts_at }), (it) => it.status === 'booked'],
    ['a status', () => ({ status: 'cancelled' }), (it) => it.status === 'cancelled'],
  ].map(([what, body, holds]) => ({
    method: 'PUT',
    path: '/api/appointments/{id}',
    what,
    by: ['patient', 'doctor', 'ward_admin', ...administrators],
    status: 200,
    ...visit,
    body,
    holds,
    has: appointmentMembers,
  })),
  {
    method: 'PUT',
    path: '/api/appointments/{id}',
    what: 'both at once',
    by: ['patient', 'doctor', 'ward_admin', ...administrators],
    status: 422,
    ...visit,
    body: (_, ours) => ({ starts_at: ours.slots.at(-1).starts_at, status: 'cancelled' }),
  },
  {
    method: 'PUT',
    path: '/api/appointments/{id}/cancel',
    by: ['patient', 'doctor', 'ward_admin', ...administrators],
    status: 200,
    ...visit,
    body: () => ({}),
    holds: (it) => it.status === 'cancelled',
    has: appointmentMembers,
  },
  {
    method: 'GET',
    path: '/api/doctor/appointments',
    by: ['doctor'],
    status: 200,
    list: true,
    on: visit.on,
    has: ['id', 'patient_id', 'starts_at', 'status'],
  },
  {
    method: 'PUT',
    path: '/api/doctor/appointments/{id}',
    by: ['doctor'],
    status: 200,
    ...visit,
    body: () => ({ status: 'arrived' }),
    holds: (it) => it.status === 'arrived',
    has: appointmentMembers,
  },
  {
    method: 'GET',
    path: '/api/doctor/profile',
    by: ['doctor'],
    status: 200,
    has: ['id', 'name', 'speciality', 'practices'],
  },
  {
    method: 'PUT',
    path: '/api/doctor/profile',
    by: ['doctor'],
    status: 200,
    on: async (ours) => (await ours.world.api('GET', '/api/doctor/profile', undefined, ours.tokens.doctor)).headers,
    headers: (it) => ({ 'if-match': it.etag }),
    body: () => ({ bio: 'Listens.' }),
    holds: (it) => it.bio === 'Listens.',
    has: ['id', 'name', 'bio'],
  },
  {
    method: 'POST',
    path: '/api/doctor/prescriptions',
    by: ['doctor'],
    status: 201,
    on: (ours) => ours.treated(),
    body: (it) => ({
      appointment_id: it.id,
      items: [{ medicine: 'Zinc', dose: '20 mg', frequency: 'daily', quantity: 10 }],
    }),
    has: ['id', 'items'],
  },
  {
    method: 'POST',
    path: '/api/doctor/referrals',
    by: ['doctor'],
    status: 201,
    on: (ours) => ours.treated(),
    body: (it, ours) => ({ appointment_id: it.id, to_doctor_id: ours.tireless, reason: 'Wheeze' }),
    has: ['id', 'reason'],
  },
  { method: 'GET', path: '/api/doctor/referrals', by: ['doctor'], status: 200, list: true, has: ['id', 'reason'] },
  { method: 'GET', path: '/api/doctor/availability', by: ['doctor'], status: 200, list: true },
  {
    method: 'POST',
    path: '/api/doctor/slots',
    by: ['doctor'],
    status: 201,
    body: (_, ours) => ({ hospital_id: ours.id, on: ours.nextDay(), starts: '05:00', ends: '06:00', slot_minutes: 20 }),
  },
  {
    method: 'GET',
    path: '/api/doctors',
    by: everyone,
    status: 200,
    list: true,
    has: ['id', 'name', 'speciality'],
  },
  ...['/api/doctors', '/api/admin/doctors'].map((path) => ({
    method: 'POST',
    path,
    by: administrators,
    status: 201,
    body: (_, ours) => ({
      given_name: 'Noor',
      family_name: 'Added',
      speciality: 'Neurologist',
      practices: [{ hospital_id: ours.id, fee: { amount_minor: 50_000, currency: 'INR' } }],
    }),
    has: ['id', 'name', 'practices'],
  })),
  {
    method: 'GET',
    path: '/api/doctors/{id}',
    by: everyone,
    status: 200,
    on: (ours) => ({ id: ours.doctor }),
    has: ['id', 'name', 'speciality', 'practices'],
  },
  {
    method: 'GET',
    path: '/api/doctors/search',
    by: everyone,
    status: 200,
    query: () => ({ keyword: 'doctor', results_per_page: 5, sorting_order: 'rating,desc' }),
    isArray: true,
    has: [...searchMembers.split(','), 'first_avl_day'],
  },
  { method: 'GET', path: '/api/labs/tests', module: 'laboratory' },
  { method: 'POST', path: '/api/labs/bookings', module: 'laboratory' },
  { method: 'GET', path: '/api/labs/bookings', module: 'laboratory' },
  {
    method: 'GET',
    path: '/api/admin/stats',
    module: 'reporting',
    by: administrators,
    status: 200,
    has: ['as_of', 'from_on', 'to_on', 'time_zone', 'totals', 'by', 'periods', 'hours', 'departments', 'waiting'],
  },
  { method: 'GET', path: '/api/admin/doctors', by: administrators, status: 200, list: true, has: ['id', 'name'] },
  {
    method: 'GET',
    path: '/api/departments',
    by: everyone,
    status: 200,
    list: true,
    query: (_, ours) => ({ hospital_id: ours.id }),
    has: ['id', 'name', 'hospital_id'],
    on: (ours) => ours.department(),
  },
  {
    method: 'POST',
    path: '/api/departments',
    by: administrators,
    status: 201,
    body: (_, ours, who) => ({ hospital_id: ours.id, name: `Department ${who} ${Math.random()}` }),
    has: ['id', 'name', 'hospital_id'],
  },
  {
    method: 'DELETE',
    path: '/api/departments/{id}',
    by: administrators,
    status: 204,
    on: (ours) => ours.department(),
  },
  {
    method: 'GET',
    path: '/api/patients',
    by: ['doctor', ...staff],
    status: 200,
    list: true,
    on: async (ours) => ({ ...(await ours.treated()), walkIn: await ours.walkIn() }),
    has: ['id', 'name'],
  },
  {
    method: 'GET',
    path: '/api/patients/{id}',
    // The desk knows whom the hospital has added.
    by: ['patient', 'doctor', 'platform_admin'],
    hidden: ['front_desk', 'ward_admin', 'hospital_admin'],
    status: 200,
    on: async (ours) => {
      const it = await ours.treated();
      return { ...it, id: it.owner.id };
    },
    as: visit.as,
    has: ['id', 'name'],
  },
  {
    method: 'GET',
    path: '/api/patients/{id}',
    what: 'whom the hospital has added',
    by: staff,
    hidden: ['patient', 'doctor'],
    status: 200,
    on: (ours) => ours.walkIn(),
    has: ['id', 'name', 'phone'],
  },
  {
    method: 'GET',
    path: '/api/treatments/{appointment_id}',
    by: ['patient', 'doctor', 'platform_admin', 'hospital_admin'],
    status: 200,
    on: async (ours) => {
      const it = await ours.treated();
      const close = { notes: 'Well', close: true };
      isOk(await ours.world.api('POST', `/api/treatments/${it.id}`, close, ours.tokens.doctor), 200);
      return { ...it, appointment_id: it.id };
    },
    as: visit.as,
    has: ['appointment_id'],
  },
  {
    method: 'POST',
    path: '/api/treatments/{appointment_id}',
    by: ['doctor'],
    status: 200,
    on: async (ours) => {
      const it = await ours.treated();
      return { ...it, appointment_id: it.id };
    },
    body: () => ({ notes: 'Well', close: true }),
    has: ['appointment_id'],
  },
  {
    method: 'POST',
    path: '/api/export/treatments',
    module: 'reporting',
    by: ['patient', 'doctor', ...administrators],
    status: 202,
    body: () => ({ format: 'csv' }),
    has: ['id', 'status', 'format', 'created_at'],
  },
];

onEachEngine('the endpoints of the documents', (engine) => {
  let world, ours, documented;

  before(async () => {
    world = await start({ engine, demo: { cities: 2, doctors: 12 }, settings: { 'identity.sandbox_messages': true } });
    ours = await new OurHospital(world).open();
    let days = 60;
    ours.nextDay = () => dateIn(++days);
    documented = isOk(await world.api('GET', '/openapi.json'), 200).paths;
  });
  after(() => world?.stop());

  const isThere = ({ method, path }) => Boolean(documented[path]?.[method.toLowerCase()]);
  const call = async (row, who) => {
    const it = (await row.on?.(ours)) ?? {};
    const token = who === 'nobody' ? undefined : (row.as?.(it)?.[who] ?? ours.tokens[who]);
    const query = row.query ? `?${new URLSearchParams(row.query(it, ours))}` : '';
    const target = row.path.replace(/\{(\w+)\}/g, (_, name) => it[name]) + query;
    return world.api(row.method, target, row.body?.(it, ours, who), token, row.headers?.(it) ?? {});
  };

  const itemOf = (row, body) => {
    if (row.isArray) return body[0];
    return row.list ? body[row.list === true ? 'items' : row.list]?.[0] : body;
  };
  const isServed = (row, reply, where) => {
    assert.equal(reply.status, row.status, where);
    if (row.status >= 400) return isProblem(reply, row.status);
    if (row.list) assert.ok(Array.isArray(reply.body[row.list === true ? 'items' : row.list]), where);
    if (row.isArray) assert.ok(Array.isArray(reply.body) && reply.body.length > 0, where);
    const item = itemOf(row, reply.body ?? {});
    if (row.list && !item) return undefined;
    for (const name of row.has ?? []) assert.ok(name in item, `${where}: no ${name}`);
    if (row.holds) assert.ok(row.holds(item), where);
    return item;
  };

  for (const row of rows)
    test([row.method, row.path, row.what].filter(Boolean).join(' '), async (t) => {
      if (row.module && !isThere(row)) return t.skip(`the module ${row.module} is not built yet`);
      assert.ok(row.by, `${row.method} ${row.path} is there now: say who may`);
      let served = 0;
      for (const who of everyone) {
        const reply = await call(row, who);
        const answered = `${reply.status} ${reply.text.slice(0, 300)}`;
        const where = `${row.method} ${row.path} ${row.what ?? ''} by ${who}: ${answered}`;
        if (row.by.includes(who)) {
          if (isServed(row, reply, where)) ++served;
        } else {
          const status = who === 'nobody' ? 401 : row.hidden?.includes(who) ? 404 : 403;
          assert.equal(reply.status, status, where);
          isProblem(reply, status);
        }
      }
      if (row.has) assert.ok(served > 0, 'nobody was shown what the document lists');
    });

  test('aliases answer as what they stand for', async () => {
    for (const { method, path } of rows.filter((row) => !row.module)) {
      const known = path.replace(/^\/auth\//, '/api/auth/').replace('/api/admin/doctors', '/api/doctors');
      assert.ok(isThere({ method, path }) || isThere({ method, path: known }), `${method} ${path}`);
    }
  });

  test('the two sides of a doctor: whoever was treated is in the list, and nobody else', async () => {
    const it = await ours.treated();
    const other = await ours.patient();
    const all = [];
    for (let cursor = ''; ; ) {
      const page = isOk(await world.api('GET', `/api/patients?limit=2${cursor}`, undefined, ours.tokens.doctor), 200);
      all.push(...page.items.map(({ id }) => id));
      if (!page.next) break;
      cursor = `&cursor=${page.next}`;
    }
    assert.ok(all.includes(it.owner.id));
    assert.ok(!all.includes(other.id));
    assert.equal(new Set(all).size, all.length);
    isProblem(await world.api('GET', `/api/patients/${other.id}`, undefined, ours.tokens.doctor), 404);
    const named = isOk(
      await world.api('GET', '/api/patients?name=quillonby&limit=200', undefined, ours.tokens.doctor),
      200,
    );
    assert.ok(named.items.length > 0 && named.items.every(({ name }) => name.includes('Quillonby')));
  });
});
