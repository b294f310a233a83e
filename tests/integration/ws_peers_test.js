// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool connect` against a server written with npm `ws`, which behaves and misbehaves on demand.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const {test} = require('node:test')
const {balances, connect, startConnect, startPeer, startServer, within} = require('./processes.js')

const certificates = process.env.WSPOOL_CERTIFICATES
const quick = ['--reconnect-initial', '50ms', '--reconnect-max', '100ms']

const url = (server, mode, scheme = 'ws') => `${scheme}://${server.address}${mode}`
const count = (text, what) => text.split(what).length - 1
const seq = (n) => Array.from({length: n}, (_, i) => `${i + 1}\n`).join('')
const events = (stderr, kind) => stderr.split('\n')
  .filter((line) => line.startsWith('{"event"')).map((line) => JSON.parse(line))
  .filter((event) => event.event === kind)

test('two lines come back from an echo server over two connections', async (t) => {
  const server = await startPeer(t, 'server.js')
  const {status, lines, account} = await connect(t,
    [url(server, '/echo'), '-n', '2', '--linger', '500ms'], 'a\nb\n')
  assert.equal(status, 0)
  assert.deepEqual(lines.sort(), ['a', 'b'])
  assert.equal(account.sent, 2)
  assert.equal(account.received, 2)
})

test('compressed messages come back as they went', async (t) => {
  const server = await startPeer(t, 'server.js', ['--deflate'])
  const long = 'wspool '.repeat(2000)
  const {status, lines} = await connect(t,
    [url(server, '/echo'), '-n', '1', '--compress', '--linger', '500ms'], `${long}\nx\n`)
  assert.equal(status, 0)
  assert.deepEqual(lines, [long, 'x'])
})

test('a server with a trusted certificate is talked to, others are not', async (t) => {
  const tls = (name) => ['--tls', '--cert', `${certificates}/${name}.pem`,
    '--key', `${certificates}/${name}.key`]
  const good = await startPeer(t, 'server.js', tls('server'))
  const trusted = ['-n', '1', '--ca', `${certificates}/ca.pem`, '--linger', '500ms']
  const once = [...trusted, '--reconnect-attempts', '0']
  assert.deepEqual((await connect(t, [url(good, '/echo', 'wss'), ...trusted], 'x\n')).lines, ['x'])
  const unknown = await connect(t,
    [url(good, '/echo', 'wss'), '-n', '1', '--reconnect-attempts', '0'], 'x\n')
  assert.equal(unknown.status, 1)
  assert.match(unknown.stderr, /certificate/)
  for (const name of ['expired', 'wrong-host']) {
    const bad = await startPeer(t, 'server.js', tls(name))
    const {status, stderr} = await connect(t, [url(bad, '/echo', 'wss'), ...once], 'x\n')
    assert.equal(status, 1, name)
    assert.match(stderr, /certificate/, name)
    const blind = await connect(t, [url(bad, '/echo', 'wss'), ...once, '-k'], 'x\n')
    assert.deepEqual(blind.lines, ['x'], name)
  }
})

for (const status of [401, 404])
  test(`a refusal with ${status} is told and given up`, async (t) => {
    const server = await startPeer(t, 'server.js')
    const result = await connect(t, [url(server, `/refuse/${status}`), '-n', '1', ...quick], 'x\n')
    assert.equal(result.status, 1)
    assert.match(result.stderr, new RegExp(`${status}`))
    assert.deepEqual([result.account.accepted, result.account.failed], [1, 1])
  })

for (const status of [429, 503])
  test(`after a refusal with ${status} it comes back, no sooner than asked`, async (t) => {
    const server = await startPeer(t, 'server.js')
    const client = startConnect(t, [url(server, `/refuse/${status}?retry-after=1&times=1`),
      '-n', '1', ...quick, '--events', '--linger', '100ms'], 'x\n')
    const {status: exit, stderr, account} = await client.ended
    assert.equal(exit, 0)
    assert.equal(account.sent, 1)
    const [retry] = events(stderr, 'retry')
    assert.ok(JSON.stringify(retry).match(/\d{4}/), 'a delay of at least 1000 ms')
    assert.equal(events(stderr, 'unexpected_response').length, 1)
  })

