// A stand-in for the server, for clicking through the UI and for its e2e tests: in memory, no dependencies.
// Not for: correctness of booking under concurrency; that is the server's own business and is tested there.
//   PORT=8080  HOLD_SECONDS=300  GRACE_SECONDS=5  WEB_DIR=dist (serves the built UI under the production CSP)
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { portalRoutes } from './mock_portals.mjs';

const port = Number(process.env.PORT ?? 8080);
const holdMs = Number(process.env.HOLD_SECONDS ?? 300) * 1000;
const graceMs = Number(process.env.GRACE_SECONDS ?? 5) * 1000;
const webDir = process.env.WEB_DIR;
const zone = 'Asia/Kolkata';
const zoneOffsetMs = 330 * 60_000;
const dayMs = 86_400_000;
const outcomes = {
  booked: 'Appointment Successful',
  full: 'Appointment Failed – Slot Full',
  held: 'Appointment Failed – Retry, as other users are holding reserved slots',
};

// ---- directory ----------------------------------------------------------------------------------
const cityNames = ['Mumbai', 'Pune', 'Delhi', 'Bengaluru', 'Chennai', 'Jaipur'];
const states = ['Maharashtra', 'Maharashtra', 'Delhi', 'Karnataka', 'Tamil Nadu', 'Rajasthan'];
const coordinates = [
  [19.07, 72.87],
  [18.52, 73.85],
  [28.61, 77.2],
  [12.97, 77.59],
  [13.08, 80.27],
  [26.91, 75.78],
];
const specialityNames = [
  'Cardiologist',
  'Dermatologist',
  'General physician',
  'Gynaecologist',
  'Neurologist',
  'Orthopaedist',
  'Paediatrician',
  'Psychiatrist',
];
const givenNames = [
  'Asha',
  'Rohan',
  'Meera',
  'Vikram',
  'Neha',
  'Arjun',
  'Kavita',
  'Sanjay',
  'Farah',
  'Imran',
  'Lakshmi',
  'Joseph',
  'Ananya',
  'Harpreet',
  'Devika',
  'Tenzin',
];
const familyNames = [
  'Rao',
  'Kulkarni',
  'Sharma',
  'Iyer',
  'Khan',
  'Patel',
  'Das',
  'Fernandes',
  'Singh',
  'Menon',
  'Joshi',
  'Bose',
  'Reddy',
];
const languagePool = ['English', 'Hindi', 'Marathi', 'Kannada', 'Tamil', 'Bengali'];
const hospitalNames = [
  'City General Hospital',
  'Lakeview Clinic',
  'Sunrise Hospital',
  'Riverside Medical Centre',
  'Green Park Clinic',
  'Harbour Hospital',
];
const cities = cityNames.map((name, i) => ({ id: i + 1, name, state: states[i] }));
const specialities = specialityNames.map((name, i) => ({ id: i + 1, name }));
const hospitals = cities.flatMap((city, c) =>
  [0, 1].map((k) => ({
    id: c * 2 + k + 1,
    name: `${hospitalNames[(c + k * 3) % hospitalNames.length]}`,
    city_id: city.id,
    city_name: city.name,
    address: `${12 + c * 7 + k} Station Road`,
    postal_code: `${400 + c * 37}00${k + 1}`,
    time_zone: zone,
    latitude: coordinates[c][0] + k * 0.04,
    longitude: coordinates[c][1] + k * 0.03,
    phone: '+91 22 5550 0100',
  })),
);
const doctors = Array.from({ length: 144 }, (_, i) => {
  const city = cities[i % cities.length];
  const own = hospitals.filter((h) => h.city_id === city.id);
  const speciality = specialities[Math.floor(i / cities.length) % specialities.length];
  const fee = 30000 + ((i * 7) % 12) * 10000;
  return {
    id: i + 1,
    name: `${givenNames[(i * 5) % givenNames.length]} ${familyNames[(i * 3) % familyNames.length]}`,
    title: 'Dr',
    speciality,
    qualification: ['MBBS, MD', 'MBBS, DNB', 'MBBS, MS'][i % 3],
    experience_years: 3 + ((i * 11) % 30),
    languages: ['English', ...languagePool.slice(1).filter((_, k) => (i + k) % 3 === 0)],
    rating: 3.4 + ((i * 13) % 16) / 10,
    reviews: (i * 17) % 240,
    bio: `${speciality.name} in ${city.name}, with time for your questions. Second opinions and follow-up visits are welcome.`,
    city: { id: city.id, name: city.name },
    practices: own.slice(0, i % 3 === 0 ? 2 : 1).map((h, k) => ({
      hospital_id: h.id,
      hospital_name: h.name,
      city_name: city.name,
      fee: { amount_minor: fee + k * 20000, currency: 'INR' },
      time_zone: zone,
    })),
    max_booking_days: 45,
    telephone: '+91 22 5550 0199',
  };
});
const postalCodes = new Map(hospitals.map((h) => [h.postal_code, h]));

