// What deploy/prometheus and deploy/grafana say about the metrics is true of a real node: promtool reads rules and
// metrics, every name exists, and a real Prometheus scrapes a node and answers what the dashboards ask.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import yaml from 'yaml';
import { Client } from '../lib/client.mjs';
import { Child, flagsOf, freePort, until } from '../lib/server.mjs';

const source = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const files = source('deploy/prometheus');
const read = (name) => fs.readFileSync(source(name), 'utf8');
const has = (program) => (process.env.PATH ?? '').split(':').some((at) => fs.existsSync(path.join(at, program)));
const skip = has('prometheus') && has('promtool') ? false : 'no prometheus';

const rules = yaml.parse(read('deploy/prometheus/fairward.rules.yml')).groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert);
const recorded = rules.filter((rule) => rule.record).map((rule) => rule.record);
const dashboards = fs.readdirSync(source('deploy/grafana/dashboards')).map((name) => ({
  name,
  board: JSON.parse(read(`deploy/grafana/dashboards/${name}`)),
}));
// {where, expression} of all that rules and dashboards compute.
const expressions = [
  ...rules.map((rule) => ({ where: rule.alert ?? rule.record, expression: rule.expr })),
  ...dashboards.flatMap(({ name, board }) =>
    [
      ...board.panels.flatMap((panel) => (panel.targets ?? []).map((target) => [panel.title, target.expr])),
      ...board.annotations.list.map((note) => [note.name, note.expr]),
      ...board.templating.list
        .filter((variable) => variable.type === 'query')
        .map((variable) => [variable.name, variable.query.query.replace(/^label_values\((.*), \w+\)$/, '$1')]),
    ].map(([title, expression]) => ({ where: `${name}: ${title}`, expression })),
  ),
];

// Seconds of thinking: it begins now, while Prometheus starts.
const unitTests = path.join(files, 'fairward.rules.test.yml');
const unitTested = skip
  ? undefined
  : promisify(execFile)('promtool', ['test', 'rules', unitTests]).catch((failure) => failure);

// Names of an expression: those of series, whether of a node or recorded, but not what stands in a text.
const series = /[a-z_]*:?fairward_\w+(:\w+)?|\bprocess_\w+/g;
const namesOf = (expression) => expression.replaceAll(/"[^"]*"/g, '""').match(series) ?? [];

// The names of all series of an exposition.
function seriesOf(exposition) {
  const types = [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const ends = (type) => (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']);
  return new Set(types.flatMap(([, name, type]) => ends(type).map((end) => name + end)));
}

// What is named and neither a series of the node nor recorded.
function unknownOf(list, known) {
  return list.flatMap(({ where, expression }) =>
    namesOf(expression)
      .filter((name) => !known.has(name))
      .map((name) => `${where}: ${name}`),
  );
}

// A server on an empty database.
async function startNode(folder) {
  const port = await freePort();
  const settings = { 'data.folder': path.join(folder, 'data'), 'http.address': '127.0.0.1', 'http.port': port };
  const child = new Child(['serve', ...flagsOf(settings), '--database.reserve_megabytes=0'], path.join(folder, 'log'));
  const client = new Client(port);
  await until('fairward', child, async () => (await client.request('GET', '/ready')).status === 200);
  const stop = async () => {
    client.close();
    assert.equal(await child.end('SIGTERM'), 0);
  };
  return { port, client, stop };
}

// The configuration as it is committed, with these nodes; asked each second so that the test need not wait.
async function startPrometheus(folder, ports) {
  fs.cpSync(files, folder, { recursive: true });
  const config = path.join(folder, 'prometheus.yml');
  const text = fs.readFileSync(config, 'utf8');
  const quick = text.replaceAll('_interval: 5s', '_interval: 1s').replace('scrape_timeout: 4s', 'scrape_timeout: 1s');
  assert.notEqual(quick, text);
  fs.writeFileSync(config, quick);
  const nodes = fs.readFileSync(path.join(folder, 'nodes.yml'), 'utf8');
  const example = nodes.split('\n').find((line) => line.trim().startsWith('- 127.0.0.1:'));
  const lines = ports.map((port) => example.replace(/\d+$/, port)).join('\n');
  fs.writeFileSync(path.join(folder, 'nodes.yml'), nodes.replace(example, lines));

  const port = await freePort();
  const log = path.join(folder, 'log');
  const out = fs.openSync(log, 'w');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', out] },
  );
  fs.closeSync(out);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const client = new Client(port);
  const query = async (expression) => {
    const reply = await client.request('GET', `/api/v1/query?query=${encodeURIComponent(expression)}`);
    if (reply.status !== 200) throw new Error(`${expression}: ${reply.text}`);
    return reply.body.data.result;
  };
  // The result when there is one.
  const answer = async (expression, isDone = (result) => result.length > 0) => {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
      const result = await query(expression).catch(() => []);
      if (isDone(result)) return result;
    }
    const found = JSON.stringify(await query(expression));
    throw new Error(`${expression}: ${found} after 30 s\n${fs.readFileSync(log, 'utf8')}`);
  };
  const stop = async () => {
    client.close();
    child.kill('SIGTERM');
    await ended;
  };
  return { query, answer, client, stop };
}