test('a server that closes at once sees growing intervals, not a storm', async (t) => {
  const server = await startPeer(t, 'server.js')
  const {status, stderr} = await connect(t, [url(server, '/accept-then-close/1001'), '-n', '1',
    '--reconnect-initial', '50ms', '--reconnect-attempts', '4', '--events',
    '--linger', 'unlimited'], '')
  assert.equal(status, 1)
  assert.equal(events(stderr, 'retry').length, 4)
  assert.equal(events(stderr, 'given_up').length, 1)
})

test('a server that never answers the upgrade is given up at the deadline', async (t) => {
  const server = await startPeer(t, 'server.js')
  const {status, stderr} = await connect(t, [url(server, '/never'), '-n', '1',
    '--handshake-timeout', '300ms', '--reconnect-attempts', '0'], 'x\n')
  assert.equal(status, 1)
  assert.match(stderr, /in time/)
})

test('a server that stalls costs neither the other connections nor the account', async (t) => {
  const server = await startPeer(t, 'server.js')
  const big = `${'x'.repeat(64 * 1024)}\n`.repeat(600)
  const {account, status} = await connect(t, [url(server, '/stall'), url(server, '/echo'),
    '-n', '1', '--schedule', 'least-pending', '--drain-timeout', '1s', '--linger', '100ms'], big)
  assert.ok(balances(account))
  assert.equal(account.accepted, 600)
  assert.ok(account.sent >= 300, `${account.sent} sent`)
  assert.equal(status, account.failed > 0 ? 1 : 0)
})

for (const code of [1002, 1003, 1007, 1010, 3500])
  test(`after a close with ${code} the slot is given up`, async (t) => {
    const server = await startPeer(t, 'server.js')
    const {status, stderr} = await connect(t, [url(server, `/accept-then-close/${code}`),
      '-n', '1', ...quick, '--events', '--linger', 'unlimited'], '')
    assert.equal(status, 1)
    assert.equal(events(stderr, 'close')[0].code, code)
    assert.equal(events(stderr, 'given_up').length, 1)
    assert.equal(events(stderr, 'retry').length, 0)
  })

for (const code of [1000, 1001, 1011, 1014, 3000])
  test(`after a close with ${code} the slot reconnects`, async (t) => {
    const server = await startPeer(t, 'server.js')
    const client = startConnect(t, [url(server, `/accept-then-close/${code}?times=1&echo=1`),
      '-n', '1', ...quick, '--events', '--linger', '300ms', '--delivery', 'at-least-once'], null)
    await client.told('"event":"close"')
    client.child.stdin.end('x\n')
    const {status, account, stderr} = await client.ended
    assert.equal(status, 0)
    assert.equal(account.sent, 1)
    assert.equal(events(stderr, 'close')[0].code, code)
  })

test('a frame cut in its middle is a lost connection, and messages go on', async (t) => {
  const server = await startPeer(t, 'server.js')
  const client = startConnect(t, [url(server, '/kill-mid-frame?times=1'), '-n', '1', ...quick,
    '--events', '--delivery', 'at-least-once', '--linger', '100ms'], null)
  await client.told('"event":"retry"')
  client.child.stdin.end('x\n')
  const {status, stdout, account} = await client.ended
  assert.equal(status, 0)
  assert.equal(account.sent, 1)
  assert.equal(count(stdout, '\n') <= 1, true)
})

test('a half-open peer is noticed by its silence', async (t) => {
  const server = await startPeer(t, 'server.js')
  const client = startConnect(t, [url(server, '/echo'), '-n', '1', ...quick, '--events',
    '--heartbeat', '200ms', '--heartbeat-timeout', '200ms', '--linger', 'unlimited'], null)
  await client.told('"event":"open"')
  server.child.kill('SIGSTOP') // its kernel still acknowledges, it says nothing any more
  await client.told('heartbeat')
  server.child.kill('SIGCONT')
  client.child.kill('SIGTERM')
  const {stderr} = await client.ended
  assert.ok(events(stderr, 'close').some((e) => JSON.stringify(e).includes('heartbeat')))
})

for (const proxy of ['http', 'socks5', 'socks5h'])
  test(`messages pass a ${proxy} proxy`, async (t) => {
    const server = await startPeer(t, 'server.js')
    const between = await startPeer(t, 'proxy.js', ['--auth', 'me:secret'])
    const {status, lines} = await connect(t, [url(server, '/echo'), '-n', '1', '--proxy',
      `${proxy}://me:secret@${between.address}`, '--linger', '300ms'], 'x\n')
    assert.equal(status, 0)
    assert.deepEqual(lines, ['x'])
    const refused = await connect(t, [url(server, '/echo'), '-n', '1', '--proxy',
      `${proxy}://me:wrong@${between.address}`, '--reconnect-attempts', '0'], 'x\n')
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /proxy/)
    assert.doesNotMatch(refused.stderr, /wrong/)
  })

