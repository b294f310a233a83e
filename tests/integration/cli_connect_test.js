// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool connect` and `wspool echo`: lines in, lines out, the account, the exit status.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const {before, test} = require('node:test')
const {
  Program, assertBalances, converse, executable, file, freePort, linesOf, numbers, run, startEcho,
  startPeer, wspool
} = require('./support')

let echo, peer
const record = file('record')
before(async () => {
  echo = await startEcho()
  peer = await startPeer('--record', record)
})

const quick = ['--linger', '200ms']
const sorted = (lines) => [...lines].sort()

test('two lines through two connections to an npm ws server come back', async () => {
  const p = await converse([peer.url, '-n', '2'], 'a\nb\n')
  assert.deepEqual(sorted(linesOf(p.stdout)), ['a', 'b'])
  assert.deepEqual(p.account,
    {accepted: 2, sent: 2, failed: 0, pending: 0, received: 2, reconnects: 0, resent: 0})
  assert.equal(p.status, 0)
})

test('echo prints nothing but its address, and counts until it is told to end', async () => {
  const server = await startEcho()
  assert.match(server.url, /^ws:\/\/127\.0\.0\.1:\d+$/)
  await run(['connect', server.url, '-n', '1', ...quick], 'one\ntwo\n')
  server.program.signal('SIGTERM')
  const {stdout, account, status} = await server.program.end()
  assert.equal(stdout, `${server.url}\n`)
  assert.deepEqual(account, {connections: 1, refused: 0, messages: 2, bytes: 6})
  assert.equal(status, 0)
})

test('echo --discard sends nothing back', async () => {
  const server = await startEcho('--discard')
  const p = await run(['connect', server.url, '-n', '1', ...quick], 'one\n')
  assert.equal(p.stdout, '')
  assert.equal(p.account.sent, 1)
})

test('lines keep their bytes: a carriage return, an empty line, a last line without an end',
  async () => {
    const p = await converse([echo.url, '-n', '1'], 'a\r\n\n  b \nlast', 14)
    assert.equal(p.stdout, 'a\r\n\n  b \nlast\n')
    assert.equal(p.account.accepted, 4)
  })

test('a hundred thousand lines all come back', async () => {
  const p = await converse([echo.url], numbers(100_000))
  assert.deepEqual(new Set(linesOf(p.stdout)), new Set(linesOf(numbers(100_000))))
  assert.equal(p.account.received, 100_000)
  assertBalances(p.account)
})

test('an answer comes at once while the input stays open', async () => {
  const p = wspool(['connect', echo.url, '-n', '1', ...quick])
  p.write('first\n')
  await p.until(() => p.stdout === 'first\n', 'the first answer')
  p.write('second\n')
  await p.until(() => p.stdout === 'first\nsecond\n', 'the second answer')
  p.endInput()
  assert.equal((await p.end()).status, 0)
})

test('--binary takes and gives messages behind their length', async () => {
  const input = Buffer.concat([
    Buffer.from([0, 0, 0, 3]), Buffer.from([0xff, 0x0a, 0x00]), Buffer.from([0, 0, 0, 0]),
    Buffer.from([0, 1, 0, 0]), Buffer.alloc(65536, 7)
  ])
  const p = await converse(['-b', echo.url, '-n', '1'], input)
  assert.deepEqual(Buffer.from(p.stdout, 'latin1'), input)
  assert.equal(p.account.accepted, 3)
})

test('--binary: a message that breaks off is not sent, and is a failure', async () => {
  const p = await run(['connect', '-b', echo.url, '-n', '1', ...quick],
    Buffer.from([0, 0, 0, 1, 65, 0, 0, 0, 9, 66]))
  assert.equal(p.account.sent, 1)
  assert.match(p.messages, /ended within a message/)
  assert.equal(p.status, 1)
})

test('--binary=file sends all of stdin as one message', async () => {
  const input = Buffer.from(Array.from({length: 300_000}, (_, i) => i * 7 & 0xff))
  const p = await converse(['--binary=file', echo.url, '-n', '1'], input)
  assert.equal(p.account.accepted, 1)
  assert.ok(input.equals(Buffer.from(p.stdout, 'latin1')))
})

