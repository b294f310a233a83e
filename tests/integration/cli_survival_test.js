// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool connect` within its bounds, the processes it talks to, and the examples. What it does
// when servers die and come back is in ws_peers_test.js.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const path = require('node:path')
const {once} = require('node:events')
const {test} = require('node:test')
const {
  Program, assertBalances, converse, examples, file, freePort, linesOf, numbers, run, startEcho,
  startNode, startPeer, wspool
} = require('./support')

// Feeds a program without end; resolves with how much it took once it takes no more.
const feed = async (p, line) => {
  let written = 0
  let quietSince = Date.now()
  const block = line.repeat(1000)
  while (Date.now() - quietSince < 1000) {
    if (p.child.stdin.writableLength < 1 << 20) {
      p.write(block)
      written += block.length
    }
    const before = p.child.stdin.writableLength
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (p.child.stdin.writableLength < before) quietSince = Date.now()
  }
  return written - p.child.stdin.writableLength
}

// AddressSanitizer keeps what was freed for a while, 256 MB of it by default.
const flat = {
  env: {ASAN_OPTIONS: 'quarantine_size_mb=4', WSPOOL_CONNECT_CLOSE_TIMEOUT: '300ms'}
}

const memoryFactor = Number(process.env.WSPOOL_TEST_MEMORY_FACTOR || 1)
const memoryOf = (pid) =>
  Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) * 1024

// What the program takes by itself, which is hundreds of MB under a sanitizer.
const ownMemory = async () => {
  const {program} = await startEcho()
  const result = memoryOf(program.pid)
  program.signal('SIGTERM')
  await program.end()
  return result
}

test('block: a server that does not read stops the reading of stdin, in flat memory', async () => {
  const server = await startPeer()
  const own = await ownMemory()
  const p = wspool(['connect', `${server.url}/stall`, '-n', '2', '--queue', '1000',
    '--drain-timeout', '100ms'], flat)
  const taken = await feed(p, 'x'.repeat(9_999) + '\n')
  // What sockets hold, 1,000 messages, and a pipe.
  assert.ok(taken < 60e6, `${taken} bytes taken`)
  const more = memoryOf(p.pid) - own
  assert.ok(more < 130e6 * memoryFactor, `${more} bytes`)
  p.signal('SIGTERM')
  await p.end()
  assertBalances(p.account)
  assert.ok(p.account.accepted < 6_000)
})

test('drop-oldest: stdin is read on, the account says what was dropped', async () => {
  const port = await freePort()
  const p = await run(['connect', `ws://127.0.0.1:${port}`, '-n', '1', '--queue', '10',
    '--overflow', 'drop-oldest', '--drain-timeout', '200ms'], numbers(50_000))
  assert.equal(p.account.accepted, 50_000)
  assert.equal(p.account.failed, 50_000)
  assert.match(p.messages, /50000 messages were not sent: .*pushed out/)
  assert.equal(p.status, 1)
})

test('a slow reader of stdout holds the server back, in flat memory', async () => {
  const server = await startPeer()
  const own = await ownMemory()
  const p = wspool(['connect', `${server.url}/flood?count=20000&size=10000`, '-n', '1',
    '--linger', 'unlimited'], flat)
  p.child.stdout.pause()
  p.child.stdout.removeAllListeners('data')
  await p.until(() => memoryOf(p.pid) > own + 1e6, 'something to be read')
  await new Promise((resolve) => setTimeout(resolve, 1500)) // time to read on, if it would
  const more = memoryOf(p.pid) - own
  assert.ok(more < 80e6 * memoryFactor, `${more} bytes`)
  let bytes = 0
  p.child.stdout.on('data', (data) => { bytes += data.length })
  p.child.stdout.resume()
  await p.until(() => bytes === 20000 * 10001, 'all that was sent')
  p.signal('SIGINT')
  await p.end()
  assert.equal(p.account.received, 20000)
})

const get = async (address, target) => {
  const [response] = await once(http.get(`http://${address}${target}`), 'response')
  let body = ''
  for await (const part of response) body += part
  return {status: response.statusCode, body}
}