// ---- state --------------------------------------------------------------------------------------
let lastId = 100;
const nextId = () => ++lastId;
const users = new Map();
const sessions = new Map();
const tokens = new Map();
const appointments = new Map();
const waits = new Map();
const replays = new Map();
const watchers = new Set();
const streams = new Set();

function addUser(user) {
  const made = { id: nextId(), status: 'active', ...user };
  users.set(made.id, made);
  return made;
}
addUser({ role: 'front_desk', name: 'Desk One', login: 'front.desk', password: 'fairward-demo', hospital_id: 1 });
addUser({ role: 'platform_admin', name: 'Platform Admin', login: 'admin', password: 'fairward-demo' });
addUser({
  role: 'hospital_admin',
  name: 'Hospital Admin',
  login: 'hospital',
  password: 'fairward-demo',
  hospital_id: 1,
});
addUser({ role: 'doctor', name: 'Dr Asha Rao', login: 'doctor', password: 'fairward-demo', doctor_id: 1 });
addUser({
  role: 'patient',
  name: 'Demo Patient',
  login: 'patient@example.org',
  email: 'patient@example.org',
  password: 'fairward-demo',
});

const instant = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
const preciseInstant = (ms) => new Date(ms).toISOString();
const localDate = (ms) => new Date(ms + zoneOffsetMs).toISOString().slice(0, 10);
function noise(a, b) {
  let hash = (a * 73856093) ^ (b * 19349663);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) % 100;
}

// ---- slots --------------------------------------------------------------------------------------
const slotMs = 20 * 60_000;
function templateSlots(doctor, fromDate, toDate, hospitalId) {
  const found = [];
  const earliest = Date.now() + 30 * 60_000;
  for (let day = Date.parse(`${fromDate}T00:00:00Z`); day <= Date.parse(`${toDate}T00:00:00Z`); day += dayMs) {
    const weekday = new Date(day).getUTCDay();
    if (weekday === 0) continue;
    const small = doctor.id % 4 === 0;
    const shifts = [
      [9 * 60, small ? 10 * 60 : 12 * 60, doctor.practices[0]],
      [16 * 60, small ? 17 * 60 : 19 * 60, doctor.practices.at(-1)],
    ];
    for (const [starts, ends, practice] of shifts) {
      if (hospitalId && practice.hospital_id !== hospitalId) continue;
      for (let minute = starts; minute < ends; minute += 20) {
        const at = day - zoneOffsetMs + minute * 60_000;
        if (at < earliest) continue;
        found.push({ at, hospital_id: practice.hospital_id, phantom: noise(doctor.id, Math.floor(at / slotMs)) < 22 });
      }
    }
  }
  return found;
}
function takerOf(doctorId, at) {
  for (const a of appointments.values())
    if (a.doctor_id === doctorId && busy(a) && at >= a.at && at < a.at + a.slots * slotMs) return a;
  return undefined;
}
const busy = (a) => ['pending', 'booked', 'arrived', 'fulfilled'].includes(a.status);
function slotsOf(doctor, fromDate, toDate, hospitalId) {
  return templateSlots(doctor, fromDate, toDate, hospitalId).map((s) => {
    const taker = takerOf(doctor.id, s.at);
    const status = s.phantom || (taker && taker.status !== 'pending') ? 'booked' : taker ? 'held' : 'free';
    return {
      starts_at: instant(s.at),
      ends_at: instant(s.at + slotMs),
      hospital_id: s.hospital_id,
      status,
      ...(status === 'held' ? { frees_by: instant(taker.expiresMs) } : {}),
    };
  });
}
function runs(doctor, fromDate, toDate, hospitalId, count) {
  const all = slotsOf(doctor, fromDate, toDate, hospitalId);
  return all
    .map((_, i) => all.slice(i, i + count))
    .filter(
      (run) =>
        run.length === count &&
        run.every((s, k) => s.hospital_id === run[0].hospital_id && (k === 0 || s.starts_at === run[k - 1].ends_at)),
    );
}
const today = () => localDate(Date.now());
const dateAfter = (date, days) => new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

