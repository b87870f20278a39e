// How each operation of the document is called on what belongs to one hospital and its patients, and by whom rightly.
// tests/http/strangers.test.mjs refuses an operation that is not here.
//
//   on      makes what the call is about, anew for each walk; without it the call names nothing of ours
//   call    {path, query, body, headers, raw} of the call
//   by      who may: 'owner' (the patient of what `on` made) or a role at the hospital
//   look    a path that shows, to who may, what strangers must not have changed
//   isOpen  what is named is public: strangers may read it
import { Authenticator, originOf } from './authenticator.mjs';
import { isOk } from './expect.mjs';
import { inbox } from './inbox.mjs';

export const canary = 'Quillonby';
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const byId = (it) => ({ path: { id: it.id } });

// One hospital of a world with everything that strangers could want of it.
export class OurHospital {
  constructor(world) {
    this.world = world;
  }

  async open() {
    const { world } = this;
    this.tokens = {};
    for (const role of ['doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin', 'patient'])
      this.tokens[role] = await world.staff(role);
    this.id = (await this.read('/api/me', 'front_desk')).hospital_id;
    this.doctor = (await this.read('/api/me', 'doctor')).doctor_id;
    const { items } = await this.read(`/api/doctors?hospital_id=${this.id}&limit=30`, 'patient');
    const others = items.filter(({ id }) => id !== this.doctor);
    this.queued = others[0].id; // whose one slot a day is held
    this.tireless = others[1].id; // who works day and night
    await world.schedule(this.tireless, { starts: '00:00', ends: '24:00', slot_minutes: 5 });
    this.slots = await world.slots(this.doctor, { from: dateIn(2), to: dateIn(20) });
    return this;
  }

