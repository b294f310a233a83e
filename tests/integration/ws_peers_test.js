// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool connect` against a server written with npm `ws`, which behaves and misbehaves on demand.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const {test} = require('node:test')
const {
  assertBalances, certificates, converse, file, linesOf, numbers, patience, run, startPeer,
  startProxy, wspool
} = require('./support')

const quick = ['--reconnect-initial', '50ms', '--reconnect-max', '100ms']

const url = (server, mode, scheme = 'ws') => `${scheme}://${server.address}${mode}`
const start = (args) => wspool(['connect', ...args])
const connect = (args, input) => run(['connect', ...args], input)
const kinds = (p, kind) => p.events.filter((event) => event.event === kind)
const told = (p, text) => p.until(() => p.stderr.includes(text), text)

test('two lines come back from an echo server over two connections', async () => {
  const server = await startPeer()
  const {status, lines, account} = await converse(
    [url(server, '/echo'), '-n', '2'], 'a\nb\n')
  assert.equal(status, 0)
  assert.deepEqual(lines.sort(), ['a', 'b'])
  assert.equal(account.sent, 2)
  assert.equal(account.received, 2)
})

test('compressed messages come back as they went', async () => {
  const server = await startPeer('--deflate')
  const long = 'wspool '.repeat(2000)
  const {status, lines} = await converse(
    [url(server, '/echo'), '-n', '1', '--compress'], `${long}\nx\n`)
  assert.equal(status, 0)
  assert.deepEqual(lines, [long, 'x'])
})

test('a server with a trusted certificate is talked to, others are not', async () => {
  const tls = (name) => ['--tls', '--cert', `${certificates}/${name}.pem`,
    '--key', `${certificates}/${name}.key`]
  const good = await startPeer(...tls('server'))
  const trusted = ['-n', '1', '--ca', `${certificates}/ca.pem`]
  const once = [...trusted, '--reconnect-attempts', '0']
  assert.deepEqual((await converse([url(good, '/echo', 'wss'), ...trusted], 'x\n')).lines, ['x'])
  const unknown = await connect(
    [url(good, '/echo', 'wss'), '-n', '1', '--reconnect-attempts', '0'], 'x\n')
  assert.equal(unknown.status, 1)
  assert.match(unknown.stderr, /certificate/)
  for (const name of ['expired', 'wrong-host']) {
    const bad = await startPeer(...tls(name))
    const {status, stderr} = await connect([url(bad, '/echo', 'wss'), ...once], 'x\n')
    assert.equal(status, 1, name)
    assert.match(stderr, /certificate/, name)
    const blind = await converse([url(bad, '/echo', 'wss'), ...once, '-k'], 'x\n')
    assert.deepEqual(blind.lines, ['x'], name)
  }
})

for (const status of [401, 404])
  test(`a refusal with ${status} is told and given up`, async () => {
    const server = await startPeer()
    const result = await connect([url(server, `/refuse/${status}`), '-n', '1', ...quick], 'x\n')
    assert.equal(result.status, 1)
    assert.match(result.stderr, new RegExp(`${status}`))
    assert.deepEqual([result.account.accepted, result.account.failed], [1, 1])
  })

for (const status of [429, 503])
  test(`after a refusal with ${status} it comes back, no sooner than asked`, async () => {
    const server = await startPeer()
    const p = await connect([url(server, `/refuse/${status}?retry-after=1&times=1`),
      '-n', '1', ...quick, '--events', '--linger', '100ms'], 'x\n')
    assert.equal(p.status, 0)
    assert.equal(p.account.sent, 1)
    const [retry] = kinds(p, 'retry')
    assert.ok(retry.delay_ms >= 1000, JSON.stringify(retry))
    assert.equal(kinds(p, 'unexpected_response').length, 1)
  })

test('a server that closes at once sees growing intervals, not a storm', async () => {
  const server = await startPeer()
  const p = await connect([url(server, '/accept-then-close/1001'), '-n', '1',
    '--reconnect-initial', '50ms', '--reconnect-attempts', '4', '--events',
    '--linger', 'unlimited'])
  assert.equal(p.status, 1)
  assert.equal(kinds(p, 'retry').length, 4)
  assert.equal(kinds(p, 'given_up').length, 1)
})

test('a server that never answers the upgrade is given up at the deadline', async () => {
  const server = await startPeer()
  const {status, stderr} = await connect([url(server, '/never'), '-n', '1',
    '--handshake-timeout', '300ms', '--reconnect-attempts', '0'], 'x\n')
  assert.equal(status, 1)
  assert.match(stderr, /in time/)
})

test('a server that stalls costs neither the other connections nor the account', async () => {
  const server = await startPeer()
  const big = `${'x'.repeat(64 * 1024)}\n`.repeat(600)
  const p = start([url(server, '/stall'), url(server, '/echo'), '-n', '1', '--schedule',
    'least-pending', '--drain-timeout', '1s', '--linger', '100ms'])
  p.write(big)
  await p.until(() => p.stdout.length >= big.length / 2, 'half of it to come back')
  p.endInput()
  const {account, status} = await p.end()
  assertBalances(account)
  assert.equal(account.accepted, 600)
  assert.ok(account.sent >= 300, `${account.sent} sent`)
  assert.equal(status, account.failed > 0 ? 1 : 0)
})

for (const code of [1002, 1003, 1007, 1010, 3500])
  test(`after a close with ${code} the slot is given up`, async () => {
    const server = await startPeer()
    const p = await connect([url(server, `/accept-then-close/${code}`),
      '-n', '1', ...quick, '--events', '--linger', 'unlimited'])
    assert.equal(p.status, 1)
    assert.equal(kinds(p, 'close')[0].code, code)
    assert.equal(kinds(p, 'given_up').length, 1)
    assert.equal(kinds(p, 'retry').length, 0)
  })