// ---- booking ------------------------------------------------------------------------------------
function changed(topic) {
  for (const w of [...watchers]) if (w.topics.has(topic)) w.wake();
  for (const s of streams) if (s.topics.has(topic)) s.send(topic);
}
function appointmentChanged(a) {
  a.version += 1;
  changed(`hold/${a.id}`);
  changed(`appointment/${a.id}`);
  changed(`doctor/${a.doctor_id}`);
}
function holdMake(doctor, patientId, run, extra = {}) {
  const practice = doctor.practices.find((p) => p.hospital_id === run[0].hospital_id);
  const a = {
    id: nextId(),
    status: 'pending',
    doctor_id: doctor.id,
    hospital_id: run[0].hospital_id,
    patient_id: patientId,
    at: Date.parse(run[0].starts_at),
    slots: run.length,
    expiresMs: Date.now() + holdMs,
    version: 0,
    price: { amount_minor: practice.fee.amount_minor * run.length, currency: 'INR' },
    payment: { status: 'none' },
    channel: 'web',
    ...extra,
  };
  appointments.set(a.id, a);
  appointmentChanged(a);
  return a;
}
function queueServe(doctorId) {
  const doctor = doctors[doctorId - 1];
  const line = [...waits.values()]
    .filter((w) => w.doctor_id === doctorId && w.status === 'waiting')
    .sort((a, b) => a.id - b.id);
  for (const w of line) {
    const candidates = runs(doctor, w.from, w.to, w.hospital_id, w.slots);
    const free = candidates.find((run) => run.every((s) => s.status === 'free'));
    if (free) {
      const hold = holdMake(doctor, w.patient_id, free, { wait_id: w.id });
      Object.assign(w, { status: 'offered', hold_id: hold.id });
    } else if (!candidates.some((run) => run.every((s) => s.status !== 'booked'))) {
      Object.assign(w, { status: 'unserved', outcome: outcomes.full });
    }
  }
  for (const w of waits.values()) if (w.doctor_id === doctorId) changed(`wait/${w.id}`);
}
function holdEnd(a, status, extra = {}) {
  Object.assign(a, { status }, extra);
  const w = a.wait_id && waits.get(a.wait_id);
  if (w && w.status === 'offered')
    w.status = status === 'booked' ? 'booked' : status === 'cancelled' ? 'left' : 'lapsed';
  appointmentChanged(a);
  queueServe(a.doctor_id);
}
setInterval(() => {
  const now = Date.now();
  for (const a of appointments.values())
    if (a.status === 'pending' && a.expiresMs + graceMs < now) holdEnd(a, 'expired', { outcome: outcomes.held });
  for (const w of waits.values())
    if (w.status === 'waiting' && w.expiresMs < now) {
      Object.assign(w, { status: 'expired', outcome: outcomes.held });
      changed(`wait/${w.id}`);
      queueServe(w.doctor_id);
    }
}, 250).unref();
function gatewayAnswers(a, outcome) {
  const delay = outcome === 'late' ? Math.max(0, a.expiresMs + graceMs + 1500 - Date.now()) : 1500;
  setTimeout(() => {
    if (outcome === 'fail') a.payment = { status: 'failed' };
    else if (a.status === 'pending')
      return holdEnd(a, 'booked', { payment: { status: 'captured' }, outcome: outcomes.booked });
    else {
      const run = runs(doctors[a.doctor_id - 1], localDate(a.at), localDate(a.at), a.hospital_id, a.slots).find(
        (r) => r[0].starts_at === instant(a.at),
      );
      if (run?.every((s) => s.status === 'free'))
        Object.assign(a, { status: 'booked', payment: { status: 'captured' }, outcome: outcomes.booked });
      else a.payment = { status: 'refunded' };
    }
    appointmentChanged(a);
  }, delay);
}

// ---- views --------------------------------------------------------------------------------------
function holdView(a) {
  return {
    id: a.id,
    status: a.status,
    doctor_id: a.doctor_id,
    hospital_id: a.hospital_id,
    patient_id: a.patient_id,
    starts_at: instant(a.at),
    ends_at: instant(a.at + a.slots * slotMs),
    slots: a.slots,
    expires_at: preciseInstant(a.expiresMs),
    server_now: preciseInstant(Date.now()),
    price: a.price,
    payment: a.payment,
    reason: a.reason,
    outcome: a.outcome,
    links: { appointment: `/api/appointments/${a.id}`, payments: `/api/holds/${a.id}/payments` },
  };
}
function appointmentView(a) {
  const doctor = doctors[a.doctor_id - 1];
  return {
    ...holdView(a),
    doctor_name: `${doctor.title} ${doctor.name}`,
    hospital_name: hospitals[a.hospital_id - 1].name,
    time_zone: zone,
    patient_name: users.get(a.patient_id)?.name,
    channel: a.channel,
    cancel_reason: a.cancel_reason,
    version: a.version,
  };
}
function waitView(w) {
  const hold = w.hold_id && appointments.get(w.hold_id);
  const ahead = [...waits.values()].filter(
    (o) => o.doctor_id === w.doctor_id && o.status === 'waiting' && o.id < w.id,
  ).length;
  return {
    id: w.id,
    status: w.status,
    doctor_id: w.doctor_id,
    hospital_id: w.hospital_id,
    from: w.from,
    to: w.to,
    slots: w.slots,
    ...(w.status === 'waiting' ? { position: ahead + 1, estimate_seconds: (ahead + 1) * 150 } : {}),
    ticket: w.ticket,
    joined_at: preciseInstant(w.joinedMs),
    expires_at: preciseInstant(w.expiresMs),
    server_now: preciseInstant(Date.now()),
    outcome: w.outcome,
    ...(w.status === 'offered'
      ? {
          offer: {
            hold_id: hold.id,
            starts_at: instant(hold.at),
            ends_at: instant(hold.at + hold.slots * slotMs),
            expires_at: preciseInstant(hold.expiresMs),
            hospital_id: hold.hospital_id,
          },
        }
      : {}),
  };
}
const publicUser = (u) => ({
  id: u.id,
  role: u.role,
  name: u.name,
  status: u.status,
  hospital_id: u.hospital_id,
  doctor_id: u.doctor_id,
});
const kilometres = (a, b, c, d) => {
  const r = Math.PI / 180;
  const h = Math.sin(((c - a) * r) / 2) ** 2 + Math.cos(a * r) * Math.cos(c * r) * Math.sin(((d - b) * r) / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
};
function doctorView(d, from) {
  const free = slotsOf(d, today(), dateAfter(today(), 13))
    .filter((s) => s.status === 'free')
    .slice(0, 4)
    .map((s) => s.starts_at);
  const near =
    from &&
    Math.min(
      ...d.practices.map((p) =>
        kilometres(
          from.latitude,
          from.longitude,
          hospitals[p.hospital_id - 1].latitude,
          hospitals[p.hospital_id - 1].longitude,
        ),
      ),
    );
  return {
    ...d,
    first_free_at: free[0],
    next_free: free,
    ...(from ? { distance_km: Math.round(near * 10) / 10 } : {}),
  };
}
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++)
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
  }
  return row[b.length];
}
const reviews = [
  { id: 2, rating: 5, text: 'Listened well.', author: 'Asha R.', created_at: '2026-05-05T08:00:00Z' },
  { id: 1, rating: 4, author: 'Ravi K.', created_at: '2026-05-04T08:00:00Z' },
];