// -- restarts under load -------------------------------------------------------------------------

const sizeOf = (file) => (fs.existsSync(file) ? fs.statSync(file).size : 0)

// Waits until the server has recorded something new, so that it is stopped at work.
const growth = async (file, from) => {
  const grown = async () => {
    while (sizeOf(file) <= from) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await within(grown(), `growth of ${file}`)
}

const restarts = async (t, delivery) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wspool-'))
  t.after(() => fs.rmSync(folder, {recursive: true}))
  const record = path.join(folder, 'record')
  let server = await startPeer(t, 'server.js', ['--record', record])
  let before = 0
  const client = startConnect(t, [url(server, '/record'), '-n', '4', ...quick, '--delivery',
    delivery, '--linger', '300ms', '--drain-timeout', '30s', '--events'], null)
  const pieces = 20
  const lines = 100_000
  const numbers = seq(lines).split('\n')
  for (let i = 0; i < pieces; ++i) {
    const piece = numbers.slice(i * lines / pieces, (i + 1) * lines / pieces)
    client.child.stdin.write(piece.join('\n') + '\n')
    if (i % 5 !== 4) continue
    await growth(record, before)
    await server.stop()
    before = sizeOf(record)
    server = await startPeer(t, 'server.js', ['--record', record], server.port)
  }
  client.child.stdin.end()
  const result = await client.ended
  const seen = fs.readFileSync(record, 'utf8').split('\n').slice(0, -1).map(Number)
  return {...result, seen, distinct: new Set(seen), lines}
}

test('a server restarted under 100,000 lines gets each at least once', async (t) => {
  const {status, account, distinct, lines} = await restarts(t, 'at-least-once')
  assert.equal(status, 0)
  assert.deepEqual([account.accepted, account.sent, account.pending], [lines, lines, 0])
  assert.equal(distinct.size, lines)
  assert.ok(account.reconnects >= 3)
})

test('a server restarted under 100,000 lines gets none twice at most once', async (t) => {
  const {account, seen, distinct, lines} = await restarts(t, 'at-most-once')
  assert.equal(seen.length, distinct.size)
  assert.equal(account.accepted, lines)
  assert.equal(account.pending, 0)
  assert.ok(balances(account))
})

test('a key keeps its order through restarts', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wspool-'))
  t.after(() => fs.rmSync(folder, {recursive: true}))
  const record = path.join(folder, 'record')
  let server = await startPeer(t, 'server.js', ['--record', record])
  const client = startConnect(t, [url(server, '/record'), '-n', '4', ...quick, '--schedule',
    'hash', '--key-field', 'k', '--delivery', 'at-least-once', '--linger', '300ms',
    '--drain-timeout', '30s'], null)
  for (let i = 0; i < 4; ++i) {
    const lines = Array.from({length: 5000}, (_, n) =>
      JSON.stringify({k: `key-${n % 50}`, n: i * 5000 + n}))
    client.child.stdin.write(lines.join('\n') + '\n')
    if (i === 3) break
    await server.stop()
    server = await startPeer(t, 'server.js', ['--record', record], server.port)
  }
  client.child.stdin.end()
  assert.equal((await client.ended).status, 0)
  const highest = new Map()
  const seen = new Set()
  for (const line of fs.readFileSync(record, 'utf8').split('\n').slice(0, -1)) {
    const {k, n} = JSON.parse(line)
    if (!seen.has(n)) // a message that is sent again may come late, a new one may not come early
      assert.ok(n > (highest.get(k) ?? -1), `${k}: ${n} after ${highest.get(k)}`)
    seen.add(n)
    highest.set(k, Math.max(n, highest.get(k) ?? -1))
  }
  assert.equal(seen.size, 20_000)
})

test('a pool is used from a second process', async (t) => {
  const server = await startPeer(t, 'server.js')
  const node = await startServer(t, ['node', '--listen', '127.0.0.1:0', '-n', '2',
    url(server, '/echo')])
  const {status, lines, account} = await connect(t,
    ['--via', node.address, '--linger', '1s'], 'a\nb\n')
  assert.equal(status, 0)
  assert.deepEqual(lines.sort(), ['a', 'b'])
  assert.equal(account.sent, 2)
})