for (const code of [1000, 1001, 1011, 1014, 3000])
  test(`after a close with ${code} the slot reconnects`, async () => {
    const server = await startPeer()
    const p = start([url(server, `/accept-then-close/${code}?times=1&echo=1`),
      '-n', '1', ...quick, '--events', '--linger', '300ms', '--delivery', 'at-least-once'])
    await told(p, '"event":"close"')
    p.write('x\n')
    p.endInput()
    await p.end()
    assert.equal(p.status, 0)
    assert.equal(p.account.sent, 1)
    assert.equal(kinds(p, 'close')[0].code, code)
  })

test('a frame cut in its middle is a lost connection, and messages go on', async () => {
  const server = await startPeer()
  const p = start([url(server, '/kill-mid-frame?times=1'), '-n', '1', ...quick,
    '--events', '--delivery', 'at-least-once', '--linger', '100ms'])
  await told(p, '"event":"retry"')
  p.write('x\n')
  p.endInput()
  await p.end()
  assert.equal(p.status, 0)
  assert.equal(p.account.sent, 1)
  assert.ok(p.lines.length <= 1)
})

test('a half-open peer is noticed by its silence', async () => {
  const server = await startPeer()
  const p = start([url(server, '/echo'), '-n', '1', ...quick, '--events',
    '--heartbeat', '200ms', '--heartbeat-timeout', '200ms', '--linger', 'unlimited'])
  await told(p, '"event":"open"')
  server.program.signal('SIGSTOP') // its kernel still acknowledges, it says nothing any more
  await told(p, 'heartbeat')
  server.program.signal('SIGCONT')
  p.signal('SIGTERM')
  await p.end()
  assert.ok(kinds(p, 'close').some((e) => JSON.stringify(e).includes('heartbeat')))
})

for (const proxy of ['http', 'socks5', 'socks5h'])
  test(`messages pass a ${proxy} proxy`, async () => {
    const server = await startPeer()
    const between = await startProxy('--auth', 'me:secret')
    const {status, lines} = await converse([url(server, '/echo'), '-n', '1', '--proxy',
      `${proxy}://me:secret@${between.address}`], 'x\n')
    assert.equal(status, 0)
    assert.deepEqual(lines, ['x'])
    const refused = await connect([url(server, '/echo'), '-n', '1', '--proxy',
      `${proxy}://me:wrong@${between.address}`, '--reconnect-attempts', '0'], 'x\n')
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /proxy/)
    assert.doesNotMatch(refused.stderr, /wrong/)
  })

// -- restarts under load -------------------------------------------------------------------------

const lines = 100_000
const long = 3 * patience

const sizeOf = (record) => (fs.existsSync(record) ? fs.statSync(record).size : 0)

// Kills a recording server at work and starts it anew where it was. Resolves with its successor.
const restart = async (server, record) => {
  const before = sizeOf(record)
  await server.program.until(() => sizeOf(record) > before, `growth of ${record}`)
  server.program.signal('SIGKILL')
  await server.program.end()
  return startPeer('--listen', server.address, '--record', record)
}

// 100,000 lines through a server that is restarted under them.
const restarts = async (delivery) => {
  const record = file(`restarts-${delivery}`)
  let server = await startPeer('--record', record)
  const p = start([url(server, '/record'), '-n', '4', ...quick, '--delivery', delivery,
    '--linger', '300ms', '--drain-timeout', '10m', '--events'])
  const all = numbers(lines).split(/(?<=\n)/)
  const piece = lines / 4
  for (let at = 0; at < lines; at += piece) {
    p.write(all.slice(at, at + piece).join(''))
    server = await restart(server, record)
  }
  p.endInput()
  await p.end(long)
  const seen = linesOf(fs.readFileSync(record, 'latin1'))
  return {...p, account: p.account, seen, distinct: new Set(seen)}
}

test('a server restarted under 100,000 lines gets each at least once', async () => {
  const {status, account, distinct} = await restarts('at-least-once')
  assert.equal(status, 0)
  assert.deepEqual([account.accepted, account.sent, account.pending], [lines, lines, 0])
  assert.equal(distinct.size, lines)
  assert.ok(account.reconnects >= 3)
})

test('a server restarted under 100,000 lines gets none twice at most once', async () => {
  const {account, seen, distinct} = await restarts('at-most-once')
  assert.equal(seen.length, distinct.size)
  assert.equal(account.accepted, lines)
  assert.equal(account.pending, 0)
  assertBalances(account)
})

test('a key keeps its order through restarts', async () => {
  const record = file('keys')
  let server = await startPeer('--record', record)
  const p = start([url(server, '/record'), '-n', '4', ...quick, '--schedule', 'hash',
    '--key-field', 'k', '--delivery', 'at-least-once', '--linger', '300ms',
    '--drain-timeout', '10m'])
  for (let i = 0; i < 4; ++i) {
    p.write(Array.from({length: 5000}, (_, n) =>
      JSON.stringify({k: `key-${n % 50}`, n: i * 5000 + n}) + '\n').join(''))
    if (i < 3) server = await restart(server, record)
  }
  p.endInput()
  await p.end(long)
  assert.equal(p.status, 0)
  const highest = new Map()
  const seen = new Set()
  for (const line of linesOf(fs.readFileSync(record, 'latin1'))) {
    const {k, n} = JSON.parse(line)
    if (!seen.has(n)) // a message that is sent again may come late, a new one may not come early
      assert.ok(n > (highest.get(k) ?? -1), `${k}: ${n} after ${highest.get(k)}`)
    seen.add(n)
    highest.set(k, Math.max(n, highest.get(k) ?? -1))
  }
  assert.equal(seen.size, 20_000)
})