  async read(path, role) {
    return isOk(await this.world.api('GET', path, undefined, this.tokens[role]), 200);
  }
  async made(path, body, token) {
    return isOk(await this.world.api('POST', path, body, token), 201);
  }
  patient() {
    this.people = (this.people ?? 0) + 1;
    return this.world.patient(`${canary} ${this.people}`);
  }
  wish() {
    return { doctor_id: this.doctor, hospital_id: this.id, starts_at: this.slots.shift().starts_at, reason: canary };
  }
  walkIn() {
    return this.made('/api/patients', { name: `${canary} Walk In`, phone: this.phone() }, this.tokens.front_desk);
  }
  phone() {
    this.phones = (this.phones ?? 0) + 1;
    return `+9198000${String(10_000 + this.phones)}`;
  }
  async held() {
    const owner = await this.patient();
    return { ...(await this.made('/api/holds', this.wish(), owner.token)), owner };
  }
  async booked() {
    const hold = await this.held();
    const body = { method: 'sandbox', outcome: 'success' };
    const payment = isOk(await this.world.api('POST', `/api/holds/${hold.id}/payments`, body, hold.owner.token), 202);
    await this.world.until(`/api/appointments/${hold.id}`, hold.owner.token, ({ status }) => status === 'booked');
    return { ...hold, payment: payment.id };
  }
  async arrived() {
    const [slot] = await this.world.slots(this.tireless);
    const person = await this.walkIn();
    const wish = { doctor_id: this.tireless, starts_at: slot.starts_at, patient_id: person.id };
    return this.made('/api/appointments', wish, this.tokens.front_desk);
  }
  async waiting() {
    if (!this.queue) {
      await this.world.schedule(this.queued, { starts: '10:00', ends: '10:30', slot_minutes: 30 });
      const [slot] = await this.world.slots(this.queued, { from: dateIn(3), to: dateIn(5) });
      this.queue = { from: slot.starts_at.slice(0, 10), to: slot.starts_at.slice(0, 10) };
      const holder = await this.patient();
      await this.made('/api/holds', { doctor_id: this.queued, starts_at: slot.starts_at }, holder.token);
    }
    const owner = await this.patient();
    return { ...(await this.made('/api/waits', { doctor_id: this.queued, ...this.queue }, owner.token)), owner };
  }
  // At an address that nobody may call: its calls end at once.
  async webhook() {
    this.hook ??= (
      await this.made('/api/webhooks', { url: 'https://127-0-0-1.invalid/' }, this.tokens.hospital_admin)
    ).webhook;
    return this.hook;
  }
  async calendar() {
    return isOk(await this.world.api('PUT', '/api/me/calendar', {}, this.tokens.patient), 200).url;
  }
  // A patient of ours with the doctor, who has begun to write.
  async treated() {
    const visit = await this.booked();
    const { doctor } = this.tokens;
    isOk(await this.world.api('PUT', `/api/doctor/appointments/${visit.id}`, { status: 'arrived' }, doctor), 200);
    isOk(await this.world.api('POST', `/api/treatments/${visit.id}`, { notes: canary }, doctor), 200);
    return visit;
  }
  async treatedWith(what, body) {
    const visit = await this.treated();
    const target = what.replace('{patient}', visit.owner.id);
    return { ...visit, ...(await this.made(target, body(visit), this.tokens.doctor)), visit: visit.id };
  }
  allergic() {
    return this.treatedWith('/api/patients/{patient}/allergies', () => ({ substance: canary }));
  }
  burdened() {
    return this.treatedWith('/api/patients/{patient}/problems', () => ({ words: canary }));
  }
  prescribed() {
    const items = [{ medicine: canary, dose: '1', frequency: 'daily', quantity: 3 }];
    return this.treatedWith('/api/doctor/prescriptions', ({ id }) => ({ appointment_id: id, items }));
  }
  referred() {
    return this.treatedWith('/api/doctor/referrals', ({ id }) => ({
      appointment_id: id,
      to_doctor_id: this.doctor,
      reason: canary,
    }));
  }
  async ordered() {
    const it = await this.treatedWith('/api/doctor/test-orders', ({ id }) => ({
      appointment_id: id,
      tests: [{ name: canary }],
    }));
    return { ...it, id: it.items[0].id };
  }
  async documented() {
    const { owner } = await this.treated();
    const { doctor } = this.tokens;
    const target = `/api/patients/${owner.id}/documents?name=${canary}`;
    const headers = { 'content-type': 'text/plain' };
    return { owner, ...isOk(await this.world.api('POST', target, canary, doctor, headers), 201) };
  }
  async numbered() {
    const patient = await this.walkIn();
    const body = { kind: 'mrn' };
    const number = await this.made(`/api/patients/${patient.id}/identifiers`, body, this.tokens.front_desk);
    return { ...patient, identifier_id: number.id };
  }
  async merged() {
    const [patient, other] = [await this.walkIn(), await this.walkIn()];
    const body = { merged_id: other.id, reason: canary };
    const merge = await this.made(`/api/patients/${patient.id}/merges`, body, this.tokens.hospital_admin);
    return { patient: patient.id, id: merge.id };
  }
  async exported() {
    const { hospital_admin: admin } = this.tokens;
    const asked = isOk(await this.world.api('POST', '/api/export/treatments', { format: 'csv' }, admin), 202);
    return this.world.until(`/api/exports/${asked.id}`, admin, ({ status }) => status === 'done');
  }
  // Somebody whom nobody treats.
  async lying() {
    return this.made('/api/patients', { name: 'Some Body', phone: this.phone() }, this.tokens.front_desk);
  }
  async emergency() {
    const { id } = await this.lying();
    const body = { reason: `Found unconscious by ${canary}` };
    return this.made(`/api/patients/${id}/emergency-accesses`, body, this.tokens.doctor);
  }
  // The demo's patient has been here once, and reviews it once.
  async visit() {
    const { items } = await this.read('/api/appointments', 'patient');
    return items.find(({ status }) => status === 'fulfilled');
  }
  async reviewed() {
    const visit = await this.visit();
    const body = { appointment_id: visit.id, rating: 4, text: 'Clear words.' };
    await this.world.api('POST', `/api/doctors/${visit.doctor_id}/reviews`, body, this.tokens.patient);
    const [review] = (await this.read('/api/reviews', 'patient')).items;
    return { ...review, owner: { token: this.tokens.patient } };
  }
  async colleague() {
    const login = `colleague.${Math.random().toString(36).slice(2)}`;
    const body = { role: 'ward_admin', name: `${canary} Colleague`, login, password: 'a long sentence of theirs' };
    return this.made('/api/users', body, this.tokens.hospital_admin);
  }
  async applicant() {
    const body = {
      role: 'doctor',
      name: `${canary} Applicant`,
      email: `applicant.${Math.random().toString(36).slice(2)}@example.org`,
      password: 'a long sentence of theirs',
      hospital_id: this.id,
    };
    return (await this.made('/api/auth/register', body)).user;
  }
  async child() {
    const owner = await this.patient();
    const body = { name: `${canary} Child`, relation: 'child' };
    return { ...(await this.made('/api/me/family', body, owner.token)), owner };
  }
  async signedIn() {
    const owner = await this.patient();
    const { body } = await this.world.api('GET', '/api/me/sessions', undefined, owner.token);
    return { id: body.items[0].id, owner };
  }
  async key() {
    const owner = await this.patient();
    return { ...(await this.made('/api/me/keys', { name: canary }, owner.token)).about, owner };
  }
  async passkey(whose) {
    const owner = whose ?? (await this.patient());
    const offer = isOk(await this.world.api('POST', '/api/me/passkeys/offers', {}, owner.token), 200);
    const device = new Authenticator(originOf(this.world));
    return { ...(await this.made('/api/me/passkeys', device.make(offer, canary), owner.token)), owner, device };
  }
  // By somebody who is not ours: who has the device is told who it is.
  async passkeySigned() {
    const { device } = await this.passkey(await this.world.patient());
    return device.sign(isOk(await this.world.api('POST', '/api/auth/passkeys/challenges', {}), 200));
  }
  async pendingHospital() {
    const body = { ...hospitalForm, name: `${canary} Clinic ${Math.random()}` };
    isOk(await this.world.api('POST', '/api/hospitals/applications', body), 202);
    const { items } = await this.read('/api/hospitals?status=pending&limit=100', 'platform_admin');
    return items.find(({ name }) => name === body.name);
  }
  invitation() {
    const login = `invited.${Math.random().toString(36).slice(2)}@example.org`;
    const body = { role: 'ward_admin', name: `${canary} Invited`, login };
    return this.made('/api/users/invitations', body, this.tokens.hospital_admin);
  }
  // A phone of somebody new, and the code that came to it.
  async code() {
    const phone = this.phone();
    const { request } = isOk(await this.world.api('POST', '/api/auth/codes', { phone }), 202);
    const { secret } = await inbox(this.world).until((message) => message.phone === phone && message.secret);
    return { request, code: secret, name: 'New Comer' };
  }
  async department() {
    const name = `Department ${Math.random().toString(36).slice(2)}`;
    return this.made('/api/departments', { hospital_id: this.id, name }, this.tokens.hospital_admin);
  }
  async leave() {
    const body = { kind: 'leave', on: dateIn(30), reason: canary };
    const schedule = await this.made(`/api/doctors/${this.doctor}/exceptions`, body, this.tokens.hospital_admin);
    return { id: this.doctor, exception_id: schedule.exceptions.at(-1).id };
  }
  // What is changed with If-Match, with the tag that it bears now.
  async tagged(path, role) {
    const { headers } = await this.world.api('GET', path, undefined, this.tokens[role]);
    return { headers: { 'if-match': headers.etag } };
  }
}