/** Specialities, cities and doctors by the beginnings of their words; no complaints. */
function suggestionsFor(typed) {
  const wanted = typed.trim().toLowerCase();
  const fits = ({ name }) => ` ${name.toLowerCase()}`.includes(` ${wanted}`);
  const of = (kind, list) =>
    list
      .filter(fits)
      .slice(0, 4)
      .map(({ id, name }) => ({ kind, id, name }));
  return [...of('speciality', specialities), ...of('city', cities), ...(wanted ? of('doctor', doctors) : [])];
}

function doctorSearch(q) {
  let keyword = (q.get('keyword') ?? '').trim().toLowerCase();
  let suggestion;
  const text = (d) =>
    `${d.name} ${d.speciality.name} ${d.practices.map((p) => p.hospital_name).join(' ')}`.toLowerCase();
  if (keyword && !doctors.some((d) => text(d).includes(keyword))) {
    const near = specialityNames.find((s) => editDistance(s.toLowerCase(), keyword) <= 3);
    if (near) {
      suggestion = near;
      keyword = near.toLowerCase();
    }
  }
  const origin = q.get('postal_code')
    ? postalCodes.get(q.get('postal_code'))
    : q.get('latitude')
      ? { latitude: +q.get('latitude'), longitude: +q.get('longitude') }
      : undefined;
  const number = (name) => (q.get(name) ? Number(q.get(name)) : undefined);
  const tests = {
    keyword: (d) => !keyword || text(d).includes(keyword),
    city: (d) => !number('city_id') || d.city.id === number('city_id'),
    speciality: (d) => !number('speciality_id') || d.speciality.id === number('speciality_id'),
    hospital: (d) => !number('hospital_id') || d.practices.some((p) => p.hospital_id === number('hospital_id')),
    language: (d) => !q.get('language') || d.languages.includes(q.get('language')),
    fee: (d) => !number('fee_max_minor') || d.practices.some((p) => p.fee.amount_minor <= number('fee_max_minor')),
    rating: (d) => !number('rating_min') || d.rating >= number('rating_min'),
    radius: (d) => !origin || doctorView(d, origin).distance_km <= (number('radius_km') ?? 10),
    free: (d) =>
      !q.get('available_to') ||
      slotsOf(d, q.get('available_from')?.slice(0, 10) ?? today(), q.get('available_to').slice(0, 10)).some(
        (s) => s.status === 'free',
      ),
  };
  const match = (without) =>
    doctors.filter((d) => Object.entries(tests).every(([name, test]) => name === without || test(d)));
  const count = (list, keyOf) => [...list.reduce((m, d) => m.set(keyOf(d), (m.get(keyOf(d)) ?? 0) + 1), new Map())];
  const found = match();
  const views = found.map((d) => doctorView(d, origin));
  const orders = {
    rating: (a, b) => b.rating - a.rating,
    name: (a, b) => a.name.localeCompare(b.name),
    fee: (a, b) => a.practices[0].fee.amount_minor - b.practices[0].fee.amount_minor,
    distance: (a, b) => (a.distance_km ?? 0) - (b.distance_km ?? 0),
    first_free: (a, b) => (a.first_free_at ?? '9').localeCompare(b.first_free_at ?? '9'),
  };
  views.sort(orders[q.get('sort')] ?? (() => 0));
  const offset = Number(q.get('cursor') ?? 0);
  const limit = Math.min(30, Number(q.get('limit') ?? 10));
  return {
    items: views.slice(offset, offset + limit),
    ...(offset + limit < views.length ? { next: String(offset + limit) } : {}),
    total: views.length,
    suggestion,
    facets: {
      specialities: count(match('speciality'), (d) => d.speciality.id).map(([id, n]) => ({
        ...specialities[id - 1],
        count: n,
      })),
      cities: count(match('city'), (d) => d.city.id).map(([id, n]) => ({ id, name: cities[id - 1].name, count: n })),
      languages: languagePool.map((name) => ({
        name,
        count: match('language').filter((d) => d.languages.includes(name)).length,
      })),
    },
  };
}

