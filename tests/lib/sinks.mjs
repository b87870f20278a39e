// Where messages arrive in tests: a mail server of somebody else's making, and a listener for HTTP; both on loopback.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const listening = (server) =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });

// Answers what `find` finds, as soon as it does.
export async function eventually(find, what, seconds = 20) {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(20)) {
    const found = await find();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

// A key and a certificate for 127.0.0.1: {key, cert, file} with the certificate's file.
function certificate() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-mail-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
  const wanted = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...wanted, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert), file: cert, folder };
}

// Takes mail over STARTTLS (or TLS from the first byte) from who logs in. `refuse(address)` answers an SMTP code or
// nothing.
export class MailServer {
  constructor({ secure = false, login = { user: 'fairward', password: 'pa55 word' } } = {}) {
    this.secure = secure;
    this.login = login;
    this.received = []; // {from, to, user, secure, raw, mail}
    this.connections = 0;
    this.refuse = () => undefined;
  }

  async open() {
    this.tls = certificate();
    this.server = new SMTPServer({
      key: this.tls.key,
      cert: this.tls.cert,
      secure: this.secure,
      authOptional: !this.login,
      disabledCommands: this.login ? [] : ['AUTH'],
      onConnect: (_session, done) => {
        this.connections++;
        done();
      },
      onAuth: (auth, _session, done) => {
        const isRight = auth.username === this.login.user && auth.password === this.login.password;
        done(isRight ? null : new Error('wrong'), isRight ? { user: auth.username } : undefined);
      },
      onRcptTo: (address, _session, done) => {
        const code = this.refuse(address.address);
        done(code ? Object.assign(new Error('refused'), { responseCode: code }) : null);
      },
      onData: (stream, session, done) => this.take(stream, session, done),
    });
    this.server.on('error', () => {});
    await listening(this.server);
    this.port = this.server.server.address().port;
    return this;
  }

  async take(stream, session, done) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    this.received.push({
      from: session.envelope.mailFrom.address,
      to: session.envelope.rcptTo.map((one) => one.address),
      user: session.user,
      secure: session.secure,
      raw: raw.toString('utf8'),
      mail: await PostalMime.parse(raw),
    });
    done();
  }

  get url() {
    return `${this.secure ? 'smtps' : 'smtp'}://127.0.0.1:${this.port}`;
  }
  // What the program is to be told of it.
  get settings() {
    return {
      'mail.smtp_url': this.url,
      'mail.from': 'City Clinic <no-reply@clinic.example>',
      'mail.user': this.login?.user ?? '',
      'mail.ca_file': this.tls.file,
    };
  }
  to(address) {
    return this.received.filter((one) => one.to.includes(address));
  }
  // The first e-mail to the address whose subject fits.
  wait(address, subject = /./, seconds = 20) {
    const find = () => this.to(address).find((one) => subject.test(one.mail.subject));
    return eventually(find, `a mail to ${address} about ${subject}`, seconds);
  }
  async close() {
    await new Promise((resolve) => this.server.close(resolve));
    fs.rmSync(this.tls.folder, { recursive: true, force: true });
  }
}

// Takes any HTTP request; `answer(request)` says the status, 204 by itself.
export class HttpSink {
  constructor(answer = () => 204) {
    this.answer = answer;
    this.received = []; // {method, url, headers, text, body}
  }

  async open() {
    this.server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      const one = { method: request.method, url: request.url, headers: request.headers, text };
      try {
        one.body = JSON.parse(text);
      } catch {}
      this.received.push(one);
      const status = this.answer(one, this.received.length);
      if (status === 'cut') return response.socket.destroy();
      response.writeHead(status, status >= 300 && status < 400 ? { location: `${this.url}/elsewhere` } : {}).end();
    });
    await listening(this.server);
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }
  wait(find, what, seconds = 20) {
    return eventually(() => this.received.find(find), what, seconds);
  }
  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