const open = { by: 'patient', call: () => ({}) };
const hospitalForm = {
  name: 'New Clinic',
  city_name: 'Pune',
  time_zone: 'Asia/Kolkata',
  contact_name: 'Mira Sen',
  contact_email: 'mira@example.org',
};
const newcomer = (ours) => ({
  role: 'patient',
  name: 'New Comer',
  phone: ours.phone(),
  password: 'a long sentence of theirs',
});
const login = (ours) => {
  const { login: name, password } = ours.world.logins.find(({ role }) => role === 'patient');
  return { login: name, password };
};

const ofVisit = (it) => ({ path: { appointment_id: it.id } });
const ofOwner = (it) => ({ path: { id: it.owner.id } });
const summaryOfOwner = (it) => `/api/patients/${it.owner.id}/summary`;

const records = {
  allergy_correct: {
    on: (ours) => ours.allergic(),
    call: (it) => ({ path: { id: it.id }, body: { reason: 'Tested', status: 'refuted' } }),
    look: summaryOfOwner,
    by: 'doctor',
  },
  allergy_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({ ...ofOwner(it), body: { substance: 'Latex' } }),
    look: summaryOfOwner,
    by: 'doctor',
  },
  diagnosis_code_list: { call: () => ({ query: { q: 'cough' } }), by: 'doctor' },
  doctor_patient_list: { call: () => ({}), by: 'doctor' },
  document_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({
      ...ofOwner(it),
      query: { name: 'letter.txt' },
      raw: `To ${it.owner.id}`,
      headers: { 'content-type': 'text/plain' },
    }),
    look: (it) => `/api/patients/${it.owner.id}/documents`,
    by: 'doctor',
  },
  document_get: { on: (ours) => ours.documented(), call: byId, by: 'doctor' },
  document_list: { on: (ours) => ours.documented(), call: ofOwner, by: 'doctor' },
  duplicate_list: { on: (ours) => ours.walkIn(), call: byId, by: 'front_desk' },
  emergency_access_create: {
    // Any doctor may, of anybody: that is what it is for. It is recorded, told and reviewed: tests/http/records_rights.
    call: async (_, ours) => ({ path: { id: (await ours.lying()).id }, body: { reason: 'Found unconscious' } }),
    by: 'doctor',
  },
  emergency_access_list: { call: () => ({}), by: 'hospital_admin' },
  emergency_access_review: {
    on: (ours) => ours.emergency(),
    call: (it) => ({ path: { id: it.id }, body: { justified: true } }),
    look: () => '/api/emergency-accesses',
    by: 'hospital_admin',
  },
  identifier_create: {
    on: (ours) => ours.walkIn(),
    call: (it) => ({ path: { id: it.id }, body: { kind: 'mrn' } }),
    look: (it) => `/api/patients/${it.id}/registration`,
    by: 'front_desk',
  },
  identifier_delete: {
    on: (ours) => ours.numbered(),
    call: (it) => ({ path: { id: it.id, identifier_id: it.identifier_id } }),
    look: (it) => `/api/patients/${it.id}/registration`,
    by: 'hospital_admin',
  },
  merge_create: {
    on: async (ours) => ({ ...(await ours.walkIn()), other: (await ours.walkIn()).id }),
    call: (it) => ({ path: { id: it.id }, body: { merged_id: it.other, reason: 'The same person' } }),
    look: (it) => `/api/patients/${it.id}/registration`,
    by: 'hospital_admin',
  },
  merge_delete: {
    on: (ours) => ours.merged(),
    call: byId,
    look: (it) => `/api/patients/${it.patient}/registration`,
    by: 'hospital_admin',
  },
  patient_summary_get: { on: (ours) => ours.treated(), call: ofOwner, by: 'doctor' },
  prescription_correct: {
    on: (ours) => ours.prescribed(),
    call: (it) => ({ path: { id: it.id }, body: { reason: 'Not needed', items: [] } }),
    look: (it) => `/api/prescriptions/${it.id}`,
    by: 'doctor',
  },
  prescription_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({
      body: { appointment_id: it.id, items: [{ medicine: 'Zinc', dose: '1', frequency: 'daily', quantity: 1 }] },
    }),
    look: (it) => `/api/treatments/${it.id}`,
    by: 'doctor',
  },
  prescription_get: { on: (ours) => ours.prescribed(), call: byId, by: 'owner' },
  prescription_list: {
    on: (ours) => ours.prescribed(),
    call: (it) => ({ query: { patient_id: it.owner.id } }),
    by: 'doctor',
  },
  problem_correct: {
    on: (ours) => ours.burdened(),
    call: (it) => ({ path: { id: it.id }, body: { reason: 'It ended', status: 'resolved' } }),
    look: summaryOfOwner,
    by: 'doctor',
  },
  problem_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({ ...ofOwner(it), body: { words: 'Asthma' } }),
    look: summaryOfOwner,
    by: 'doctor',
  },
  record_access_list: {
    on: (ours) => ours.treated(),
    call: (it) => ({ query: { patient_id: it.owner.id } }),
    by: 'owner',
  },
  follow_up_list: { call: () => ({}), by: 'front_desk' },
  referral_correct: {
    on: (ours) => ours.referred(),
    call: (it) => ({ path: { id: it.id }, body: { correction_reason: 'Well again', is_withdrawn: true } }),
    look: (it) => `/api/treatments/${it.visit}`,
    by: 'doctor',
  },
  referral_create: {
    on: (ours) => ours.treated(),
    call: (it, ours) => ({ body: { appointment_id: it.id, to_doctor_id: ours.doctor, reason: 'Wheeze' } }),
    look: (it) => `/api/treatments/${it.id}`,
    by: 'doctor',
  },
  referral_list: { call: () => ({}), by: 'doctor' },
  registration_get: { on: (ours) => ours.walkIn(), call: byId, by: 'front_desk' },
  test_order_correct: {
    on: (ours) => ours.ordered(),
    call: (it) => ({ path: { id: it.id }, body: { correction_reason: 'The wrong one', name: 'ESR' } }),
    look: (it) => `/api/treatments/${it.visit}`,
    by: 'doctor',
  },
  test_order_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({ body: { appointment_id: it.id, tests: [{ name: 'CBC' }] } }),
    look: (it) => `/api/treatments/${it.id}`,
    by: 'doctor',
  },
  timeline_list: { on: (ours) => ours.treated(), call: ofOwner, by: 'hospital_admin' },
  treatment_create: {
    on: (ours) => ours.treated(),
    call: (it) => ({ ...ofVisit(it), body: { notes: 'Well', close: true } }),
    look: (it) => `/api/treatments/${it.id}`,
    by: 'doctor',
  },
  treatment_get: { on: (ours) => ours.treated(), call: ofVisit, by: 'doctor' },
  treatment_update: {
    on: (ours) => ours.treated(),
    call: (it) => ({ ...ofVisit(it), body: { notes: 'Well' }, headers: { 'if-match': '"2"' } }),
    look: (it) => `/api/treatments/${it.id}`,
    by: 'doctor',
  },
  treatment_version_get: {
    on: async (ours) => {
      const visit = await ours.treated();
      const body = { notes: canary, close: true };
      isOk(await ours.world.api('POST', `/api/treatments/${visit.id}`, body, ours.tokens.doctor), 200);
      return visit;
    },
    call: (it) => ({ path: { appointment_id: it.id, number: 1 } }),
    by: 'owner',
  },
};