test('a message over the limit, or text that is not UTF-8, fails alone', async () => {
  const input = Buffer.concat([Buffer.from('too long\n'), Buffer.from([0xff, 10]),
    Buffer.from('fine\n')])
  const p = await converse([echo.url, '-n', '1', '--max-message', '5'], input, 5)
  assert.equal(p.stdout, 'fine\n')
  assert.equal(p.account.failed, 2)
  assert.match(p.messages, /1 message was not sent: .*larger than the limit/)
  assert.match(p.messages, /1 message was not sent: .*UTF-8/)
  assert.equal(p.status, 1)
})

test('--broadcast sends each line on every connection', async () => {
  const p = await converse(['--broadcast', '-n', '3', echo.url], 'x\ny\n', 12)
  assert.deepEqual(sorted(linesOf(p.stdout)), ['x', 'x', 'x', 'y', 'y', 'y'])
  assert.equal(p.account.sent, 6)
  assertBalances(p.account)
})

test('--key-field keeps the order of each key over many connections', async () => {
  const input = Array.from({length: 5000}, (_, i) => JSON.stringify({user: i % 17, at: i}) + '\n')
  const p = await run(['connect', `${peer.url}/record`, '-n', '4', '--schedule', 'hash',
    '--key-field', 'user', ...quick], input.join(''))
  assert.equal(p.account.sent, 5000)
  const last = {}
  const lines = linesOf(fs.readFileSync(record, 'latin1')).map(JSON.parse)
  assert.equal(lines.length, 5000)
  for (const {user, at} of lines) {
    assert.ok(!(last[user] > at), `user ${user}: ${at} after ${last[user]}`)
    last[user] = at
  }
})

test('--echo sends every message back until the peer closes', async () => {
  const own = file('replies')
  const server = await startPeer('--record', own)
  const p = wspool(['connect', '--echo', '-n', '1', `${server.url}/flood?count=50&record=1`])
  const replies = () => fs.existsSync(own) ? linesOf(fs.readFileSync(own, 'latin1')) : []
  await p.until(() => replies().length === 50, '50 replies')
  assert.ok(replies().every((line, i) => line.startsWith(`${i} `)))
  server.program.signal('SIGHUP') // closes with 1012
  await p.end()
  assert.equal(p.stdout, '')
  assert.equal(p.account.sent, 50)
  assert.equal(p.status, 0)
})

test('nobody there: readable lines, all failed, status 1', async () => {
  const port = await freePort()
  const p = await run(['connect', `ws://127.0.0.1:${port}`, '-n', '1', '--drain-timeout', '300ms',
    '--reconnect-initial', '20ms'], 'a\nb\n')
  assert.match(p.messages, new RegExp(`ws://127\\.0\\.0\\.1:${port}/: .*refused; ` +
    'retrying in \\d+m?s \\(attempt 1\\)', 'i'))
  assert.match(p.messages, /no connection was ever open/)
  assert.deepEqual(p.account,
    {accepted: 2, sent: 0, failed: 2, pending: 0, received: 0, reconnects: 0, resent: 0})
  assert.equal(p.status, 1)
})

test('a refused upgrade that cannot get better ends it at once', async () => {
  const p = await run(['connect', `${peer.url}/refuse/404?body=no+such+room`, '-n', '2'], 'a\n')
  assert.match(p.messages, /refused the upgrade: 404 Not Found "no such room"; giving up/)
  assert.equal(p.account.failed, 1)
  assert.equal(p.status, 1)
})

test('a server that is busy is asked again when it said', async () => {
  const p = await converse([`${peer.url}/refuse/503?retry-after=1&times=1`, '-n', '1',
    '--reconnect-initial', '10ms'], 'a\n')
  assert.match(p.messages, /503 Service Unavailable, Retry-After: 1 .*; retrying in 1(\.\d+)?s/)
  assert.equal(p.stdout, 'a\n')
  assert.equal(p.status, 0)
})

