// The manifests of deploy/kubernetes: rendered as kubectl does, held against the schema of Kubernetes with unknown
// fields refused, and against each other and the program: names, labels, ports, settings, times.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import YAML from 'yaml';
import { command } from '../lib/server.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'deploy/kubernetes');
const require = createRequire(import.meta.url);
const schemas = path.join(path.dirname(require.resolve('kubernetes-models')), '_schemas');

const read = (name) => YAML.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const listed = (name) =>
  read(path.join(name, 'kustomization.yaml')).resources.map((file) => read(path.join(name, file)));
const base = listed('.');
const migration = listed('migrate');
const one = (kind, all = base) => all.find((object) => object.kind === kind);

// The schema of an object, of the package kubernetes-models: apps/v1 Deployment is IoK8sApiAppsV1Deployment.
function validatorOf({ apiVersion, kind }) {
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const name = `IoK8sApi${capital(group.split('.')[0])}${capital(version)}${kind}`;
  return require(path.join(schemas, `${name}.js`)).validate;
}

// The validators ignore what they do not know. They look at every field that they do know, though: what nobody has
// looked at is a field that Kubernetes does not have.
function watched(value, place, fields) {
  if (value === null || typeof value !== 'object') return value;
  const looked = new Set();
  if (!Array.isArray(value)) fields.push({ place, value, looked });
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, watched(child, `${place}/${key}`, fields)]),
  );
  return new Proxy(value, {
    get(target, key) {
      looked.add(key);
      return typeof key === 'string' && Object.hasOwn(inner, key) ? inner[key] : target[key];
    },
    ownKeys(target) {
      for (const key of Object.keys(target)) looked.add(key); // a map, walked as a whole
      return Reflect.ownKeys(target);
    },
  });
}

// Everything wrong with an object, as lines.
function faults(object) {
  const validate = validatorOf(object);
  const fields = [];
  const isSound = validate(watched(object, '', fields));
  const wrong = isSound ? [] : validate.errors.map((error) => `${error.instancePath} ${error.keyword}`);
  for (const { place, value, looked } of fields)
    for (const key of Object.keys(value)) if (!looked.has(key)) wrong.push(`${place}/${key} unknown`);
  return wrong;
}