export const operations = {
  ...records,
  appointment_cancel: {
    on: (ours) => ours.booked(),
    call: (it) => ({ path: { id: it.id }, body: {} }),
    look: (it) => `/api/appointments/${it.id}`,
    by: 'owner',
  },
  appointment_create: {
    on: async (ours) => ({ ...(await ours.walkIn()), wish: ours.wish() }),
    call: (it) => ({ body: { ...it.wish, patient_id: it.id } }),
    by: 'front_desk',
  },
  appointment_get: { on: (ours) => ours.booked(), call: byId, by: 'hospital_admin' },
  appointment_list: { call: () => ({}), by: 'front_desk' },
  appointment_update: {
    on: (ours) => ours.booked(),
    call: (it, ours) => ({ path: { id: it.id }, body: { starts_at: ours.slots.at(-1).starts_at } }),
    look: (it) => `/api/appointments/${it.id}`,
    by: 'owner',
  },
  arrival_get: {
    on: async (ours) => {
      const visit = await ours.arrived();
      const path = `/api/appointments/${visit.id}/arrival`;
      isOk(await ours.world.api('PUT', path, {}, ours.tokens.front_desk), 200);
      return visit;
    },
    call: byId,
    by: 'front_desk',
  },
  arrival_put: {
    on: (ours) => ours.arrived(),
    call: (it) => ({ path: { id: it.id }, body: {} }),
    look: (it) => `/api/appointments/${it.id}`,
    by: 'front_desk',
  },
  board_get: { call: (_, ours) => ({ query: { hospital_id: ours.id } }), by: 'front_desk' },
  audit_record_list: { call: () => ({}), by: 'hospital_admin' },
  audit_rule_list: {
    on: (ours) => ours.walkIn(),
    call: (it) => ({ query: { user_id: it.id } }),
    by: 'platform_admin',
  },
  calendar_delete: { call: () => ({}), by: 'patient' },
  // Whoever has the address may read, and finds nobody's name in it.
  calendar_file_get: {
    call: async (_, ours) => ({ path: { file: (await ours.calendar()).split('/').at(-1) } }),
    by: 'patient',
  },
  calendar_get: { call: async (_, ours) => ({ url: await ours.calendar() }), by: 'patient' },
  calendar_put: { call: () => ({ body: {} }), by: 'patient' },
  city_list: open,
  delay_create: {
    on: () => ({}),
    call: (_, ours) => ({ path: { id: ours.doctor }, body: { hospital_id: ours.id, minutes: 10 } }),
    by: 'front_desk',
  },
  delivery_list: { call: () => ({}), by: 'hospital_admin' },
  code_create: { call: (_, ours) => ({ body: { phone: ours.phone() } }), by: 'patient' },
  code_login_create: { call: async (_, ours) => ({ body: await ours.code() }), by: 'patient' },
  code_session_create: { call: async (_, ours) => ({ body: await ours.code() }), by: 'patient' },
  department_create: {
    on: () => ({ name: `New ${Math.random()}` }),
    call: (it, ours) => ({ body: { hospital_id: ours.id, name: it.name } }),
    by: 'hospital_admin',
  },
  department_delete: { on: (ours) => ours.department(), call: byId, by: 'hospital_admin' },
  department_list: { call: (_, ours) => ({ query: { hospital_id: ours.id } }), by: 'patient' },
  display_get: { call: (_, ours) => ({ path: { id: ours.id } }), by: 'patient' },
  doctor_appointment_list: { call: () => ({}), by: 'doctor' },
  doctor_appointment_update: {
    on: (ours) => ours.booked(),
    call: (it) => ({ path: { id: it.id }, body: { status: 'cancelled' } }),
    look: (it) => `/api/appointments/${it.id}`,
    by: 'doctor',
  },
  doctor_create: {
    on: () => ({}),
    call: (_, ours) => ({
      body: {
        given_name: 'New',
        speciality: 'Cardiology',
        practices: [{ hospital_id: ours.id, fee: { amount_minor: 50_000, currency: 'INR' } }],
      },
    }),
    by: 'hospital_admin',
  },
  doctor_list: open,
  doctor_profile_update: {
    call: async (_, ours) => ({ body: { bio: 'Listens.' }, ...(await ours.tagged('/api/doctor/profile', 'doctor')) }),
    by: 'doctor',
  },
  doctor_profile_view: { call: () => ({}), by: 'doctor' },
  doctor_review_list: { call: (_, ours) => ({ path: { id: ours.doctor } }), by: 'patient' },
  doctor_roster_list: { call: () => ({}), by: 'hospital_admin' },
  doctor_search: { call: () => ({ query: { keyword: 'heart' } }), by: 'patient' },
  doctor_update: {
    on: (ours) => ours.tagged(`/api/doctors/${ours.doctor}`, 'hospital_admin'),
    call: (it, ours) => ({ path: { id: ours.doctor }, body: { bio: 'Listens well.' }, headers: it.headers }),
    look: (_, ours) => `/api/doctors/${ours.doctor}`,
    by: 'hospital_admin',
  },
  doctor_view: { call: (_, ours) => ({ path: { id: ours.doctor } }), by: 'patient' },
  error_count_list: { call: () => ({}), by: 'platform_admin' },
  error_list: { call: () => ({}), by: 'platform_admin' },
  // Whose treatments it holds, the role decides: tests/http/exports.
  export_create: { call: (_, ours) => ({ body: { format: 'csv', hospital_id: ours.id } }), by: 'hospital_admin' },
  export_file_get: {
    on: (ours) => ours.exported(),
    call: (it) => ({ path: { id: it.id }, query: { key: it.url.split('key=')[1] } }),
    by: 'hospital_admin',
  },
  export_get: { on: (ours) => ours.exported(), call: byId, by: 'hospital_admin' },
  export_list: { call: () => ({}), by: 'hospital_admin' },
  family_create: { call: () => ({ body: { name: 'Small Body', relation: 'child' } }), by: 'patient' },
  family_delete: { on: (ours) => ours.child(), call: byId, by: 'owner', look: () => '/api/me/family' },
  family_list: { call: () => ({}), by: 'patient' },
  hold_create: {
    on: async (ours) => ({ ...(await ours.walkIn()), wish: ours.wish() }),
    call: (it) => ({ body: { ...it.wish, patient_id: it.id } }),
    by: 'front_desk',
  },
  hold_delete: {
    on: (ours) => ours.held(),
    call: byId,
    look: (it) => `/api/holds/${it.id}`,
    by: 'owner',
  },
  hold_get: { on: (ours) => ours.held(), call: byId, by: 'owner' },
  hold_payment_create: {
    on: (ours) => ours.held(),
    call: (it) => ({ path: { id: it.id }, body: { method: 'sandbox', outcome: 'success' } }),
    look: (it) => `/api/holds/${it.id}`,
    by: 'owner',
  },
  hospital_chat_get: { on: () => ({}), call: (_, ours) => ({ path: { id: ours.id } }), by: 'hospital_admin' },
  hospital_chat_put: {
    on: () => ({}),
    call: (_, ours) => ({ path: { id: ours.id }, body: { chat_url: 'https://chat.example.org/room' } }),
    look: (_, ours) => `/api/notifications/hospitals/${ours.id}`,
    by: 'hospital_admin',
  },
  hospital_application_create: { call: () => ({ body: hospitalForm }), by: 'patient' },
  hospital_application_view: { on: (ours) => ours.pendingHospital(), call: byId, by: 'platform_admin' },
  hospital_approval_put: {
    on: (ours) => ours.pendingHospital(),
    call: (it) => ({ path: { id: it.id }, body: { approved: true } }),
    look: (it) => `/api/hospitals/${it.id}/application`,
    by: 'platform_admin',
  },
  hospital_create: {
    call: () => ({ body: { name: 'Another', city_name: 'Pune', time_zone: 'Asia/Kolkata' } }),
    by: 'platform_admin',
  },
  hospital_list: open,
  hospital_update: {
    on: (ours) => ours.tagged(`/api/hospitals/${ours.id}`, 'hospital_admin'),
    call: (it, ours) => ({ path: { id: ours.id }, body: { phone: '+912000000000' }, headers: it.headers }),
    look: (_, ours) => `/api/hospitals/${ours.id}`,
    by: 'hospital_admin',
  },
  hospital_view: { call: (_, ours) => ({ path: { id: ours.id } }), by: 'patient' },
  invitation_accept: {
    on: () => ({}),
    call: () => ({ body: { token: '1.made-up', password: 'a long sentence of theirs' } }),
    by: 'nobody', // by the link: tests/http/identity_invitations
  },
  invitation_create: {
    on: () => ({ login: `mole.${Math.random().toString(36).slice(2)}@example.org` }),
    call: (it, ours) => ({ body: { ...it, role: 'front_desk', name: 'Mole', hospital_id: ours.id } }),
    by: 'hospital_admin',
  },
  invitation_delete: { on: (ours) => ours.invitation(), call: byId, by: 'hospital_admin' },
  invitation_list: { call: () => ({}), by: 'hospital_admin' },
  key_create: { call: () => ({ body: { name: 'A program' } }), by: 'patient' },
  key_delete: { on: (ours) => ours.key(), call: byId, by: 'owner', look: (it) => `/api/me/keys/${it.id}/usage` },
  key_list: { call: () => ({}), by: 'patient' },
  key_list_all: { call: () => ({}), by: 'platform_admin' },
  key_quota_put: {
    on: (ours) => ours.key(),
    call: (it) => ({ path: { id: it.id }, body: { per_minute: 1, per_day: 1 } }),
    by: 'platform_admin',
  },
  key_rotate: {
    on: (ours) => ours.key(),
    call: (it) => ({ path: { id: it.id }, body: {} }),
    by: 'owner',
  },
  key_set_get: open,
  key_usage_list: { on: (ours) => ours.key(), call: byId, by: 'owner' },
  login_create: { call: (_, ours) => ({ body: login(ours) }), by: 'patient' },
  login_question_ask: { call: (_, ours) => ({ body: { login: login(ours).login } }), by: 'patient' },
  logout_create: {
    on: (ours) => ours.patient().then((owner) => ({ owner })),
    call: () => ({}),
    by: 'owner',
    isOwn: true,
  },
  me_get: { call: () => ({}), by: 'front_desk' },
  notification_list: { call: () => ({}), by: 'front_desk' },
  notification_read: {
    on: async (ours) => {
      const it = await ours.booked();
      const told = await ours.world.api('GET', '/api/me/notifications', undefined, it.owner.token);
      return { ...it, message: isOk(told, 200).items[0].id };
    },
    call: (it) => ({ path: { id: it.message }, body: {} }),
    by: 'owner',
  },
  notifications_read: { call: () => ({ body: { up_to: 1 } }), by: 'front_desk' },
  other_sessions_delete: { on: (ours) => ours.signedIn(), call: () => ({}), by: 'owner', isOwn: true },
  own_session_delete: { on: (ours) => ours.signedIn(), call: byId, by: 'owner' },
  own_session_list: { call: () => ({}), by: 'patient' },
  own_slot_list: { call: () => ({}), by: 'doctor' },
  own_slots_create: {
    on: () => ({ on: dateIn(40) }),
    call: (it, ours) => ({
      body: { hospital_id: ours.id, on: it.on, starts: '22:00', ends: '23:00', slot_minutes: 15 },
    }),
    by: 'doctor',
  },
  password_change: {
    on: (ours) => ours.signedIn(),
    call: (it) => ({ body: { old_password: it.owner.password, password: 'another long sentence' } }),
    by: 'owner',
  },
  password_reset: {
    on: () => ({}),
    call: () => ({ body: { token: '1.made-up', password: 'another long sentence' } }),
    by: 'nobody', // by the link: tests/http/identity_security
  },
  passkey_challenge_create: { call: () => ({ body: {} }), by: 'patient' },
  passkey_create: {
    on: (ours) => ours.signedIn(),
    call: () => ({ body: { name: 'X', client_data: 'AAAA', attestation_object: 'AAAA' } }),
    by: 'nobody', // by a device: tests/http/identity_passkeys
  },
  passkey_delete: { on: (ours) => ours.passkey(), call: byId, by: 'owner' },
  passkey_list: { call: () => ({}), by: 'patient' },
  passkey_login_create: { call: async (_, ours) => ({ body: await ours.passkeySigned() }), by: 'patient' },
  passkey_offer_create: { on: (ours) => ours.signedIn(), call: () => ({ body: {} }), by: 'owner', isOwn: true },
  passkey_rename: {
    on: (ours) => ours.passkey(),
    call: (it) => ({ path: { id: it.id }, body: { name: 'Another' } }),
    by: 'owner',
  },
  passkey_session_create: { call: async (_, ours) => ({ body: await ours.passkeySigned() }), by: 'patient' },
  patient_create: { call: () => ({ body: { name: 'Some Body' } }), by: 'front_desk' },
  patient_get: { on: (ours) => ours.walkIn(), call: byId, by: 'front_desk' },
  patient_list: { call: () => ({ query: { name: canary } }), by: 'front_desk' },
  payment_get: {
    on: (ours) => ours.booked(),
    call: (it) => ({ path: { id: it.payment } }),
    by: 'owner',
  },
  payment_webhook: { on: () => ({}), call: () => ({ raw: '{}' }), by: 'nobody' }, // by signature: tests/http/booking
  postal_code_view: { call: () => ({ path: { code: '000000' } }), by: 'nobody' }, // none is imported
  preferences_get: { call: () => ({}), by: 'front_desk' },
  preferences_put: { call: () => ({ body: { language: 'hi', topics: [] } }), by: 'front_desk' },
  queue_ledger_list: { on: () => ({}), call: (_, ours) => ({ path: { id: ours.doctor } }), by: 'front_desk' },
  recovery_codes_renew: { call: () => ({ body: { code: '000000' } }), by: 'nobody' }, // tests/http/identity_security
  registration_create: { call: (_, ours) => ({ body: newcomer(ours) }), by: 'patient' },
  reset_create: { call: () => ({ body: { login: 'nobody@example.org' } }), by: 'patient' },
  review_create: {
    on: (ours) => ours.visit(),
    call: (it) => ({ path: { id: it.doctor_id }, body: { appointment_id: it.id, rating: 5 } }),
    by: 'patient',
  },
  review_get: { on: (ours) => ours.reviewed(), call: byId, by: 'owner' },
  review_hide: {
    on: (ours) => ours.reviewed(),
    call: (it) => ({ path: { id: it.id }, body: { hidden: false } }),
    look: (it) => `/api/reviews/${it.id}`,
    by: 'hospital_admin',
  },
  review_list: { call: () => ({}), by: 'hospital_admin' },
  review_update: {
    on: (ours) => ours.reviewed(),
    call: (it) => ({ path: { id: it.id }, body: { rating: 3 } }),
    look: (it) => `/api/reviews/${it.id}`,
    by: 'owner',
  },
  sandbox_list: { on: () => ({}), call: () => ({}), by: 'nobody' }, // in a sandbox: tests/http/notifications
  schedule_exception_create: {
    on: () => ({}),
    call: (_, ours) => ({ path: { id: ours.doctor }, body: { kind: 'leave', on: dateIn(31) } }),
    look: (_, ours) => `/api/doctors/${ours.doctor}/schedule`,
    by: 'hospital_admin',
  },
  schedule_exception_delete: {
    on: (ours) => ours.leave(),
    call: (it) => ({ path: it }),
    look: (it) => `/api/doctors/${it.id}/schedule`,
    by: 'hospital_admin',
  },
  schedule_get: { call: (_, ours) => ({ path: { id: ours.doctor } }), by: 'patient' },
  schedule_update: {
    on: async (ours) => ({
      ...(await ours.tagged(`/api/doctors/${ours.doctor}/schedule`, 'hospital_admin')),
      was: await ours.read(`/api/doctors/${ours.doctor}/schedule`, 'hospital_admin'),
    }),
    call: ({ was, headers }, ours) => ({
      path: { id: ours.doctor },
      body: { shifts: was.shifts.map(({ id, ...shift }) => shift), minimum_notice_minutes: 1 },
      headers,
    }),
    look: (_, ours) => `/api/doctors/${ours.doctor}/schedule`,
    by: 'hospital_admin',
  },
  second_factor_confirm: { call: () => ({ body: { code: '000000' } }), by: 'nobody' }, // tests/http/identity_security
  second_factor_create: { on: (ours) => ours.signedIn(), call: () => ({}), by: 'owner', isOwn: true },
  second_factor_get: { call: () => ({}), by: 'patient' },
  second_factor_remove: { call: () => ({ body: { code: '000000' } }), by: 'nobody' }, // tests/http/identity_security
  session_create: { call: (_, ours) => ({ body: login(ours) }), by: 'patient' },
  session_delete: { call: () => ({}), by: 'nobody' }, // by cookie: tests/http/identity
  session_get: open,
  session_registration_create: { call: (_, ours) => ({ body: newcomer(ours) }), by: 'patient' },
  slot_list: { call: (_, ours) => ({ path: { id: ours.doctor } }), by: 'patient' },
  speciality_list: open,
  no_shows_get: { on: () => ({}), call: (_, ours) => ({ query: { hospital_id: ours.id } }), by: 'hospital_admin' },
  stats_get: { on: () => ({}), call: (_, ours) => ({ query: { hospital_id: ours.id } }), by: 'hospital_admin' },
  suggestion_list: { call: () => ({ query: { q: 'card' } }), by: 'patient' },
  summons_create: {
    on: async (ours) => {
      const visit = await ours.arrived();
      isOk(await ours.world.api('PUT', `/api/appointments/${visit.id}/arrival`, {}, ours.tokens.front_desk), 200);
      return visit;
    },
    call: (it) => ({ path: { id: it.doctor_id }, body: { appointment_id: it.id } }),
    by: 'front_desk',
  },
  tokens_refresh: {
    call: async (_, ours) => ({ body: { refresh_token: (await ours.world.patient()).refresh } }),
    by: 'patient',
  },
  user_approval_put: {
    on: (ours) => ours.applicant(),
    call: (it) => ({ path: { id: it.id }, body: { approved: false } }),
    by: 'hospital_admin',
  },
  user_create: {
    on: () => ({ login: `mole.${Math.random().toString(36).slice(2)}` }),
    call: (it, ours) => ({
      body: { ...it, role: 'front_desk', name: 'Mole', password: 'a long sentence', hospital_id: ours.id },
    }),
    by: 'hospital_admin',
  },
  user_disabled_put: {
    on: (ours) => ours.colleague(),
    call: (it) => ({ path: { id: it.id }, body: { disabled: true } }),
    by: 'hospital_admin',
  },
  user_second_factor_delete: { on: (ours) => ours.colleague(), call: byId, by: 'hospital_admin' },
  user_key_list: { on: (ours) => ours.key(), call: (it) => ({ path: { id: it.owner_id } }), by: 'platform_admin' },
  user_list: { call: () => ({}), by: 'front_desk' },
  webhook_call_again: {
    on: (ours) => ours.webhook(),
    call: (it) => ({ path: { id: it.id, call_id: 1 }, body: {} }),
    by: 'nobody', // of a call that has ended: tests/http/notifications
  },
  webhook_call_list: { on: (ours) => ours.webhook(), call: byId, by: 'hospital_admin' },
  webhook_create: { call: () => ({ body: { url: 'https://hook.example.org/' } }), by: 'hospital_admin' },
  webhook_list: { call: () => ({}), by: 'hospital_admin' },
  webhook_secret_put: {
    on: (ours) => ours.webhook(),
    call: (it) => ({ path: { id: it.id }, body: {} }),
    by: 'hospital_admin',
  },
  webhook_update: {
    on: (ours) => ours.webhook(),
    call: (it) => ({ path: { id: it.id }, body: { active: true } }),
    look: (it) => `/api/webhooks/${it.id}/calls`,
    by: 'hospital_admin',
  },
  wait_create: {
    on: async (ours) => {
      await ours.waiting();
      return { owner: await ours.patient() };
    },
    call: (it, ours) => ({ body: { doctor_id: ours.queued, ...ours.queue, patient_id: it.owner.id } }),
    by: 'owner',
  },
  wait_delete: { on: (ours) => ours.waiting(), call: byId, look: (it) => `/api/waits/${it.id}`, by: 'owner' },
  wait_get: { on: (ours) => ours.waiting(), call: byId, by: 'owner' },
  wait_list: { call: () => ({}), by: 'patient' },
};