describe('a real Prometheus before a real node', { skip }, () => {
  let folder;
  let node;
  let deadPort;
  let prometheus;
  let exposition;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-prometheus-'));
    node = await startNode(folder);
    deadPort = await freePort();
    assert.equal((await node.client.request('GET', '/api/specialities')).status, 200);
    exposition = (await node.client.request('GET', '/metrics')).text;
    prometheus = await startPrometheus(path.join(folder, 'prometheus'), [node.port, deadPort]);
  });
  after(async () => {
    await prometheus?.stop();
    await node?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('promtool finds nothing to say about the metrics', () => {
    execFileSync('promtool', ['check', 'metrics'], { input: exposition, stdio: ['pipe', 'pipe', 'pipe'] });
  });

  test('every metric that rules and dashboards name exists', () => {
    const known = new Set([...seriesOf(exposition), ...recorded]);
    assert.ok(expressions.length > 60);
    assert.deepEqual(unknownOf(expressions, known), []);
    const misspelt = {
      where: 'here',
      expression: 'sum(fairward_leases_hold{job="fairward_x"}) / job:fairward_x:sum + process_opened_fds',
    };
    assert.deepEqual(
      unknownOf([misspelt], known),
      ['fairward_leases_hold', 'job:fairward_x:sum', 'process_opened_fds'].map((name) => `here: ${name}`),
    );
  });

  test('scrapes within seconds and computes the rules', async () => {
    const [build] = await prometheus.answer('fairward_build_info');
    assert.equal(build.metric.instance, `127.0.0.1:${node.port}`);
    assert.equal(build.metric.job, 'fairward');
    const [leases] = await prometheus.answer('job:fairward_leases_held:sum');
    assert.equal(leases.value[1], '64');
    await node.client.request('GET', '/api/specialities');
    const [rate] = await prometheus.answer('route:fairward_http_requests:rate1m{route="speciality_list"} > 0');
    assert.equal(rate.metric.job, 'fairward');
  });

  test('alerts of the node that is not there, and of no other', async () => {
    const alerts = await prometheus.answer('ALERTS{alertname="FairwardNodeDown"}');
    assert.deepEqual(
      alerts.map(({ metric }) => metric.instance),
      [`127.0.0.1:${deadPort}`],
    );
    const reply = await prometheus.client.request('GET', '/api/v1/rules');
    const sick = reply.body.data.groups.flatMap((group) => group.rules).filter((rule) => rule.health === 'err');
    assert.deepEqual(sick, []);
  });

  test('answers every question of the dashboards', async () => {
    for (const { where, expression } of expressions) {
      const asked = expression.replaceAll('$job', 'fairward').replaceAll('$route', '.*');
      await assert.doesNotReject(prometheus.query(asked), where);
    }
  });
});

describe('rules', { skip }, () => {
  test('promtool accepts the configuration and the rules', () => {
    execFileSync('promtool', ['check', 'config', path.join(files, 'prometheus.yml')], { stdio: 'pipe' });
    execFileSync('promtool', ['check', 'rules', path.join(files, 'fairward.rules.yml')], { stdio: 'pipe' });
  });

  test('each alert fires when it must and not when it must not', async () => {
    const groups = yaml.parse(fs.readFileSync(unitTests, 'utf8')).tests;
    const fires = (group, alert) =>
      group.promql_expr_test.some(({ exp_samples }) =>
        (exp_samples ?? []).some(({ labels }) => labels === `{alertname="${alert}"}`),
      );
    for (const { alert } of alerts) {
      const positive = groups.filter((group) => group.name.startsWith(`${alert} fires`));
      const negative = groups.filter((group) => group.name.startsWith(`${alert} does not fire`));
      assert.ok(positive.length > 0 && positive.every((group) => fires(group, alert)), `${alert} fires in no test`);
      assert.ok(negative.length > 0 && !negative.some((group) => fires(group, alert)), `${alert} has no test of rest`);
    }
    const done = await unitTested;
    assert.ok(!(done instanceof Error), done.stdout + done.stderr);
  });

  test('each alert says what is, what to do, and where more stands', () => {
    const handbook = read('docs/operations.md');
    for (const { alert, annotations, labels } of alerts) {
      assert.match(labels.severity, /^(page|ticket)$/, alert);
      for (const part of ['summary', 'description', 'action']) assert.ok(annotations[part]?.length > 20, alert);
      assert.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
      assert.match(handbook, new RegExp(`^#+ ${alert}$`, 'm'), `docs/operations.md has no chapter ${alert}`);
    }
  });

  test('routes that rules name exist', () => {
    const api = JSON.parse(read('openapi/api.json'));
    const routes = Object.values(api.paths).flatMap((item) => Object.values(item).map((one) => one.operationId));
    const named = rules.flatMap((rule) =>
      [...rule.expr.matchAll(/route!?[=~]+"([^"]*)"/g)].flatMap((m) => m[1].split('|')),
    );
    assert.ok(named.length > 0);
    for (const route of named) assert.ok(routes.includes(route), route);
  });
});

describe('dashboards', () => {
  for (const { name, board } of dashboards)
    test(`${name} is whole`, () => {
      assert.match(board.uid, /^fairward-/);
      const ids = board.panels.map((panel) => panel.id);
      assert.equal(new Set(ids).size, ids.length);
      for (const panel of board.panels.filter((one) => one.type !== 'row')) {
        assert.ok(panel.targets.length > 0, panel.title);
        const { x, w } = panel.gridPos;
        assert.ok(x + w <= 24, panel.title);
        for (const target of panel.targets) assert.equal(target.datasource.uid, `$\{datasource}`, panel.title);
      }
      for (const provisioned of ['datasources', 'dashboards'])
        assert.equal(yaml.parse(read(`deploy/grafana/provisioning/${provisioned}.yml`)).apiVersion, 1);
    });
});
