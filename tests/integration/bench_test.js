// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool bench`: that it measures, and the shape of what it prints. How fast anything is depends
// on the machine and is not tested.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const {test} = require('node:test')
const {patience, wspool} = require('./support')

// Some measure several servers and clients for a second each, and more on a busy machine.
const run = (args) => wspool(args, {input: ''}).end(5 * patience)

const bench = async (...args) => {
  const p = await run(['bench', ...args])
  assert.equal(p.status, 0, p.stderr)
  return p.stdout
}

const positive = (x, name) => assert.ok(x[name] > 0, `${name}: ${JSON.stringify(x)}`)

test('the cases can be listed and selected', async () => {
  const all = (await bench('--list')).trimEnd().split('\n')
  assert.ok(all.length > 40)
  assert.equal(new Set(all).size, all.length)
  const some = await bench('--list', '--case', '^send', '--size', '64B,1KiB', '--connections', '1')
  assert.equal(some, 'send/64B/1c\nsend/1KiB/1c\nsend-batch/64B/1c\nsend-batch/1KiB/1c\n')
})

test('what selects nothing is an error', async () => {
  for (const args of [['--case', 'no such case'], ['--case', '('], ['--size', '1XB']]) {
    const p = await run(['bench', '--list', ...args])
    assert.equal(p.status, 2)
    assert.match(p.stderr, new RegExp(`${args[0]}`))
  }
})

test('JSON has what a plot needs', async () => {
  const report = JSON.parse(await bench('--quick', '--json', '--goals', '--case',
    '^send-batch/64B/4c$'))
  assert.equal(report.rounds, 1)
  for (const name of ['cpu', 'system']) assert.equal(typeof report[name], 'string')
  for (const name of ['wspool', 'CAF', 'Boost', 'OpenSSL']) assert.ok(report.versions[name])
  assert.equal(report.cases.length, 1)
  const [only] = report.cases
  assert.equal(only.name, 'send-batch/64B/4c')
  assert.deepEqual([only.family, only.size_bytes, only.connections, only.tls],
    ['send-batch', 64, 4, false])
  const clients = Object.fromEntries(only.clients.map((x) => [x.client, x]))
  assert.deepEqual(Object.keys(clients).sort(), ['beast', 'node-pool', 'node-ws', 'wspool'])
  for (const name of ['beast', 'wspool']) {
    assert.equal(clients[name].rounds.length, 1)
    for (const x of [clients[name], clients[name].rounds[0]]) {
      positive(x, 'messages_per_second')
      positive(x, 'cpu_ns_per_message')
    }
  }
  assert.equal(clients.beast.beside_beast.messages_per_second, 1)
  positive(clients.wspool.beside_beast, 'cpu_ns_per_message')
  assert.ok(report.goals.length >= 2)
  for (const x of report.goals) assert.equal(typeof x.met, 'boolean')
})

test('a report is saved beside the table', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wspool-bench-'))
  try {
    const file = path.join(folder, 'report.json')
    const table = await bench('--quick', '--no-node', '--case', '^echo/64B/1c$', '--save', file)
    assert.match(table, /^echo\/64B\/1c +wspool /m)
    assert.equal(JSON.parse(fs.readFileSync(file, 'utf8')).cases[0].name, 'echo/64B/1c')
    const nowhere = await run(['bench', '--save', path.join(folder, 'no', 'such')])
    assert.equal(nowhere.status, 2)
    assert.match(nowhere.stderr, /--save: cannot write .*: No such file or directory/)
  } finally {
    fs.rmSync(folder, {recursive: true})
  }
})

test('every kind of case has a result', async () => {
  const names = ['send/64B/1c', 'receive/64B/1c', 'echo/64B/1c', 'send-batch/64B/4c/tls',
    'receive/1KiB/4c/deflate', 'connect/1000c', 'idle/1000c', 'depth/64B/1c/10q']
  const report = JSON.parse(await bench('--quick', '--json', '--no-node', '--case',
    names.map((x) => `^${x}$`).join(',')))
  assert.deepEqual(report.cases.map((x) => x.name).sort(), [...names].sort())
  for (const one of report.cases)
    for (const x of one.clients) {
      assert.equal(x.error, undefined, `${one.name} ${x.client}: ${x.error}`)
      if (one.family === 'idle') {
        assert.ok(x.cpu_share >= 0)
        positive(x, 'resident_bytes_per_connection')
        continue
      }
      positive(x, 'messages_per_second')
      positive(x, 'cpu_ns_per_message')
      if (one.family === 'echo') {
        positive(x, 'p50_ns')
        assert.ok(x.p99_ns >= x.p50_ns)
      }
    }
})

test('the table names the machine, the conditions and each client', async () => {
  const text = await bench('--quick', '--no-node', '--case', '^send/64B/1c$', '--goals')
  assert.match(text, /^wspool bench: .* cores?, Linux/)
  assert.match(text, /medians of 1 interleaved rounds of 200ms after 100ms of warm-up/)
  for (const client of ['beast', 'wspool'])
    assert.match(text, new RegExp(`^send/64B/1c +${client}( +[\\d,.]+){4}$`, 'm'))
  assert.match(text, /^send\/64B\/1c: messages\/s beside beast +(met|MISSED) +[\d.]+ +>= 4.00$/m)
})

test('servers are measured, too: fan-out, accepting and idle connections', async () => {
  const p = await run(['bench', 'fan-out', '--quick', '--no-node', '--json'])
  assert.equal(p.status, 0, p.stderr)
  const {cases} = JSON.parse(p.stdout)
  assert.equal(cases.length, 7)
  for (const one of cases) {
    assert.ok(one.servers.beast && one.servers.wspool, one.case)
    for (const server of Object.values(one.servers))
      assert.ok(server.per_second > 0 || one.case.startsWith('idle'),
        `${one.case}: ${JSON.stringify(server)}`)
  }
})

test('a pattern that no server case fits is a mistake', async () => {
  const p = await run(['bench', 'fan-out', '--case', 'nothing'])
  assert.equal(p.status, 2)
  assert.match(p.stderr, /--case: "nothing"/)
})
