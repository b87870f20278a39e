// What people are told, as it arrives at a mail server, an SMS gateway and in the application.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import ICAL from 'ical.js';
import { Webhook } from 'standardwebhooks';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';
import { eventually, HttpSink, MailServer } from '../lib/sinks.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const publicUrl = 'https://clinic.example';

// The event of a calendar file, read by somebody else's reader; its zone comes out of the file itself.
function calendarOf(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = calendar.getAllSubcomponents('vtimezone').map((zone) => new ICAL.Timezone(zone));
  const component = calendar.getFirstSubcomponent('vevent');
  const event = new ICAL.Event(component);
  const start = event.startDate;
  const zone = zones.find((one) => one.tzid === component.getFirstProperty('dtstart').getParameter('tzid'));
  start.zone = zone;
  return { method: calendar.getFirstPropertyValue('method'), event, zones, startsAt: start.toJSDate().toISOString() };
}
const fileOf = ({ mail }) => mail.attachments.find((one) => one.filename === 'appointment.ics');
const calendarIn = (received) => calendarOf(Buffer.from(fileOf(received).content).toString('utf8'));
const iso = (text) => new Date(text).toISOString();

onEachEngine('notifications', (engine) => {
  let world, mail, sms, doctors;
  before(async () => {
    mail = await new MailServer().open();
    sms = await new HttpSink().open();
    const settings = {
      ...mail.settings,
      'mail.password': mail.login.password,
      'sms.gateway_url': `${sms.url}/send`,
      'sms.gateway_key': 'sms-key',
      'http.public_url': `${publicUrl}/`,
      'notifications.allowed_networks': '127.0.0.1',
      'log.level': 'debug',
    };
    world = await start({ engine, settings, demo: { cities: 2, doctors: 12 } });
    doctors = isOk(await world.api('GET', '/api/doctors?limit=30'), 200).items;
  });
  after(async () => {
    await world?.stop();
    await mail?.close();
    await sms?.close();
  });

  let taken = 0;
  const nextSlot = async () => (await world.slots(doctors[0].id, { from: dateIn(2), to: dateIn(6) }))[taken++];
  const book = async (patient, slot, doctor = doctors[0].id) => {
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    const { id } = isOk(await world.api('POST', '/api/holds', body, patient.token), 201);
    isOk(await world.api('POST', `/api/holds/${id}/payments`, { method: 'sandbox' }, patient.token), 202);
    return world.until(`/api/appointments/${id}`, patient.token, (one) => one.status === 'booked');
  };
  const listOf = async (patient, query = '') =>
    isOk(await world.api('GET', `/api/me/notifications${query}`, undefined, patient.token), 200);
  const prefer = (patient, body) => world.api('PUT', '/api/me/notification-preferences', body, patient.token);
  const log = async (token, query = '') =>
    isOk(await world.api('GET', `/api/notifications/deliveries${query}`, undefined, token), 200).items;
  const logOf = async (patient, kind) =>
    (await log(await world.staff('platform_admin'), '?limit=100')).filter(
      (one) => one.person_id === patient.id && (!kind || one.kind === kind),
    );

  test('a booking is confirmed by e-mail with a calendar file', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const appointment = await book(patient, slot);
    const received = await mail.wait(patient.login);
    assert.equal(received.secure, true, 'encrypted');
    assert.equal(received.user, 'fairward', 'logged in');
    assert.equal(received.from, 'no-reply@clinic.example');
    assert.deepEqual([received.mail.from.name, received.mail.from.address], ['City Clinic', 'no-reply@clinic.example']);
    const day = new Intl.DateTimeFormat('en-GB', {
      timeZone: appointment.time_zone,
      hour: '2-digit',
      minute: '2-digit',
    }).format(new Date(slot.starts_at));
    assert.match(received.mail.subject, new RegExp(`^Appointment booked: .*, ${day}$`));
    for (const shown of [received.mail.text, received.mail.html]) {
      assert.ok(shown.includes(appointment.doctor_name) && shown.includes(appointment.hospital_name));
      assert.ok(shown.includes(`${publicUrl}/a/${appointment.id}`));
    }
    assert.match(received.mail.text, /^Dear Patient \d+,/);
    assert.match(received.raw, /^Auto-Submitted: auto-generated$/m);
    assert.match(received.mail.messageId, /^<message-\d+@clinic\.example>$/);
    assert.match(fileOf(received).mimeType, /^text\/calendar/);

    const { method, event, startsAt, zones } = calendarIn(received);
    assert.equal(method, 'REQUEST');
    assert.equal(event.uid, `appointment-${appointment.id}@clinic.example`);
    assert.equal(startsAt, iso(slot.starts_at));
    assert.equal(zones.length, 1);
    assert.equal(zones[0].tzid, appointment.time_zone);
    assert.equal(event.summary, appointment.doctor_name);
    assert.equal(mail.to(patient.login).length, 1);
  });

  test('the application shows it, and what was read', async () => {
    const patient = await world.patient();
    const [first, second] = [await book(patient, await nextSlot()), await book(patient, await nextSlot())];
    const list = await listOf(patient);
    assert.equal(list.unread, 2);
    assert.deepEqual(
      list.items.map((one) => one.appointment_id),
      [second.id, first.id],
    );
    assert.equal(list.items[0].kind, 'appointment_booked');
    assert.match(list.items[0].title, /^Appointment booked: /);
    assert.ok(list.items[0].text.includes(first.doctor_name));
    assert.equal(list.items[0].link, `/a/${second.id}`);
    isOk(await world.api('PUT', `/api/me/notifications/${list.items[0].id}/read`, {}, patient.token), 204);
    assert.deepEqual(
      (await listOf(patient, '?unread=true')).items.map((one) => one.id),
      [list.items[1].id],
    );
    const page = await listOf(patient, '?limit=1');
    assert.deepEqual(
      (await listOf(patient, `?limit=1&cursor=${page.next}`)).items.map((one) => one.id),
      [list.items[1].id],
    );
    isOk(await world.api('PUT', '/api/me/notifications/read', { up_to: list.items[0].id }, patient.token), 204);
    assert.equal((await listOf(patient)).unread, 0);
    const other = await world.patient();
    assert.deepEqual((await listOf(other)).items, []);
    isProblem(
      await world.api('PUT', `/api/me/notifications/${list.items[0].id}/read`, {}, other.token),
      404,
      'notifications.notification_not_found',
    );
    isProblem(await world.api('GET', '/api/me/notifications?cursor=x', undefined, patient.token), 422);
  });

  test('a move and a cancellation change the same event, and the money is told of', async () => {
    const patient = await world.patient();
    const appointment = await book(patient, await nextSlot());
    const booked = calendarIn(await mail.wait(patient.login, /booked/));
    const later = await nextSlot();
    const target = `/api/appointments/${appointment.id}`;
    isOk(await world.api('PUT', target, { starts_at: later.starts_at }, patient.token), 200);
    const movedMail = await mail.wait(patient.login, /^Appointment moved/);
    const moved = calendarIn(movedMail);
    assert.equal(moved.method, 'REQUEST');
    assert.equal(moved.event.uid, booked.event.uid);
    assert.ok(moved.event.sequence > booked.event.sequence);
    assert.equal(moved.startsAt, iso(later.starts_at));
    isOk(await world.api('PUT', `${target}/cancel`, {}, patient.token), 200);
    const cancelled = calendarIn(await mail.wait(patient.login, /^Appointment cancelled/));
    assert.equal(cancelled.method, 'CANCEL');
    assert.equal(cancelled.event.uid, booked.event.uid);
    assert.ok(cancelled.event.sequence > moved.event.sequence);
    const kinds = await eventually(async () => {
      const all = (await listOf(patient)).items.map((one) => one.kind);
      return all.includes('refund_done') && all;
    }, 'the refund is told');
    assert.deepEqual(kinds.toSorted(), [
      'appointment_booked',
      'appointment_cancelled',
      'appointment_moved',
      'refund_done',
    ]);
  });

  test('an offer is told at once, with its deadline', async () => {
    const doctor = doctors[3].id;
    await world.schedule(doctor, { starts: '10:00', ends: '10:20', slot_minutes: 20 });
    const [holder, waiter] = [await world.patient(), await world.patient()];
    const [slot] = await world.slots(doctor, { from: dateIn(3), to: dateIn(3) });
    const held = isOk(
      await world.api('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, holder.token),
      201,
    );
    isOk(
      await world.api('POST', '/api/waits', { doctor_id: doctor, from: dateIn(3), to: dateIn(3) }, waiter.token),
      201,
    );
    isOk(await world.api('DELETE', `/api/holds/${held.id}`, undefined, holder.token), 204);
    const received = await mail.wait(waiter.login, /^A slot is free for you until \d\d:\d\d$/);
    assert.ok(received.mail.text.includes('It is yours alone until'));
    assert.equal(fileOf(received), undefined, 'nothing is booked yet');
  });

  test('who waited in vain is told so, in the own language, and may look elsewhere', async () => {
    const doctor = doctors[4].id;
    await world.schedule(doctor, { starts: '10:00', ends: '10:20', slot_minutes: 20 });
    const [holder, waiter, hindi] = [await world.patient(), await world.patient(), await world.patient()];
    isOk(await prefer(hindi, { language: 'hi', topics: [] }), 200);
    const [slot] = await world.slots(doctor, { from: dateIn(3), to: dateIn(3) });
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    const { id } = isOk(await world.api('POST', '/api/holds', body, holder.token), 201);
    const range = { doctor_id: doctor, from: dateIn(3), to: dateIn(3) };
    const wait = isOk(await world.api('POST', '/api/waits', range, waiter.token), 201);
    isOk(await world.api('POST', '/api/waits', range, hindi.token), 201);
    isOk(await world.api('POST', `/api/holds/${id}/payments`, { method: 'sandbox' }, holder.token), 202);
    const received = await mail.wait(waiter.login, /^No slot is left for you$/);
    assert.ok(received.mail.text.includes('Appointment Failed \u2013 Slot Full'), received.mail.text);
    assert.ok(received.mail.text.includes(`${publicUrl}/wait/${wait.id}`));
    assert.match(received.mail.text, /with Dr /);
    const inHindi = await mail.wait(hindi.login, /^आपके लिए कोई समय नहीं बचा$/);
    assert.ok(inHindi.mail.text.includes('समय भरा है'));
    const [first] = (await listOf(waiter)).items;
    assert.equal(first.kind, 'wait_unserved');
  });

  test('a private calendar follows the visits, until its address is taken back', async () => {
    const patient = await world.patient();
    const address = () => world.api('GET', '/api/me/calendar', undefined, patient.token);
    isProblem(await address(), 404, 'notifications.calendar_not_found');
    const { url } = isOk(await world.api('PUT', '/api/me/calendar', {}, patient.token), 200);
    assert.equal(isOk(await address(), 200).url, url);
    assert.ok(url.startsWith(`${publicUrl}/api/calendar/`));
    const file = url.slice(publicUrl.length);
    const [kept, moved, gone] = [
      await book(patient, await nextSlot()),
      await book(patient, await nextSlot()),
      await book(patient, await nextSlot()),
    ];
    const later = await nextSlot();
    isOk(await world.api('PUT', `/api/appointments/${moved.id}`, { starts_at: later.starts_at }, patient.token), 200);
    isOk(await world.api('PUT', `/api/appointments/${gone.id}/cancel`, {}, patient.token), 200);

    const reply = await world.api('GET', file);
    assert.equal(reply.status, 200);
    assert.match(reply.headers['content-type'], /^text\/calendar/);
    assert.match(reply.headers['cache-control'], /no-store/);
    const calendar = new ICAL.Component(ICAL.parse(reply.text));
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone'));
    const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
    const starts = events.map((one) => {
      one.startDate.zone = zone;
      return one.startDate.toJSDate().toISOString();
    });
    assert.deepEqual(starts, [kept.starts_at, later.starts_at].map(iso).toSorted());
    assert.equal(events[0].summary, kept.doctor_name);
    assert.ok(events.every((one) => /^appointment-\d+@clinic\.example$/.test(one.uid)));

    const flipped = file.replace(/.(?=\.ics$)/, (last) => (last === 'A' ? 'Q' : 'A'));
    const foreign = file.replace(/calendar\/\d+/, `calendar/${(await world.patient()).id}`);
    for (const wrong of [
      flipped,
      foreign,
      '/api/calendar/1',
      '/api/calendar/-.ics',
      '/api/calendar/99999999999999999999-x',
    ])
      isProblem(await world.api('GET', wrong), 404, 'notifications.calendar_not_found');
    const renewed = isOk(await world.api('PUT', '/api/me/calendar', {}, patient.token), 200).url.slice(
      publicUrl.length,
    );
    isProblem(await world.api('GET', file), 404, 'notifications.calendar_not_found');
    assert.equal((await world.api('GET', renewed)).status, 200);
    isOk(await world.api('DELETE', '/api/me/calendar', undefined, patient.token), 204);
    isProblem(await world.api('GET', renewed), 404, 'notifications.calendar_not_found');
  });

  test("a doctor's calendar names no patient", async () => {
    const token = await world.staff('doctor');
    const { doctor_id: doctor } = isOk(await world.api('GET', '/api/me', undefined, token), 200);
    const [slot] = await world.slots(doctor, { from: dateIn(2), to: dateIn(6) });
    const booked = await book(await world.patient(), slot, doctor);
    const { url } = isOk(await world.api('PUT', '/api/me/calendar', {}, token), 200);
    const reply = await world.api('GET', url.slice(publicUrl.length));
    const calendar = new ICAL.Component(ICAL.parse(reply.text));
    const events = calendar.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
    const event = events.find((one) => one.uid.startsWith(`appointment-${booked.id}@`));
    assert.equal(event.summary, 'Appointment');
    assert.equal(event.location, booked.hospital_name);
    assert.doesNotMatch(reply.text, /Patient/);
  });

  test("a hospital's chat room is somewhere on the public internet", async () => {
    const token = await world.staff('hospital_admin');
    const { hospital_id: here } = isOk(await world.api('GET', '/api/me', undefined, token), 200);
    const target = `/api/notifications/hospitals/${here}`;
    for (const url of [
      'http://8.8.8.8/',
      'https://127.0.0.2/',
      'https://[::1]/',
      'https://10.0.0.1:8443/x',
      'ftp://x.example',
    ])
      pointsAt(await world.api('PUT', target, { chat_url: url }, token), '/chat_url');
    const chat_url = 'https://chat.googleapis.com/v1/spaces/x/messages?key=k&token=t';
    isOk(await world.api('PUT', target, { chat_url }, token), 200);
    assert.deepEqual(isOk(await world.api('GET', target, undefined, token), 200), { chat_url });
    isOk(await world.api('PUT', target, {}, token), 200);
    assert.deepEqual(isOk(await world.api('GET', target, undefined, token), 200), {});
    const elsewhere = doctors.flatMap((one) => one.practices).find((one) => one.hospital_id !== here).hospital_id;
    isProblem(await world.api('PUT', `/api/notifications/hospitals/${elsewhere}`, { chat_url }, token), 404);
  });

  test('what the server cannot take now comes later, once', async () => {
    const patient = await world.patient();
    let refusals = 0;
    mail.refuse = (address) => (address === patient.login && refusals++ < 1 ? 451 : undefined);
    await book(patient, await nextSlot());
    const received = await mail.wait(patient.login, /booked/, 40);
    assert.equal(refusals, 2);
    const [delivery] = await eventually(async () => {
      const all = await logOf(patient);
      return all[0]?.status === 'sent' && all;
    }, 'the log says sent');
    assert.equal(delivery.attempts, 2);
    assert.equal(mail.to(patient.login).length, 1);
    assert.ok(received.mail.messageId.includes(String(delivery.message_id)));
  });

  test('what the server will never take is given up at once', async () => {
    const patient = await world.patient();
    mail.refuse = (address) => (address === patient.login ? 550 : undefined);
    await book(patient, await nextSlot());
    const delivery = await eventually(
      async () => (await logOf(patient)).find((one) => one.status === 'failed'),
      'failed',
    );
    assert.equal(delivery.attempts, 1);
    assert.match(delivery.error, /550/);
    assert.doesNotMatch(JSON.stringify(delivery), /example\.org|Patient/, 'no address and no name');
    mail.refuse = () => undefined;
  });

  test('people choose how and in which language they are told', async () => {
    const patient = await world.patient();
    const get = async () =>
      isOk(await world.api('GET', '/api/me/notification-preferences', undefined, patient.token), 200);
    const before = await get();
    assert.deepEqual(before.quiet, { from: '22:00', to: '07:00' });
    assert.equal(before.language, 'en');
    pointsAt(await prefer(patient, { language: 'tlh', topics: [] }), '/language');
    pointsAt(await prefer(patient, { time_zone: 'Mars/Olympus', topics: [] }), '/time_zone');
    const off = { topic: 'bookings', email: false, sms: false, app: true };
    isOk(await prefer(patient, { language: 'hi', topics: [off] }), 200);
    const chosen = await get();
    assert.equal(chosen.language, 'hi');
    assert.deepEqual(
      chosen.topics.find((one) => one.topic === 'bookings'),
      off,
    );
    const appointment = await book(patient, await nextSlot());
    const list = await eventually(async () => {
      const all = await listOf(patient);
      return all.items.length > 0 && all;
    }, 'shown');
    assert.match(list.items[0].title, /^अपॉइंटमेंट बुक हो गया: /);
    isOk(await prefer(patient, { topics: [{ ...off, email: true }] }), 200);
    isOk(await world.api('PUT', `/api/appointments/${appointment.id}/cancel`, {}, patient.token), 200);
    // Told of the refund as well, in whatever order; of the booking not at all.
    const told = [await mail.wait(patient.login, /^अपॉइंटमेंट रद्द: /), await mail.wait(patient.login, /लौटाए गए$/)];
    assert.match(told[0].mail.html, /<html lang="hi" dir="ltr">/);
    assert.equal(mail.to(patient.login).length, told.length, 'the booking was not mailed');
  });

  test('who has a telephone only gets an SMS, with the same key when it is sent again', async () => {
    const phone = `+9198${String(Date.now()).slice(-8)}`;
    const registration = { role: 'patient', name: 'Ravi Kumar', phone, password: 'a rather long sentence' };
    const { user, access_token: token } = isOk(await world.api('POST', '/api/auth/register', registration), 201);
    const patient = { id: user.id, token };
    isOk(await prefer(patient, { quiet: { from: '00:00', to: '00:00' }, topics: [] }), 200);
    let tries = 0;
    sms.answer = () => (++tries === 1 ? 503 : 202);
    const appointment = await book(patient, await nextSlot());
    await eventually(() => tries === 2, 'a second try', 40);
    const [first, second] = sms.received.filter((one) => one.body.to === phone);
    assert.equal(second.headers['idempotency-key'], first.headers['idempotency-key']);
    assert.equal(second.headers.authorization, 'Bearer sms-key');
    assert.equal(second.text, first.text);
    assert.ok(second.body.text.includes(`${publicUrl}/a/${appointment.id}`));
    assert.doesNotMatch(second.body.text, /Ravi|Dr /, 'names neither patient nor doctor');
  });

  test('administrators see what was delivered at their own hospital', async () => {
    const mine = await log(await world.staff('hospital_admin'), '?limit=100');
    const all = await log(await world.staff('platform_admin'), '?limit=100');
    const { hospital_id: here } = isOk(
      await world.api('GET', '/api/me', undefined, await world.staff('hospital_admin')),
      200,
    );
    assert.ok(all.length > 0);
    assert.ok(mine.every((one) => one.hospital_id === here));
    const failed = await log(await world.staff('platform_admin'), '?status=failed');
    assert.ok(failed.length > 0 && failed.every((one) => one.status === 'failed'));
    isProblem(await world.api('GET', '/api/notifications/deliveries', undefined, (await world.patient()).token), 403);
  });

  test('a killed server loses nothing and sends nothing twice', async () => {
    const patients = await Promise.all(Array.from({ length: 6 }, () => world.patient()));
    const slots = await world.slots(doctors[1].id, { from: dateIn(2), to: dateIn(6) });
    let stalled = true;
    mail.refuse = () => (stalled ? 451 : undefined);
    await Promise.all(patients.map((patient, i) => book(patient, slots[i], doctors[1].id)));
    // What is on its way when a process dies is taken up a minute later; here all have been tried and wait.
    await eventually(async () => {
      const logs = await Promise.all(patients.map((patient) => logOf(patient)));
      return logs.every(([delivery]) => delivery?.attempts > 0);
    }, 'each has been tried');
    await world.kill9();
    stalled = false;
    await world.restart();
    for (const patient of patients) await mail.wait(patient.login, /booked/, 60);
    await sleep(300);
    for (const patient of patients) {
      assert.equal(mail.to(patient.login).length, 1);
      assert.equal((await logOf(patient)).length, 1);
      assert.equal((await listOf(patient)).items.length, 1);
    }
  });

  test('developers are called, signed, until they say that they are gone', async () => {
    const sink = await new HttpSink().open();
    try {
      const token = await world.staff('hospital_admin');
      const { hospital_id: here } = isOk(await world.api('GET', '/api/me', undefined, token), 200);
      const ours = doctors.find((one) => one.practices.every(({ hospital_id }) => hospital_id === here));
      const create = (body) => world.api('POST', '/api/webhooks', body, token);
      pointsAt(await create({ url: 'https://169.254.169.254/latest' }), '/url');
      pointsAt(await create({ url: `${sink.url}/hook`, events: ['appointment.dreamt'] }), '/events');
      const { webhook, secret } = isOk(await create({ url: `${sink.url}/hook` }), 201);
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);

      let fails = 1;
      sink.answer = () => (fails-- > 0 ? 500 : 204);
      const patient = await world.patient();
      const [slot] = await world.slots(ours.id, { from: dateIn(7), to: dateIn(9) });
      const booked = await book(patient, slot, ours.id);
      const [first, second] = await eventually(() => sink.received.length >= 2 && sink.received, 'a second try', 30);
      assert.equal(second.headers['webhook-id'], first.headers['webhook-id']);
      assert.equal(second.text, first.text);
      const told = new Webhook(secret).verify(second.text, second.headers);
      assert.equal(told.type, 'appointment.booked');
      assert.deepEqual(
        [told.data.appointment_id, told.data.doctor_id, told.data.patient_id],
        [booked.id, ours.id, patient.id],
      );
      assert.throws(() => new Webhook(secret).verify(second.text.replace('booked', 'moved'), second.headers));
      assert.doesNotMatch(second.text, /Patient|Dr /, 'ids and instants only');

      const calls = async () =>
        isOk(await world.api('GET', `/api/webhooks/${webhook.id}/calls`, undefined, token), 200).items;
      const done = await eventually(async () => (await calls()).find((one) => one.status === 'sent'), 'sent');
      assert.deepEqual([done.attempts, done.http_status], [2, 204]);
      isOk(await world.api('POST', `/api/webhooks/${webhook.id}/calls/${done.id}/again`, {}, token), 202);
      const again = await eventually(() => sink.received[2], 'sent again');
      assert.equal(again.headers['webhook-id'], first.headers['webhook-id']);

      const renewed = isOk(await world.api('PUT', `/api/webhooks/${webhook.id}/secret`, {}, token), 200).secret;
      assert.notEqual(renewed, secret);
      sink.answer = () => 410;
      isOk(await world.api('PUT', `/api/appointments/${booked.id}/cancel`, {}, patient.token), 200);
      const last = await eventually(() => sink.received[3], 'told of the cancellation');
      for (const key of [secret, renewed])
        assert.equal(new Webhook(key).verify(last.text, last.headers).type, 'appointment.cancelled');
      const stopped = await eventually(async () => {
        const { items } = isOk(await world.api('GET', '/api/webhooks', undefined, token), 200);
        return items.find((one) => one.id === webhook.id && !one.active);
      }, 'stopped');
      assert.match(stopped.stopped_why, /410/);
      await book(await world.patient(), (await world.slots(ours.id, { from: dateIn(7), to: dateIn(9) }))[3], ours.id);
      await sleep(500);
      assert.equal(sink.received.length, 4, 'called no more');
    } finally {
      await sink.close();
    }
  });

  test('a webhook is not led elsewhere', async () => {
    const sink = await new HttpSink(() => 302).open();
    try {
      const token = await world.staff('platform_admin');
      const { webhook } = isOk(await world.api('POST', '/api/webhooks', { url: sink.url }, token), 201);
      await book(await world.patient(), await nextSlot());
      await eventually(() => sink.received.length > 0, 'called');
      await sleep(300);
      assert.ok(sink.received.every((one) => one.url === '/'));
      isOk(await world.api('PUT', `/api/webhooks/${webhook.id}`, { active: false }, token), 200);
    } finally {
      await sink.close();
    }
  });

  test('nothing of it is in the log', () => {
    const text = fs.readFileSync(world.nodes[0].log, 'utf8');
    assert.doesNotMatch(text, /example\.org|Appointment booked|pa55 word|sms-key/);
  });

  test('what is sent is counted', async () => {
    const sent = await world.nodes[0].metric('fairward_notifications_total{channel="email",status="sent"}');
    assert.ok(sent > 0);
    assert.ok((await world.nodes[0].metric('fairward_notifications_queue_age_seconds')) >= 0);
  });

  test('there is no sandbox where messages are sent', async () => {
    isProblem(await world.api('GET', '/api/sandbox/messages'), 404, 'notifications.no_sandbox');
  });
});

onEachEngine(
  'notifications in a sandbox',
  (engine) => {
    let world;
    before(async () => {
      world = await start({ engine, settings: { 'notifications.sandbox': true } });
    });
    after(() => world?.stop());

    test('what would have been sent can be read', async () => {
      const patient = await world.patient();
      const [doctor] = isOk(await world.api('GET', '/api/doctors?limit=1'), 200).items;
      const [slot] = await world.slots(doctor.id, { from: dateIn(2), to: dateIn(6) });
      const body = { doctor_id: doctor.id, starts_at: slot.starts_at, patient_id: patient.id };
      isOk(await world.api('POST', '/api/appointments', body, await world.staff('platform_admin')), 201);
      const message = await eventually(async () => {
        const list = isOk(await world.api('GET', '/api/sandbox/messages'), 200);
        return list.items.find((one) => one.to === patient.login);
      }, 'the message is kept');
      assert.equal(message.channel, 'email');
      assert.match(message.subject, /^Appointment booked/);
      assert.equal(calendarOf(message.calendar).startsAt, iso(slot.starts_at));
    });
  },
  ['sqlite'],
);