// ---- http ---------------------------------------------------------------------------------------
class Problem extends Error {
  constructor(status, code, title, members = {}) {
    super(title);
    Object.assign(this, { status, code, members });
  }
}
const fail = (...args) => {
  throw new Problem(...args);
};
const cookieOf = (req, name) =>
  (req.headers.cookie ?? '')
    .split('; ')
    .find((c) => c.startsWith(`${name}=`))
    ?.slice(name.length + 1);
function callerOf(req) {
  const bearer = req.headers.authorization?.replace('Bearer ', '');
  const id = bearer ? tokens.get(bearer) : sessions.get(cookieOf(req, 'fw_session'))?.user_id;
  return id ? users.get(id) : undefined;
}
const needCaller = (req) => callerOf(req) ?? fail(401, 'identity.not_signed_in', 'Sign in to do this');
const isStaff = (u) => u && !['patient', 'doctor'].includes(u.role);
const findUser = (login) => [...users.values()].find((u) => [u.login, u.phone, u.email, u.logon_id].includes(login));
function register(body) {
  const errors = [];
  const login = body.phone ?? body.email ?? body.logon_id;
  if (!body.name) errors.push({ pointer: '/name', detail: 'Write a name' });
  if ((body.password ?? '').length < 10) errors.push({ pointer: '/password', detail: 'Use at least 10 characters' });
  if (!login) errors.push({ pointer: '/login', detail: 'Write a phone number, e-mail or logon id' });
  if (errors.length) fail(422, 'request.invalid', 'Some details need another look', { errors });
  if (findUser(login)) fail(409, 'identity.login_taken', 'This login name is taken');
  return addUser({ ...body, login, status: body.role === 'doctor' ? 'pending' : 'active' });
}
function startSession(res, user) {
  const id = randomUUID();
  const csrf = randomUUID();
  sessions.set(id, { user_id: user.id, csrf });
  res.setHeader('Set-Cookie', [
    `fw_session=${id}; Path=/; HttpOnly; SameSite=Lax`,
    `fw_csrf=${csrf}; Path=/; SameSite=Lax`,
  ]);
  return { user: publicUser(user), csrf_token: csrf };
}
function startToken(user) {
  const access = randomUUID();
  tokens.set(access, user.id);
  return { user: publicUser(user), access_token: access, refresh_token: randomUUID(), expires_in: 900 };
}
function login(body) {
  const user = findUser(body.login);
  if (!user || user.password !== body.password)
    fail(401, 'identity.credentials_wrong', 'Login name and password do not match');
  return user;
}
function runFor(body) {
  const doctor = doctors[body.doctor_id - 1] ?? fail(404, 'directory.doctor_not_found', 'No such doctor');
  const at = Date.parse(body.starts_at);
  const run = runs(doctor, localDate(at), localDate(at), body.hospital_id, body.slots ?? 1).find(
    (r) => Date.parse(r[0].starts_at) === at,
  );
  return [doctor, run ?? fail(422, 'booking.slot_not_bookable', 'This is not a time that can be booked')];
}
function openHold(patientId) {
  const open = [...appointments.values()].find((a) => a.patient_id === patientId && a.status === 'pending');
  if (open)
    fail(409, 'booking.patient_has_open_hold', 'You are holding another time already', {
      hold: `/api/holds/${open.id}`,
    });
  const wait = [...waits.values()].find((w) => w.patient_id === patientId && w.status === 'waiting');
  if (wait)
    fail(409, 'booking.patient_has_open_hold', 'You are standing in a line already', { wait: `/api/waits/${wait.id}` });
}
function refuseUnlessFree(doctor, run) {
  if (run.some((s) => s.status === 'booked'))
    fail(409, 'booking.slot_taken', 'This time is booked', { outcome: outcomes.full });
  if (run.some((s) => s.status === 'held')) {
    const day = slotsOf(doctor, run[0].starts_at.slice(0, 10), run[0].starts_at.slice(0, 10));
    if (day.some((s) => s.status === 'free'))
      fail(409, 'booking.slot_taken', 'Somebody holds this time', { outcome: outcomes.held });
    fail(409, 'booking.all_held', 'Every time left is on hold', { outcome: outcomes.held, wait: '/api/waits' });
  }
}
const ownAppointment = (id, u) => {
  const a = appointments.get(Number(id));
  return a && (isStaff(u) || a.patient_id === u.id)
    ? a
    : fail(404, 'booking.appointment_not_found', 'There is no such appointment');
};
const ownWait = (id, u) => {
  const w = waits.get(Number(id));
  return w && (isStaff(u) || w.patient_id === u.id)
    ? w
    : fail(404, 'booking.wait_not_found', 'There is no such place in line');
};

