// The portals' part of the stand-in: a little of everything that the pages of patients, doctors, the desk and
// administrators ask for. `mock_portals.test.mjs` holds the answers against the API's document.
const minute = 60_000;
const day = 1440 * minute;
const at = (ms) => new Date(Date.now() + ms).toISOString();
const dateAt = (ms) => at(ms).slice(0, 10);

/** The first number that fits an entry of a list, or nothing. */
const found = (list, id, fail) =>
  list.find((one) => one.id === Number(id)) ?? fail(404, 'request.not_found', 'Nothing');

/** `of`: what the rest of the mock has; answers routes as it has them: method, path, handler. */
export function portalRoutes(of) {
  const { needCaller, fail, users, doctors, hospitals, appointments, appointmentView, nextId, changed, zone, busy } =
    of;
  const told = [];
  const exports = [];
  const invitations = [];
  const webhooks = [];
  const calls = [];
  const delays = [];
  const arrivals = new Map();
  const calendars = new Map();
  const chats = new Map();
  const preferences = {
    language: 'en',
    quiet: { from: '21:00', to: '08:00' },
    topics: ['bookings', 'offers', 'reminders', 'reports', 'account'].map((topic) => ({
      topic,
      email: true,
      sms: topic !== 'reports',
      app: true,
    })),
  };
  const own = (req) => [...appointments.values()].filter((a) => a.patient_id === needCaller(req).id);
  const nameOf = (id) => users.get(id)?.name ?? 'Anil Kumar';
  const doctorOf = (req) => doctors[(needCaller(req).doctor_id ?? 1) - 1];
  const money = { amount_minor: 60_000, currency: 'INR' };
  const patient = { id: 41, name: 'Anil Kumar', birth_on: '1980-02-29', sex: 'male', phone: '+919800000041' };
  const stranger = { id: 42, name: 'Uma Unknown' };
  const by = (d) => ({
    doctor_id: d.id,
    doctor_name: `Dr ${d.name}`,
    hospital_id: d.practices[0].hospital_id,
    hospital_name: d.practices[0].hospital_name,
  });
  const emergencies = [
    {
      id: 1,
      patient_id: stranger.id,
      patient_name: stranger.name,
      doctor_id: doctors[0].id,
      doctor_name: `Dr ${doctors[0].name}`,
      hospital_id: 1,
      reason: 'Brought in unconscious; allergies unknown',
      granted_at: at(-120 * minute),
      expires_at: at(-60 * minute),
    },
  ];
  const deliveries = ['sent', 'waiting', 'failed', 'dropped'].map((status, i) => ({
    id: i + 1,
    message_id: i + 1,
    kind: ['appointment_booked', 'appointment_reminder', 'refund_done', 'monthly_report'][i],
    person_id: patient.id,
    hospital_id: 1,
    channel: ['email', 'sms', 'email', 'chat'][i],
    status,
    attempts: i + 1,
    ...(status === 'failed' ? { error: '550 no such mailbox' } : {}),
    created_at: at(-i * 60 * minute),
    due_at: at(i * minute),
  }));
  const versions = new Map(doctors.map((d) => [d.id, { status: d.id % 50 === 0 ? 'pending' : 'active', version: 1 }]));
  const profile = (d) => {
    const [given_name, ...family] = d.name.split(' ');
    const free = { next_free: [], ...versions.get(d.id) };
    return { ...d, image_url: undefined, given_name, family_name: family.join(' '), ...free };
  };
  const account = (u) => ({
    id: u.id,
    role: u.role,
    name: u.name,
    status: u.status,
    hospital_id: u.hospital_id,
    login: u.login,
    email: u.email,
    phone: u.phone,
  });
  const page = (items) => [200, { items }];
  const isOf = (query, name, value) => !query.get(name) || query.get(name) === String(value);

  /** Grows a step a second, and is done. */
  function exportGo(one, user) {
    const step = () => {
      one.status = one.done < one.total ? 'running' : 'done';
      one.done = Math.min(one.total, one.done + 40);
      if (one.status === 'done') one.expires_at = at(day);
      else setTimeout(step, 1000).unref();
      changed(`exports/${user.id}`);
    };
    setTimeout(step, 700).unref();
  }
  const exportView = ({ user, ...one }) => ({
    ...one,
    ...(one.status === 'done' ? { url: `/api/exports/${one.id}/file?key=mock` } : {}),
  });
  const boardRows = (query) =>
    [...appointments.values()]
      .filter((a) => busy(a) && a.status !== 'pending' && isOf(query, 'doctor_id', a.doctor_id))
      .filter((a) => isOf(query, 'hospital_id', a.hospital_id))
      .map((a) => {
        const view = appointmentView(a);
        const arrival = arrivals.get(a.id);
        return {
          appointment_id: a.id,
          state: a.status === 'booked' && arrival ? (arrival.called_at ? 'called' : 'arrived') : a.status,
          doctor_id: a.doctor_id,
          doctor_name: view.doctor_name,
          patient_id: a.patient_id,
          patient_name: nameOf(a.patient_id),
          starts_at: view.starts_at,
          ends_at: view.ends_at,
          ...arrival,
        };
      });
  const arrivalView = (id) => {
    const a = appointments.get(Number(id)) ?? fail(404, 'reception.arrival_not_found', 'Nobody is here');
    const { doctor_id, hospital_id, patient_id } = a;
    return { appointment_id: a.id, doctor_id, hospital_id, patient_id, delay_minutes: 0, ...arrivals.get(a.id) };
  };
  const statistics = (query) => {
    const days = 30;
    const periods = Array.from({ length: days }, (_, i) => ({
      from_on: dateAt((i - days + 1) * day),
      appointments: 8 + ((i * 5) % 9),
      fulfilled: 6 + ((i * 3) % 5),
      cancelled: i % 2,
      no_shows: i % 3,
      arrived: 7,
      waiting_minutes_sum: 90 + i,
      waiting_measured: 7,
      revenue: [{ currency: 'INR', paid_minor: 400_000 + i * 9000, refunded_minor: (i % 4) * 10_000 }],
    }));
    const sum = (name) => periods.reduce((all, one) => all + one[name], 0);
    return {
      as_of: at(0),
      from_on: periods[0].from_on,
      to_on: periods[days - 1].from_on,
      time_zone: zone,
      hospital_id: Number(query.get('hospital_id')) || undefined,
      totals: {
        hospitals: hospitals.length,
        doctors: doctors.length,
        patients: 812,
        appointments: sum('appointments'),
        fulfilled: sum('fulfilled'),
        cancelled: sum('cancelled'),
        no_shows: sum('no_shows'),
        no_show_per_mille: 81,
        waits: 3,
        holds: 2,
        revenue: [{ currency: 'INR', paid_minor: 16_000_000, refunded_minor: 450_000 }],
      },
      by: 'day',
      periods,
      hours: Array.from({ length: 24 }, (_, hour) => ({ hour, appointments: hour > 8 && hour < 20 ? hour * 3 : 0 })),
      departments: ['Cardiology', 'Paediatrics', 'Dermatology'].map((name, i) => ({
        id: i + 1,
        name,
        appointments: 90 - i * 20,
        no_shows: 6 - i,
        fulfilled: 80 - i * 20,
      })),
      waiting: {
        measured: 210,
        p50_minutes: 11,
        p90_minutes: 34,
        buckets: [5, 15, 30, 60, 120].map((up_to_minutes, i) => ({ up_to_minutes, visits: [40, 90, 60, 15, 5][i] })),
      },
    };
  };
  const hookView = ({ secret, ...hook }) => hook;

  return [
    // ---- everybody ----
    ['GET', '/api/me/family', () => page([])],
    [
      'GET',
      '/api/me/sessions',
      () =>
        page([{ id: 1, kind: 'browser', created_at: at(-day), seen_at: at(0), expires_at: at(day), is_current: true }]),
    ],
    ['GET', '/api/me/second-factor', () => [200, { recovery_codes_left: 0, is_required: false }]],
    [
      'GET',
      '/api/me/notifications',
      ({ req, query }) => {
        const of = [
          ...told,
          ...own(req).map((a) => ({
            id: a.id,
            kind: 'appointment_booked',
            title: 'Appointment booked',
            text: `Your appointment is booked.\n\n${appointmentView(a).doctor_name}`,
            link: `/a/${a.id}`,
            created_at: at(-minute),
            read_at: a.isRead ? at(0) : undefined,
          })),
        ].filter((one) => !query.get('unread') || !one.read_at);
        return [200, { items: of.toReversed(), unread: of.filter((one) => !one.read_at).length }];
      },
    ],
    [
      'PUT',
      '/api/me/notifications/read',
      ({ req, body }) => {
        for (const a of own(req)) a.isRead ||= a.id <= body.up_to;
        return [204];
      },
    ],
    [
      'PUT',
      '/api/me/notifications/:id/read',
      ({ id }) => {
        const a = appointments.get(Number(id));
        if (a) a.isRead = true;
        return [204];
      },
    ],
    ['GET', '/api/me/notification-preferences', () => [200, preferences]],
    ['PUT', '/api/me/notification-preferences', ({ body }) => [200, Object.assign(preferences, body)]],
    [
      'GET',
      '/api/me/calendar',
      ({ req }) => [200, calendars.get(needCaller(req).id) ?? fail(404, 'notifications.calendar_none', 'None')],
    ],
    [
      'PUT',
      '/api/me/calendar',
      ({ req }) => {
        const made = { url: `/api/calendar/${nextId()}.ics`, created_at: at(0) };
        calendars.set(needCaller(req).id, made);
        return [200, made];
      },
    ],
    ['DELETE', '/api/me/calendar', ({ req }) => [calendars.delete(needCaller(req).id) ? 204 : 404]],
    // ---- patients ----
    [
      'GET',
      '/api/me/record-accesses',
      () =>
        page([
          { at: at(-30 * minute), role: 'doctor', name: 'Dr Asha Rao', operation: 'treatment_get' },
          { at: at(-40 * minute), role: 'doctor', name: 'Dr Asha Rao', operation: 'treatment_get' },
          { at: at(-day), role: 'doctor', name: 'Dr Rohan Iyer', operation: 'timeline_list', purpose: 'emergency' },
          { at: at(-2 * day), role: 'front_desk', operation: 'board_get' },
        ]),
    ],
    [
      'GET',
      '/api/patients/:id/summary',
      ({ id }) => {
        if (Number(id) === stranger.id) fail(404, 'records.patient_not_found', 'There is no such patient');
        const from = { patient_id: Number(id), status: 'active', recorded_at: at(-90 * day) };
        return [
          200,
          {
            patient: { ...patient, id: Number(id), name: nameOf(Number(id)) },
            allergies: [{ id: 1, substance: 'Penicillin', severity: 'severe', ...from }],
            problems: [{ id: 1, words: 'Asthma', ...from }],
            medicines: [
              {
                prescription_id: 1,
                medicine: 'Salbutamol 100 mcg',
                dose: '2',
                frequency: 'as needed',
                since: dateAt(0),
              },
            ],
            visits: [],
            vitals: [],
          },
        ];
      },
    ],
    [
      'GET',
      '/api/patients/:id/timeline',
      () =>
        page([
          { at: at(-90 * day), kind: 'prescription', id: 1, title: 'Salbutamol 100 mcg', ...by(doctors[0]) },
          { at: at(-90 * day), kind: 'visit', id: 1, appointment_id: 1, title: 'Asthma', ...by(doctors[0]) },
        ]),
    ],
    ['GET', '/api/patients/:id/documents', () => page([])],
    [
      'GET',
      '/api/patients/:id/registration',
      ({ id }) => [
        200,
        {
          patient: { ...patient, id: Number(id), name: nameOf(Number(id)) },
          identifiers: [{ id: 1, kind: 'mrn', hospital_id: 1, value: '1-000041', added_at: at(-day) }],
          merges: [],
        },
      ],
    ],
    [
      'GET',
      '/api/patients/:id/duplicates',
      () => page([{ patient: { ...patient, id: 43 }, score: 65, reasons: ['birth_on', 'name'] }]),
    ],
    [
      'POST',
      '/api/patients/:id/emergency-accesses',
      ({ req, id, body }) => {
        if ((body.reason ?? '').length < 10)
          fail(422, 'request.invalid', 'Say why', { errors: [{ pointer: '/reason', detail: 'is too short' }] });
        const d = doctorOf(req);
        const made = {
          id: nextId(),
          patient_id: Number(id),
          patient_name: nameOf(Number(id)),
          doctor_id: d.id,
          doctor_name: `Dr ${d.name}`,
          hospital_id: d.practices[0].hospital_id,
          reason: body.reason,
          granted_at: at(0),
          expires_at: at(60 * minute),
        };
        emergencies.unshift(made);
        return [201, made];
      },
    ],
    // ---- doctors ----
    ['GET', '/api/doctor/profile', ({ req }) => [200, profile(doctorOf(req))]],
    [
      'GET',
      '/api/doctor/appointments',
      ({ req }) =>
        page([...appointments.values()].filter((a) => a.doctor_id === doctorOf(req).id).map(appointmentView)),
    ],
    [
      'GET',
      '/api/doctor/patients',
      ({ query }) =>
        page(
          [patient]
            .filter((one) => one.name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()))
            .map((one) => ({ ...one, last_visit_at: at(-90 * day), next_visit_at: at(day) })),
        ),
    ],
    [
      'GET',
      '/api/doctor/referrals',
      ({ query }) =>
        page(
          query.get('direction') === 'received'
            ? []
            : [
                {
                  id: 1,
                  appointment_id: 1,
                  patient_id: patient.id,
                  patient_name: patient.name,
                  ...by(doctors[0]),
                  to_speciality_id: 1,
                  to_speciality_name: 'Cardiologist',
                  urgency: 'urgent',
                  reason: 'Breathless at rest',
                  made_at: at(-day),
                  is_booked: false,
                  is_withdrawn: false,
                },
              ],
        ),
    ],
    [
      'GET',
      '/api/follow-ups',
      () =>
        page([
          {
            appointment_id: 1,
            patient_id: patient.id,
            patient_name: patient.name,
            patient_phone: '+919876543210',
            doctor_id: doctors[0].id,
            hospital_id: 1,
            doctor_name: 'Dr Asha Rao',
            on: at(5 * day).slice(0, 10),
            is_booked: false,
          },
        ]),
    ],
    [
      'GET',
      '/api/audit/records',
      () =>
        page([
          {
            id: '1-1-1',
            at: at(-60_000),
            actor: 2,
            actor_name: 'The doctor',
            role: 'doctor',
            operation: 'patient_summary_get',
            outcome: 'done',
            times: 1,
            patients: [patient.id],
            on: `/api/patients/${patient.id}/summary`,
            events: [],
          },
        ]),
    ],
    [
      'GET',
      '/api/doctors/:id/schedule',
      ({ id }) => [
        200,
        {
          doctor_id: Number(id),
          minimum_notice_minutes: 30,
          max_booking_days: 45,
          shifts: [
            {
              id: 1,
              hospital_id: doctors[id - 1].practices[0].hospital_id,
              weekdays: [1, 2, 3, 4, 5, 6],
              starts: '09:00',
              ends: '12:00',
              slot_minutes: 20,
            },
          ],
          exceptions: [],
          version: 1,
        },
      ],
    ],
    [
      'POST',
      '/api/doctors/:id/delays',
      ({ id, body }) => {
        const hospital = body.hospital_id ?? doctors[id - 1].practices[0].hospital_id;
        const made = { doctor_id: Number(id), hospital_id: hospital, minutes: body.minutes };
        const old = delays.findIndex((one) => one.doctor_id === made.doctor_id && one.hospital_id === hospital);
        delays.splice(old < 0 ? delays.length : old, 1, made);
        changed(`display/${hospital}`);
        return [200, made];
      },
    ],
    // ---- the desk ----
    [
      'GET',
      '/api/reception/board',
      ({ query }) => {
        const hospital_id = Number(query.get('hospital_id')) || 1;
        const of = delays.filter((one) => one.hospital_id === hospital_id);
        return [200, { hospital_id, time_zone: zone, on: dateAt(0), items: boardRows(query), delays: of }];
      },
    ],
    [
      'PUT',
      '/api/appointments/:id/arrival',
      ({ id }) => {
        const before = arrivals.get(Number(id));
        arrivals.set(Number(id), before ?? { token: arrivals.size + 1, turn: arrivals.size + 1, arrived_at: at(0) });
        return [200, arrivalView(id)];
      },
    ],
    ['GET', '/api/appointments/:id/arrival', ({ id }) => [200, arrivalView(id)]],
    [
      'POST',
      '/api/doctors/:id/summonses',
      ({ id, body }) => {
        const isNext = (a) => (body.appointment_id ?? a.id) === a.id && a.doctor_id === Number(id);
        const next = [...arrivals.keys()]
          .map((key) => appointments.get(key))
          .find((a) => isNext(a) && (body.appointment_id || !arrivals.get(a.id).called_at));
        if (!next) fail(409, 'reception.nobody_here', 'Nobody waits');
        Object.assign(arrivals.get(next.id), { called_at: at(0), room: body.room });
        return [200, arrivalView(next.id)];
      },
    ],
    [
      'GET',
      '/api/hospitals/:id/display',
      ({ id }) => [200, { hospital_name: hospitals[id - 1].name, time_zone: zone, items: [] }],
    ],
    // ---- administrators ----
    ['GET', '/api/admin/stats', ({ query }) => [200, statistics(query)]],
    [
      'GET',
      '/api/admin/doctors',
      ({ query }) =>
        page(
          doctors
            .map((d) => ({
              id: d.id,
              name: `Dr ${d.name}`,
              speciality: d.speciality,
              ...versions.get(d.id),
              bookable: versions.get(d.id).status === 'active',
              practices: d.practices.map((p) => ({ ...p, fee: money, is_active: true })),
            }))
            .filter((d) => isOf(query, 'status', d.bookable ? 'bookable' : d.status))
            .slice(0, 20),
        ),
    ],
    ['GET', '/api/departments', () => page([{ id: 1, hospital_id: 1, name: 'Cardiology' }])],
    [
      'GET',
      '/api/users',
      ({ query }) =>
        page(
          [...users.values()]
            .filter((u) => isOf(query, 'status', u.status) && isOf(query, 'role', u.role))
            .map(account)
            .toReversed(),
        ),
    ],
    ['POST', '/api/users', ({ body }) => [201, account(of.addUser(body))]],
    [
      'PUT',
      '/api/users/:id/approval',
      ({ id, body }) => {
        const user = users.get(Number(id)) ?? fail(404, 'identity.user_not_found', 'No such account');
        user.status = body.approved ? 'active' : 'disabled';
        return [200, account(user)];
      },
    ],
    [
      'PUT',
      '/api/users/:id/disabled',
      ({ id, body }) => {
        const user = users.get(Number(id)) ?? fail(404, 'identity.user_not_found', 'No such account');
        user.status = body.disabled ? 'disabled' : 'active';
        return [200, account(user)];
      },
    ],
    ['GET', '/api/users/invitations', () => page(invitations)],
    [
      'POST',
      '/api/users/invitations',
      ({ body }) => {
        const { role, name, login, hospital_id } = body;
        invitations.unshift({
          id: nextId(),
          role,
          name,
          login,
          hospital_id,
          created_at: at(0),
          expires_at: at(7 * day),
        });
        return [201, invitations[0]];
      },
    ],
    [
      'DELETE',
      '/api/users/invitations/:id',
      ({ id }) => {
        invitations.splice(invitations.indexOf(found(invitations, id, fail)), 1);
        return [204];
      },
    ],
    [
      'GET',
      '/api/emergency-accesses',
      ({ query }) => page(emergencies.filter((one) => !query.get('unreviewed') || !one.reviewed_at)),
    ],
    [
      'PUT',
      '/api/emergency-accesses/:id/review',
      ({ id, body }) => {
        const { justified, note } = body;
        const one = found(emergencies, id, fail);
        return [200, Object.assign(one, { reviewed_at: at(0), justified, review_note: note })];
      },
    ],
    [
      'GET',
      '/api/notifications/deliveries',
      ({ query }) => page(deliveries.filter((one) => isOf(query, 'status', one.status))),
    ],
    ['GET', '/api/notifications/hospitals/:id', ({ id }) => [200, chats.get(id) ?? {}]],
    [
      'PUT',
      '/api/notifications/hospitals/:id',
      ({ id, body }) => {
        chats.set(id, body.chat_url ? { chat_url: body.chat_url } : {});
        return [200, chats.get(id)];
      },
    ],
    ['GET', '/api/webhooks', () => page(webhooks.map(hookView))],
    [
      'POST',
      '/api/webhooks',
      ({ body }) => {
        if (!/^https:/.test(body.url ?? ''))
          fail(422, 'request.invalid', 'Not an address', { errors: [{ pointer: '/url', detail: 'must be https' }] });
        const { url, events = [], hospital_id } = body;
        webhooks.push({
          id: nextId(),
          hospital_id,
          url,
          events,
          active: true,
          created_at: at(0),
          secret: 'whsec_bW9jaw',
        });
        calls.push({
          id: nextId(),
          event: 'appointment.booked',
          status: 'failed',
          attempts: 5,
          http_status: 503,
          created_at: at(-minute),
          due_at: at(0),
        });
        return [201, { webhook: hookView(webhooks.at(-1)), secret: webhooks.at(-1).secret }];
      },
    ],
    ['PUT', '/api/webhooks/:id', ({ id, body }) => [200, hookView(Object.assign(found(webhooks, id, fail), body))]],
    [
      'PUT',
      '/api/webhooks/:id/secret',
      ({ id }) => [200, { webhook: hookView(found(webhooks, id, fail)), secret: `whsec_${nextId()}` }],
    ],
    ['GET', '/api/webhooks/:id/calls', () => page(calls)],
    [
      'POST',
      '/api/webhooks/:id/calls/:call/again',
      ({ call }) => [200, Object.assign(found(calls, call, fail), { status: 'waiting' })],
    ],
    [
      'GET',
      '/api/errors',
      () => page([{ id: 1, first_at: at(-day), last_at: at(0), repeats: 3, node: 'mock', message: 'Disk is slow' }]),
    ],
    ['GET', '/api/errors/counts', () => page([{ repeats: 3, last_at: at(0) }])],
    // ---- exports ----
    [
      'POST',
      '/api/export/treatments',
      ({ req, res, body }) => {
        const user = needCaller(req);
        if (exports.filter((one) => one.user === user.id && one.status !== 'done').length >= 3)
          fail(409, 'reporting.exports_open', 'Other exports of yours are not done yet.');
        const { format } = body;
        const made = { user: user.id, id: nextId(), status: 'queued', format, done: 0, total: 200, created_at: at(0) };
        exports.unshift(made);
        exportGo(made, user);
        res.setHeader('Location', `/api/exports/${made.id}`);
        return [202, exportView(made)];
      },
    ],
    [
      'GET',
      '/api/exports',
      ({ req }) => page(exports.filter((one) => one.user === needCaller(req).id).map(exportView)),
    ],
    ['GET', '/api/exports/:id', ({ id }) => [200, exportView(found(exports, id, fail))]],
    ['GET', '/api/exports/:id/file', ({ id }) => [200, { export: Number(id), note: 'The mock makes no file.' }]],
  ];
}