describe('the schema of Kubernetes', () => {
  for (const object of [...base, ...migration, read('secret.example.yaml')]) {
    test(`${object.kind} ${object.metadata.name} keeps to it`, () => assert.deepEqual(faults(object), []));
  }

  test('control: what is planted is found', () => {
    const plants = [
      ['Deployment', (o) => Object.assign(o.spec, { replicaz: 2 }), '/spec/replicaz unknown'],
      ['Deployment', (o) => Object.assign(o.spec.template.spec.containers[0], { resourcez: {} }), 'resourcez unknown'],
      [
        'Deployment',
        (o) => Object.assign(o.spec.template.spec.containers[0].securityContext, { readOnlyRoot: true }),
        'readOnlyRoot unknown',
      ],
      [
        'Deployment',
        (o) => Object.assign(o.spec.template.spec.containers[0].livenessProbe.httpGet, { url: '/' }),
        'url unknown',
      ],
      [
        'Deployment',
        (o) => Object.assign(o.spec.template.spec, { hostNetwork: 'no' }),
        '/spec/template/spec/hostNetwork',
      ],
      ['Deployment', (o) => delete o.spec.selector, 'required'],
      ['Service', (o) => Object.assign(o.spec.ports[0], { port: '80' }), '/spec/ports/0/port type'],
      ['Ingress', (o) => delete o.spec.rules[0].http.paths[0].pathType, 'required'],
      ['HorizontalPodAutoscaler', (o) => Object.assign(o.spec, { minReplicas: 'one' }), '/spec/minReplicas type'],
      ['NetworkPolicy', (o) => Object.assign(o.spec.ingress[0].from[0], { namespace: 'x' }), 'namespace unknown'],
      ['PodDisruptionBudget', (o) => Object.assign(o.metadata, { label: {} }), '/metadata/label unknown'],
    ];
    for (const [kind, plant, expected] of plants) {
      const object = structuredClone(one(kind));
      plant(object);
      const found = faults(object);
      assert.ok(
        found.some((line) => line.includes(expected)),
        `${kind} ${expected}: ${found}`,
      );
    }
  });

  const kubectl = (process.env.PATH ?? '').split(':').some((place) => fs.existsSync(path.join(place, 'kubectl')));
  test('kubectl kustomize renders what the files say', { skip: kubectl ? false : 'no kubectl' }, () => {
    const name = (object) => `${object.kind} ${object.metadata.name}`;
    for (const [place, files] of [
      ['.', base],
      ['migrate', migration],
    ]) {
      const text = execFileSync('kubectl', ['kustomize', path.join(folder, place)], { encoding: 'utf8' });
      const rendered = YAML.parseAllDocuments(text).map((document) => document.toJS());
      assert.deepEqual(rendered.map(name).sort(), files.map(name).sort());
      for (const object of rendered) {
        assert.deepEqual(faults(object), [], name(object));
        assert.deepEqual(
          object,
          files.find((file) => name(file) === name(object)),
        );
      }
    }
  });

  const canPatch =
    kubectl && !/"v1\.(\d|1\d|20)\./.test(execFileSync('kubectl', ['version', '--client', '-o', 'json']));
  test('the overlay of docs/operations.md renders', { skip: canPatch ? false : 'no kubectl of 1.21 or newer' }, () => {
    const [, overlay] = /An overlay:\n\n```yaml\n([^`]*)```/.exec(
      fs.readFileSync(path.join(root, 'docs/operations.md'), 'utf8'),
    );
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-overlay-'));
    const there = path.relative(fs.realpathSync(place), folder);
    fs.writeFileSync(path.join(place, 'kustomization.yaml'), overlay.replace('../deploy/kubernetes', there));
    const text = execFileSync('kubectl', ['kustomize', place], { encoding: 'utf8' });
    const rendered = YAML.parseAllDocuments(text).map((document) => document.toJS());
    for (const object of rendered) assert.deepEqual(faults(object), [], object.kind);
    const { containers } = one('Deployment', rendered).spec.template.spec;
    assert.equal(containers[0].image, 'registry.example/fairward:0.1.0');
    assert.equal(one('HorizontalPodAutoscaler', rendered).spec.minReplicas, 2);
    assert.equal(one('Ingress', rendered).spec.rules[0].host, 'your.host');
    fs.rmSync(place, { recursive: true });
  });

  test('every file is part of something', () => {
    const known = new Set(['kustomization.yaml', 'secret.example.yaml', ...read('kustomization.yaml').resources]);
    const files = fs.readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    assert.deepEqual(files.sort(), [...known].sort());
  });
});

describe('the manifests with each other and with the program', () => {
  const deployment = one('Deployment');
  const pod = deployment.spec.template.spec;
  const job = one('Job', migration);
  const containers = [pod.containers[0], job.spec.template.spec.containers[0]];
  const dockerfile = fs.readFileSync(path.join(root, 'deploy/container/Dockerfile'), 'utf8');
  const settings = fs.readFileSync(path.join(root, 'docs/configuration.md'), 'utf8');
  const fallback = (name) => Number(new RegExp(`\`${name}\` \\| [^|]*\\| \`(\\d+)\``).exec(settings)[1]);

  test('labels, names and ports meet', () => {
    const { labels } = deployment.spec.template.metadata;
    const matches = (selector) => Object.entries(selector).every(([key, value]) => labels[key] === value);
    const service = one('Service');
    assert.ok(matches(deployment.spec.selector.matchLabels));
    assert.ok(matches(service.spec.selector));
    assert.ok(matches(one('PodDisruptionBudget').spec.selector.matchLabels));
    assert.ok(matches(one('NetworkPolicy').spec.podSelector.matchLabels));
    for (const spread of pod.topologySpreadConstraints) assert.ok(matches(spread.labelSelector.matchLabels));
    const migrates = job.spec.template.metadata.labels;
    assert.ok(
      !Object.entries(service.spec.selector).every(([key, value]) => migrates[key] === value),
      'the migration gets no calls',
    );
    assert.deepEqual(one('HorizontalPodAutoscaler').spec.scaleTargetRef, {
      apiVersion: deployment.apiVersion,
      kind: 'Deployment',
      name: deployment.metadata.name,
    });
    const [port] = pod.containers[0].ports;
    assert.equal(service.spec.ports[0].targetPort, port.name);
    assert.equal(port.containerPort, fallback('http.port'));
    assert.equal(one('NetworkPolicy').spec.ingress[0].ports[0].port, port.containerPort);
    for (const { backend } of one('Ingress').spec.rules[0].http.paths) {
      assert.equal(backend.service.name, service.metadata.name);
      assert.equal(backend.service.port.name, service.spec.ports[0].name);
    }
    for (const { serviceAccountName } of [pod, job.spec.template.spec])
      assert.equal(serviceAccountName, one('ServiceAccount').metadata.name);
  });

  test('every secret and setting that is named exists, and the program takes them', () => {
    const secret = read('secret.example.yaml');
    const config = one('ConfigMap');
    const bytes = Buffer.alloc(32, 7);
    const replaced = {
      billing_gateway_secret: `whsec_${bytes.toString('base64')}`,
      identity_signing_key: bytes.toString('base64url'),
    };
    for (const container of containers) {
      assert.deepEqual(container.envFrom, [{ configMapRef: { name: config.metadata.name } }]);
      // The job that migrates is not told what only serving needs.
      const environment = { FAIRWARD_BILLING_GATEWAY_SECRET: replaced.billing_gateway_secret, ...config.data };
      for (const { name, valueFrom } of container.env) {
        assert.equal(valueFrom.secretKeyRef.name, secret.metadata.name);
        assert.ok(valueFrom.secretKeyRef.key in secret.stringData, valueFrom.secretKeyRef.key);
        environment[name] = replaced[valueFrom.secretKeyRef.key] ?? secret.stringData[valueFrom.secretKeyRef.key];
      }
      assert.deepEqual(
        ['DATABASE_URL', 'DATABASE_USER', 'DATABASE_PASSWORD'].filter((name) => !(name in environment)),
        [],
      );
      command(['config', 'check'], { env: { PATH: process.env.PATH, ...environment } });
      assert.throws(() => command(['config', 'check'], { env: { ...environment, FAIRWARD_HTTP_PROT: '1' } }));
    }
  });

  test('the example secrets do not start a server', () => {
    const { stringData } = read('secret.example.yaml');
    const environment = {
      PATH: process.env.PATH,
      FAIRWARD_IDENTITY_SIGNING_KEY: stringData.identity_signing_key,
      FAIRWARD_DATA_FOLDER: `/nonexistent/${crypto.randomUUID()}`,
    };
    assert.throws(
      () => command(['serve', '--http.port=0'], { env: environment, timeout: 20_000 }),
      (failure) => failure.status === 3 && /identity\.signing_key must be/.test(failure.stderr),
    );
  });

  test('nothing runs as root, writes outside its volumes or keeps a capability', () => {
    const [, user] = /^USER (\d+):\d+$/m.exec(dockerfile);
    for (const { spec } of [deployment.spec.template, job.spec.template]) {
      assert.equal(spec.securityContext.runAsNonRoot, true);
      assert.equal(spec.securityContext.runAsUser, Number(user));
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(spec.enableServiceLinks, false, 'FAIRWARD_… variables of Kubernetes would be taken for settings');
      for (const { securityContext, volumeMounts, resources } of spec.containers) {
        assert.deepEqual(securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        const volumes = new Set(spec.volumes.map((volume) => volume.name));
        for (const mount of volumeMounts) assert.ok(volumes.has(mount.name), mount.name);
        const [, data] = /FAIRWARD_DATA_FOLDER=(\S+)/.exec(dockerfile);
        assert.ok(volumeMounts.some((mount) => mount.mountPath === data));
        assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory);
      }
    }
  });

  test('times fit: draining, probes, long polls', () => {
    const [container] = pod.containers;
    const pause = Number(container.lifecycle.preStop.exec.command[1]);
    assert.ok(pod.terminationGracePeriodSeconds >= pause + fallback('http.stop_seconds_max') + 10);
    assert.equal(container.livenessProbe.httpGet.path, '/health');
    assert.equal(container.readinessProbe.httpGet.path, '/ready');
    const { annotations } = one('Ingress').metadata;
    const setting = (name) => annotations[`nginx.ingress.kubernetes.io/${name}`];
    assert.ok(Number(setting('proxy-read-timeout')) > 60);
    assert.equal(setting('proxy-buffering'), 'off');
    assert.doesNotMatch(setting('proxy-next-upstream'), /non_idempotent/, 'an ingress cannot tell keys apart');
    const { spec } = one('HorizontalPodAutoscaler');
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [1, 10]);
    assert.equal(spec.metrics[0].resource.target.averageUtilization, 50);
  });

  test('the commands exist', () => {
    for (const { args } of containers) command([...args, '--help']);
  });
});