const routes = [
  [
    'GET',
    '/api/cities',
    () => [
      200,
      { items: cities.map((c) => ({ ...c, hospitals: 2, doctors: doctors.filter((d) => d.city.id === c.id).length })) },
    ],
  ],
  [
    'GET',
    '/api/specialities',
    () => [
      200,
      { items: specialities.map((s) => ({ ...s, doctors: doctors.filter((d) => d.speciality.id === s.id).length })) },
    ],
  ],
  [
    'GET',
    '/api/hospitals',
    () => [200, { items: hospitals.map((h) => ({ ...h, doctors: 12, status: 'active', version: 1 })) }],
  ],
  [
    'GET',
    '/api/hospitals/:id',
    ({ id }) => [200, hospitals[id - 1] ?? fail(404, 'directory.hospital_not_found', 'No such hospital')],
  ],
  [
    'GET',
    '/api/postal-codes/:code',
    ({ code }) => {
      const h =
        postalCodes.get(code) ?? fail(404, 'directory.postal_code_not_found', 'We do not know this postal code');
      return [200, { code, latitude: h.latitude, longitude: h.longitude, city_name: h.city_name }];
    },
  ],
  [
    'GET',
    '/api/doctors',
    ({ query }) => {
      if (query.get('postal_code') && !postalCodes.has(query.get('postal_code')))
        fail(422, 'directory.postal_code_not_found', 'We do not know this postal code', {
          errors: [{ pointer: '/postal_code', detail: 'unknown' }],
        });
      return [200, doctorSearch(query)];
    },
  ],
  [
    'GET',
    '/api/doctors/:id',
    ({ id }) => [
      200,
      doctors[id - 1]
        ? doctorView(doctors[id - 1])
        : fail(404, 'directory.doctor_not_found', 'There is no such doctor'),
    ],
  ],
  [
    'GET',
    '/api/doctors/:id/slots',
    ({ id, query }) => {
      const from = query.get('from') ?? today();
      return [
        200,
        {
          time_zone: zone,
          items: slotsOf(
            doctors[id - 1] ?? fail(404, 'directory.doctor_not_found', 'There is no such doctor'),
            from,
            query.get('to') ?? dateAfter(from, 6),
            Number(query.get('hospital_id')) || undefined,
          ),
        },
      ];
    },
  ],
  [
    'GET',
    '/api/doctors/:id/reviews',
    () => [200, { items: reviews, stars: { one: 0, two: 0, three: 0, four: 1, five: 1 } }],
  ],
  ['GET', '/api/reviews', () => [200, { items: [] }]],
  ['GET', '/api/search/suggestions', ({ query }) => [200, { items: suggestionsFor(query.get('q') ?? '') }]],
  [
    'GET',
    '/api/session',
    ({ req }) => {
      const u = callerOf(req);
      return [200, u ? { user: publicUser(u), csrf_token: cookieOf(req, 'fw_csrf') } : {}];
    },
  ],
  ['POST', '/api/session', ({ body, res }) => [201, startSession(res, login(body))]],
  ['POST', '/api/session/register', ({ body, res }) => [201, startSession(res, register(body))]],
  [
    'DELETE',
    '/api/session',
    ({ req, res }) => {
      sessions.delete(cookieOf(req, 'fw_session'));
      res.setHeader('Set-Cookie', ['fw_session=; Path=/; Max-Age=0', 'fw_csrf=; Path=/; Max-Age=0']);
      return [204];
    },
  ],
  ['POST', '/api/auth/identify', ({ body }) => [200, { known: Boolean(findUser(body.login)) }]],
  ['POST', '/api/auth/register', ({ body }) => [201, startToken(register(body))]],
  ['POST', '/api/auth/login', ({ body }) => [200, startToken(login(body))]],
  ['GET', '/api/me', ({ req }) => [200, publicUser(needCaller(req))]],
  [
    'GET',
    '/api/patients',
    ({ req, query }) => {
      if (!isStaff(needCaller(req))) fail(403, 'identity.not_allowed', 'Staff only');
      const p = query.get('phone');
      const n = query.get('name')?.toLowerCase();
      return [
        200,
        {
          items: [...users.values()]
            .filter(
              (u) => u.role === 'patient' && (!p || u.phone?.includes(p)) && (!n || u.name.toLowerCase().includes(n)),
            )
            .map(({ password, ...u }) => u),
        },
      ];
    },
  ],
  [
    'POST',
    '/api/patients',
    ({ req, body }) => {
      if (!isStaff(needCaller(req))) fail(403, 'identity.not_allowed', 'Staff only');
      if (!body.name)
        fail(422, 'request.invalid', 'Some details need another look', {
          errors: [{ pointer: '/name', detail: 'Write a name' }],
        });
      return [201, addUser({ ...body, role: 'patient' })];
    },
  ],
  [
    'POST',
    '/api/holds',
    ({ req, body }) => {
      const u = needCaller(req);
      const [doctor, run] = runFor(body);
      refuseUnlessFree(doctor, run);
      const date = localDate(Date.parse(body.starts_at));
      if (
        [...waits.values()].some(
          (w) =>
            w.doctor_id === doctor.id &&
            w.status === 'waiting' &&
            w.from <= date &&
            date <= w.to &&
            w.patient_id !== u.id &&
            w.slots <= run.length,
        )
      )
        fail(409, 'booking.queue_first', 'People in line come first', { outcome: outcomes.held, wait: '/api/waits' });
      openHold(u.id);
      return [201, holdView(holdMake(doctor, u.id, run, { reason: body.reason }))];
    },
  ],
  [
    'GET',
    '/api/holds/:id',
    ({ req, id }) => [200, holdView(ownAppointment(id, needCaller(req)))],
    (id) => `hold/${id}`,
  ],
  [
    'DELETE',
    '/api/holds/:id',
    ({ req, id }) => {
      const a = ownAppointment(id, needCaller(req));
      if (a.status === 'pending') holdEnd(a, 'cancelled');
      return [204];
    },
  ],
  [
    'POST',
    '/api/holds/:id/payments',
    ({ req, id, body }) => {
      const a = ownAppointment(id, needCaller(req));
      if (a.status !== 'pending') fail(409, 'booking.hold_ended', 'The hold has ended');
      a.payment = { status: 'requested' };
      appointmentChanged(a);
      gatewayAnswers(a, body.outcome ?? 'success');
      return [202, { id: nextId(), status: 'requested', hold_id: a.id, amount: a.price }];
    },
  ],
  [
    'GET',
    '/api/appointments',
    ({ req }) => {
      const u = needCaller(req);
      return [
        200,
        { items: [...appointments.values()].filter((a) => isStaff(u) || a.patient_id === u.id).map(appointmentView) },
      ];
    },
  ],
  [
    'GET',
    '/api/appointments/:id',
    ({ req, id }) => [200, appointmentView(ownAppointment(id, needCaller(req)))],
    (id) => `appointment/${id}`,
  ],
  [
    'POST',
    '/api/appointments',
    ({ req, body }) => {
      const u = needCaller(req);
      const [doctor, run] = runFor(body);
      refuseUnlessFree(doctor, run);
      const a = holdMake(doctor, body.patient_id ?? u.id, run, {
        reason: body.reason,
        channel: isStaff(u) ? 'phone' : 'web',
      });
      if (isStaff(u)) holdEnd(a, 'booked', { outcome: outcomes.booked });
      return [201, appointmentView(a)];
    },
  ],
  [
    'PUT',
    '/api/appointments/:id',
    ({ req, id, body }) => {
      const a = ownAppointment(id, needCaller(req));
      if (body.starts_at && body.status) fail(422, 'request.invalid', 'Either a new time or a status');
      if (body.status) {
        holdEnd(a, body.status);
        return [200, appointmentView(a)];
      }
      const [doctor, run] = runFor({ ...body, doctor_id: a.doctor_id, hospital_id: a.hospital_id, slots: a.slots });
      refuseUnlessFree(doctor, run);
      a.at = Date.parse(body.starts_at);
      appointmentChanged(a);
      queueServe(a.doctor_id);
      return [200, appointmentView(a)];
    },
  ],
  [
    'PUT',
    '/api/appointments/:id/cancel',
    ({ req, id, body }) => {
      const a = ownAppointment(id, needCaller(req));
      holdEnd(a, 'cancelled', {
        cancel_reason: body?.reason,
        payment: { status: a.payment.status === 'captured' ? 'refunded' : a.payment.status },
      });
      return [200, appointmentView(a)];
    },
  ],
  [
    'POST',
    '/api/waits',
    ({ req, body }) => {
      const u = needCaller(req);
      const doctor = doctors[body.doctor_id - 1] ?? fail(404, 'directory.doctor_not_found', 'No such doctor');
      openHold(u.id);
      const candidates = runs(doctor, body.from, body.to, body.hospital_id, body.slots ?? 1);
      if (
        candidates.some((r) => r.every((s) => s.status === 'free')) &&
        ![...waits.values()].some((w) => w.doctor_id === doctor.id && w.status === 'waiting')
      )
        fail(409, 'booking.slots_free', 'A time that fits is free');
      if (!candidates.some((r) => r.every((s) => s.status !== 'booked')))
        fail(409, 'booking.slot_full', 'All times are booked', { outcome: outcomes.full });
      const id = nextId();
      const w = {
        id,
        status: 'waiting',
        doctor_id: doctor.id,
        patient_id: u.id,
        hospital_id: body.hospital_id,
        from: body.from,
        to: body.to,
        slots: body.slots ?? 1,
        ticket: `W-${id}`,
        joinedMs: Date.now(),
        expiresMs: Date.now() + 3_600_000,
      };
      waits.set(id, w);
      return [201, waitView(w)];
    },
  ],
  [
    'GET',
    '/api/waits',
    ({ req }) => {
      const u = needCaller(req);
      return [200, { items: [...waits.values()].filter((w) => w.patient_id === u.id).map(waitView) }];
    },
  ],
  ['GET', '/api/waits/:id', ({ req, id }) => [200, waitView(ownWait(id, needCaller(req)))], (id) => `wait/${id}`],
  [
    'DELETE',
    '/api/waits/:id',
    ({ req, id }) => {
      const w = ownWait(id, needCaller(req));
      if (w.status === 'offered') holdEnd(appointments.get(w.hold_id), 'cancelled');
      w.status = 'left';
      changed(`wait/${w.id}`);
      queueServe(w.doctor_id);
      return [204];
    },
  ],
  ...portalRoutes({
    addUser,
    appointmentView,
    appointments,
    busy,
    changed,
    doctors,
    fail,
    hospitals,
    needCaller,
    nextId,
    users,
    zone,
  }),
].map(([method, path, handler, topic]) => ({
  method,
  handler,
  topic,
  pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}));