test('a lost connection and a closed one say how and what is next', async () => {
  const lost = wspool(['connect', `${peer.url}/kill?after=1&times=1`, '-n', '1',
    '--reconnect-initial', '10ms', '--linger', 'unlimited', '--events'], {input: 'a\n'})
  await lost.until(() => lost.events.filter((e) => e.event === 'open').length === 2, 'both lives')
  lost.signal('SIGTERM')
  await lost.end()
  assert.match(lost.messages, /lost the connection: .* \(close code 1006.*; retrying in \d+m?s/)
  assert.equal(lost.account.reconnects, 1)
  const closed = await run(['connect', `${peer.url}/close/4500?reason=enough`, '-n', '1'], 'a\n')
  assert.match(closed.messages,
    /the server closed the connection \(close code 4500 "enough"\); giving up/)
  assert.equal(closed.status, 1)
})

test('Ctrl-C in the midst of waiting for input drains and tells the account', async () => {
  const p = wspool(['connect', echo.url, '-n', '1'])
  p.write('a\n')
  await p.until(() => p.stdout === 'a\n', 'the answer')
  p.signal('SIGINT')
  await p.end()
  assert.equal(p.account.sent, 1)
  assert.equal(p.status, 0)
})

test('standard streams may be closed, or unreadable', async () => {
  const closed = (streams) =>
    new Program('/bin/sh', ['-c', `exec "$0" "$@" ${streams}`, executable, 'connect', peer.url,
      '-n', '1', '--linger', '100ms'], {input: 'a\n'}).end()
  const noInput = await closed('<&-')
  assert.deepEqual([noInput.status, noInput.account.accepted], [0, 0])
  const noOutput = await closed('>&-')
  assert.match(noOutput.messages, /stdout cannot be written: Bad file descriptor/)
  assert.equal(noOutput.status, 1)
  const folder = await closed('<.')
  assert.match(folder.messages, /stdin cannot be read: Is a directory/)
  assert.equal(folder.status, 1)
})

test('a frame above the limit is refused by its header', async () => {
  const p = await run(['connect', `${peer.url}/bad/oversize`, '-n', '1', '--linger', 'unlimited',
    '--reconnect-attempts', '0'])
  assert.match(p.messages, /above the limit.*\(close code 1009, /)
  assert.equal(p.status, 1)
})

test('a second signal ends it at once, even where the caller had ignored it', async () => {
  const args = ['connect', `ws://127.0.0.1:${await freePort()}`, '--drain-timeout', '1h',
    '--queue', '1', '--events']
  const ignoring = ['-c', `trap '' TERM; exec "$0" "$@"`, executable, ...args]
  for (const p of [wspool(args), new Program('/bin/sh', ignoring)]) {
    p.write('never sent\n')
    await p.until(() => /"event":"water"/.test(p.stderr), 'the message in the queue')
    p.signal('SIGTERM')
    await p.until(() => /once more ends at once/.test(p.stderr), 'the first signal')
    p.signal('SIGTERM')
    assert.equal((await p.end()).status, 'SIGTERM')
  }
})

test('a reader of stdout that goes away ends it without complaint', async () => {
  const p = wspool(['connect', echo.url, '-n', '1'])
  p.child.stdout.destroy()
  const feed = setInterval(() => p.write('y\n'.repeat(1000)), 5)
  await p.end()
  clearInterval(feed)
  assert.equal(p.messages, '')
  assertBalances(p.account)
  assert.equal(p.status, 0)
})

test('--events: every event is a JSON line', async () => {
  const p = wspool(['connect', echo.url, '-n', '2', '--events', '--linger', 'unlimited'],
    {input: 'hello\n'})
  const has = (name) => p.events.some((e) => e.event === name)
  await p.until(() => has('ready') && has('message'), 'two connections and the answer')
  p.signal('SIGTERM')
  await p.end()
  const names = p.events.map((e) => e.event)
  assert.equal(names.filter((name) => name === 'open').length, 2)
  assert.equal(names.filter((name) => name === 'ready').length, 1)
  assert.deepEqual(p.events.find((e) => e.event === 'message').bytes, 5)
  const close = p.events.find((e) => e.event === 'close')
  assert.deepEqual([close.code, close.began, close.clean], [1000, 'local', true])
  assert.equal(p.events.find((e) => e.event === 'upgrade').status, 101)
})

test('--wait-open reads nothing before a connection is open', async () => {
  const port = await freePort()
  const p = wspool(['connect', `ws://127.0.0.1:${port}`, '-n', '1', '--wait-open', '--queue', '1',
    '--reconnect-initial', '20ms', '--reconnect-max', '50ms', '--events', ...quick])
  p.write('patience\n')
  await p.until(() => /attempt 3/.test(p.stderr), 'three attempts')
  assert.ok(!p.events.some((e) => e.event === 'water'), 'it does not wait in the queue')
  const server = await startPeer('--listen', `127.0.0.1:${port}`)
  await p.until(() => p.stdout === 'patience\n', 'the answer')
  p.endInput()
  await p.end()
  server.program.signal('SIGTERM')
  assert.equal(p.account.sent, 1)
  assert.equal(p.status, 0)
})