test('--metrics: a process that runs tells how it is', async () => {
  const server = await startPeer()
  const p = wspool(['connect', server.url, '-n', '2', '--linger', 'unlimited',
    '--metrics', '127.0.0.1:0'])
  const [, address] = await p.until(() => /http:\/\/([^/]+)\/metrics/.exec(p.stderr), 'its address')
  assert.deepEqual(await get(address, '/healthz'), {status: 200, body: 'alive\n'})
  p.write('a\nb\n')
  await p.until(() => linesOf(p.stdout).length === 2, 'two answers')
  p.endInput() // it still receives, and says so
  // The second connection may open behind both answers.
  await p.until(async () => {
    const {status, body} = await get(address, '/metrics')
    assert.equal(status, 200)
    return /^wspool_connections\{.*state="open".*\} 2$/m.test(body)
  }, 'both connections in the metrics')
  assert.equal((await get(address, '/readyz')).status, 200)
  assert.equal((await get(address, '/other')).status, 404)
  server.program.signal('SIGKILL')
  await p.until(() => /retrying/.test(p.stderr), 'the loss')
  // That was the first of two connections, maybe.
  await p.until(async () => (await get(address, '/readyz')).status === 503, 'its unreadiness')
  p.signal('SIGTERM')
  await p.end()
})

test('a pool is used from another process, and drains on SIGTERM', async () => {
  const server = await startEcho()
  const node = await startNode(server.url, '-n', '2')
  assert.match(node.address, /^127\.0\.0\.1:\d+$/)
  const p = await converse(['--via', node.address], 'a\nb\n')
  assert.deepEqual(linesOf(p.stdout).sort(), ['a', 'b'])
  assert.equal(p.status, 0, p.stderr)
  assert.equal(p.account.sent, 2)
  const many = await converse(['--via', node.address], numbers(20_000))
  assert.equal(new Set(linesOf(many.stdout)).size, 20_000)
  node.program.signal('SIGTERM')
  await node.program.end()
  assert.equal(node.program.stdout, `${node.address}\n`)
  assert.equal(node.program.account.sent, 20_002)
  assert.equal(node.program.status, 0)
})

test('the loss of the node, and a node that is not there, are clear errors', async (t) => {
  const server = await startEcho()
  const node = await startNode(server.url)
  const p = wspool(['connect', '--via', node.address])
  p.write('a\n')
  await p.until(() => p.stdout === 'a\n', 'the answer')
  node.program.signal('SIGKILL')
  await p.end()
  assert.match(p.messages, new RegExp(`${node.address}: the node is gone`))
  assert.equal(p.status, 1)
  const late = await run(['connect', '--via', node.address])
  assert.match(late.messages, new RegExp(`--via: no pool at ${node.address}`))
  assert.equal(late.status, 1)
  const silent = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  t.after(() => silent.close())
  await once(silent, 'listening')
  const address = `127.0.0.1:${silent.address().port}`
  const never = await run(['connect', '--via', address, '--handshake-timeout', '300ms'])
  const taken = await run(['node', '--listen', address, server.url])
  assert.match(taken.stderr, new RegExp(`cannot listen on ${address}: the port is in use`))
  assert.equal(taken.status, 1)
  assert.match(never.messages, new RegExp(`--via: no pool at ${address}`))
  assert.equal(never.status, 1)
})

test('the demonstration accounts for every message', async () => {
  const p = await run(['demo', '--duration', '2s', '--kill-every', '50ms'])
  assert.equal(p.status, 0, p.stdout)
  assert.match(p.stdout, /The account balances/)
  assert.ok(p.account.reconnects > 10)
  assertBalances(p.account)
})

test('the examples run', async () => {
  const server = await startEcho()
  const example = (name) =>
    new Program(path.join(examples, name), [`--url=${server.url}`], {input: ''}).end()
  const embed = await example('embed')
  assert.equal(embed.stdout, 'hello\n')
  assert.match(embed.stderr, /1 sent, 1 received/)
  const scheduler = await example('custom_scheduler')
  assert.deepEqual(linesOf(scheduler.stdout), ['10 bytes went by slot 0',
    '100000 bytes went by slot 1', '20 bytes went by slot 0', '200000 bytes went by slot 1'])
  const typed = await example('typed_deliveries')
  assert.equal(linesOf(typed.stdout).filter((line) => /order was read/.test(line)).length, 4)
  for (const p of [embed, scheduler, typed]) assert.equal(p.status, 0)
})