async function readBody(req) {
  let text = '';
  for await (const chunk of req) text += chunk;
  return text ? JSON.parse(text) : {};
}
function events(req, res, query) {
  const topics = new Set((query.get('topics') ?? '').split(',').filter(Boolean));
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write('retry: 2000\n\n');
  let id = 0;
  const stream = {
    topics,
    send: (topic) => res.write(`id: ${++id}\nevent: changed\ndata: ${JSON.stringify({ topic })}\n\n`),
  };
  streams.add(stream);
  const beat = setInterval(() => res.write(': heartbeat\n\n'), 15_000);
  req.on('close', () => {
    streams.delete(stream);
    clearInterval(beat);
  });
}
function longPoll(topic, seconds, req) {
  return new Promise((resolve) => {
    const watcher = {
      topics: new Set([topic]),
      wake: () => {
        watchers.delete(watcher);
        clearTimeout(timer);
        resolve();
      },
    };
    const timer = setTimeout(watcher.wake, seconds * 1000);
    watchers.add(watcher);
    req.on('close', watcher.wake);
  });
}
const etagOf = (view) => {
  const { server_now, ...rest } = view;
  return `"${Buffer.from(JSON.stringify(rest)).toString('base64url').slice(-24)}-${JSON.stringify(rest).length}"`;
};

async function api(req, res, url) {
  if (url.pathname === '/api/events') return events(req, res, url.searchParams);
  const route =
    routes.find((r) => r.method === req.method && r.pattern.test(url.pathname)) ??
    fail(404, 'request.not_found', 'There is nothing here');
  const params = url.pathname.match(route.pattern).groups ?? {};
  const body = req.method === 'GET' ? undefined : await readBody(req);
  if (
    req.method !== 'GET' &&
    !req.headers.authorization &&
    cookieOf(req, 'fw_session') &&
    callerOf(req) &&
    req.headers['x-csrf-token'] !== cookieOf(req, 'fw_csrf')
  )
    fail(403, 'identity.csrf_missing', 'This request did not come from our page');
  const key = req.headers['idempotency-key'] && `${callerOf(req)?.id}:${req.headers['idempotency-key']}`;
  if (key && replays.has(key)) return send(res, ...replays.get(key), { 'Idempotency-Replayed': 'true' });
  const context = { req, res, query: url.searchParams, body, ...params };
  let [status, view] = route.handler(context);
  const headers = {};
  if (route.topic) {
    headers.ETag = etagOf(view);
    if (req.headers['if-none-match'] === headers.ETag) {
      if (url.searchParams.get('wait')) {
        await longPoll(route.topic(params.id), Number(url.searchParams.get('wait')), req);
        [status, view] = route.handler(context);
        headers.ETag = etagOf(view);
      }
      if (req.headers['if-none-match'] === headers.ETag) return send(res, 304, undefined, headers);
    }
  }
  if (key) replays.set(key, [status, view]);
  send(res, status, view, headers);
}
function send(res, status, view, headers = {}) {
  res.writeHead(status, {
    ...(view ? { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' } : {}),
    'Cache-Control': 'no-store',
    ...headers,
  });
  res.end(view && status !== 304 ? JSON.stringify(view) : undefined);
}
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};
function file(res, url) {
  if (!webDir) fail(404, 'request.not_found', 'There is nothing here');
  const asked = join(webDir, normalize(url.pathname));
  const found =
    existsSync(asked) && statSync(asked).isFile()
      ? asked
      : extname(url.pathname)
        ? fail(404, 'request.not_found', 'There is nothing here')
        : join(webDir, 'index.html');
  res.writeHead(200, {
    'Content-Type': types[extname(found)] ?? 'application/octet-stream',
    'Content-Security-Policy':
      "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  });
  createReadStream(found).pipe(res);
}
createServer(async (req, res) => {
  const url = new URL(req.url, 'http://localhost');
  try {
    if (url.pathname.startsWith('/api/')) await api(req, res, url);
    else if (url.pathname === '/site.json') send(res, 200, { contact_name: 'The mock' });
    else file(res, url);
  } catch (error) {
    if (!(error instanceof Problem)) console.error(error);
    const status = error.status ?? 500;
    const code = error.code ?? 'server.failed';
    send(res, status, {
      type: `/problems/${code}`,
      title: error.message,
      status,
      code,
      request_id: randomUUID().slice(0, 8),
      ...error.members,
    });
  }
}).listen(port, '127.0.0.1', () => console.log(`mock server on http://127.0.0.1:${port}`));
