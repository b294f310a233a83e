// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool session`: subscribe, publish and query, before a small server of wspool.v1.json.

const assert = require('node:assert/strict')
const {before, test} = require('node:test')
const {file, freePort, linesOf, numbers, run, startScript, wspool} = require('./support')

const quick = ['--reconnect-initial', '10ms', '--reconnect-max', '50ms']
let server
before(async () => { server = await startScript('session_server.js', []) })

const session = (...args) => ['session', server.url, ...args, ...quick]

// Subscribes and waits until that was accepted.
const startSubscriber = async (...args) => {
  const p = wspool(session('subscribe', ...args, '-v'))
  await p.until(() => /is open/.test(p.stderr), 'a session')
  return p
}

const endWithSignal = async (p) => {
  p.signal('SIGINT')
  return p.end()
}

test('lines that are published come out as lines', async () => {
  const subscriber = await startSubscriber('lines')
  const publisher = await run(session('publish', 'lines'), 'hello\nsay "so"\n5\n\n')
  assert.equal(publisher.status, 0)
  assert.deepEqual(publisher.account, {published: 4, failed: 0, duplicates: 0})
  await subscriber.until(() => subscriber.stdout === 'hello\nsay "so"\n5\n\n', 'four lines')
  await endWithSignal(subscriber)
  assert.equal(subscriber.status, 0)
  assert.deepEqual(subscriber.account, {received: 4, gaps: 0})
})

test('several channels are named, --json prints whole messages', async () => {
  const named = await startSubscriber('one', 'two')
  const whole = await startSubscriber('one', '--json')
  await run(session('publish', 'one', '--format', 'json'), '{"a":1}\n')
  await run(session('publish', 'two'), 'x\n')
  await named.until(() => named.lines.length === 2, 'two lines')
  assert.deepEqual(named.lines, ['one\t{"a":1}', 'two\tx'])
  await whole.until(() => whole.lines.length === 1, 'a line')
  assert.deepEqual(JSON.parse(whole.stdout),
    {channel: 'one', epoch: 'e1', offset: 1, data: {a: 1}})
  await endWithSignal(named)
  await endWithSignal(whole)
})

test('--recover begins where an earlier life ended', async () => {
  await run(session('publish', 'past'), 'a\nb\nc\n')
  const later = await startSubscriber('past', '--recover', 'e1:1')
  await later.until(() => later.lines.length === 2, 'two lines')
  assert.deepEqual(later.lines, ['b', 'c'])
  await endWithSignal(later)
})

test('nothing is lost or doubled though connections are cut', async () => {
  const cutting = await startScript('session_server.js', ['--cut-after', '40'])
  const publisher =
    await run(['session', cutting.url, 'publish', 'c', ...quick], numbers(500))
  assert.equal(publisher.status, 0)
  assert.equal(publisher.account.published, 500)
  assert.ok(publisher.account.duplicates > 0, publisher.stderr)
  const reader = wspool(['session', cutting.url, 'subscribe', 'c', '--recover', 'e1:0', ...quick])
  await reader.until(() => reader.lines.length >= 500, 'all lines')
  await endWithSignal(reader)
  assert.deepEqual(reader.lines, linesOf(numbers(500)))
  assert.deepEqual(reader.account, {received: 500, gaps: 0})
})

test('query asks with --data or stdin and prints the answer', async () => {
  const given = await run(session('query', 'echo', '--data', '{"of":"tea"}'))
  assert.equal(given.stdout, '{"of":"tea"}\n')
  assert.equal(given.status, 0)
  const read = await run(session('query', 'echo'), '[1,\n2]\n')
  assert.equal(read.stdout, '[1,2]\n')
  assert.deepEqual(read.account, {answered: 1, failed: 0})
})

test('what the server refuses is told in its words, with status 1', async () => {
  const query = await run(session('query', 'price', '--data', '1'))
  assert.match(query.messages, /price: not_found: no such query: price/)
  assert.equal(query.status, 1)
  const subscriber = await run(session('subscribe', 'forbidden'))
  assert.match(subscriber.messages, /forbidden: not subscribed: forbidden: not for you/)
  assert.equal(subscriber.status, 1)
  const lines = await run(session('publish', 'x', '--format', 'json'), '1\n{\n')
  assert.match(lines.messages, /line 2: not published: data is not JSON/)
  assert.deepEqual(lines.account, {published: 1, failed: 1, duplicates: 0})
  assert.equal(lines.status, 1)
})

test('of many bad lines the first are named by number, and the others counted', async () => {
  const lines = `1\n"${'x'.repeat(2000)}"\n{\n` + '5\n' + '{\n'.repeat(200)
  const p = await run(session('publish', 'bad', '--format', 'json'), lines,
    {env: {WSPOOL_CONNECT_MAX_MESSAGE: '1KiB'}})
  const named = [...p.messages.matchAll(/error: line (\d+): not published: data is not JSON/g)]
  assert.deepEqual(named.map((found) => Number(found[1])), [3, 5, 6, 7, 8])
  assert.match(p.messages, /not published: 196 more lines/)
  assert.match(p.messages, /larger than --max-message: 1 of them/)
  assert.deepEqual(p.account, {published: 2, failed: 202, duplicates: 0})
  assert.equal(p.status, 1)
})

test('that nothing was published is said, if there was nothing to publish', async () => {
  const p = await run(session('publish', 'none'))
  assert.match(p.messages, /stdin is empty: published 0 messages/)
  assert.equal(p.status, 0)
})

test('an answer without data prints no line', async () => {
  const p = await run(session('query', 'echo'))
  assert.equal(p.stdout, '')
  assert.deepEqual(p.account, {answered: 1, failed: 0})
  assert.equal(p.status, 0)
})

// What has no connection would wait for --timeout, which is longer than any test.
const alone = async (...args) => {
  const url = `ws://127.0.0.1:${await freePort()}`
  const p = wspool(['session', url, ...args, '--timeout', '1h', ...quick])
  await p.until(() => /no connection: /.test(p.stderr), 'a failed attempt')
  return p
}

test('Ctrl-C without a connection ends at once, with what was not published', async () => {
  const p = await alone('publish', 'c')
  p.write(('x'.repeat(9_999) + '\n').repeat(200)) // far more than the system holds for it
  await p.until(() => p.child.stdin.writableLength === 0, 'something to be read')
  await endWithSignal(p)
  assert.equal(p.status, 130)
  assert.equal(p.account.published, 0)
  assert.ok(p.account.failed > 0, p.stderr)
  const told = new RegExp(`interrupted, lines without an answer: ${p.account.failed}$`, 'm')
  assert.match(p.messages, told)
  for (const args of [['subscribe', 'c'], ['query', 'c', '--data', '1']]) {
    const other = await alone(...args)
    other.endInput()
    await endWithSignal(other)
    assert.equal(other.status, 130, other.stderr)
  }
})

test('Ctrl-C ends a publisher in order, with what it had read', async () => {
  const subscriber = await startSubscriber('orderly')
  const p = wspool(session('publish', 'orderly', '-v'))
  await p.until(() => /is open/.test(p.stderr), 'a session')
  p.write('a\n')
  await subscriber.until(() => subscriber.stdout === 'a\n', 'the line')
  await endWithSignal(p)
  assert.equal(p.status, 0, p.stderr)
  assert.deepEqual(p.account, {published: 1, failed: 0, duplicates: 0})
  await endWithSignal(subscriber)
})

test('the token comes from a file or the environment, and is never told', async () => {
  const guarded = await startScript('session_server.js', ['--token', 'se.cr.et'])
  const ask = (args, env) =>
    run(['session', guarded.url, 'query', 'echo', '--data', '1', '-v', '--events', ...args], '',
      {env})
  const byFile = await ask(['--token-file', file('token', 'se.cr.et\n')])
  const byVariable = await ask([], {WSPOOL_TOKEN: 'se.cr.et'})
  const wrong = await ask([], {WSPOOL_TOKEN: 'gue.ss.ed'})
  for (const p of [byFile, byVariable]) {
    assert.equal(p.status, 0, p.stderr)
    assert.doesNotMatch(p.stderr, /se\.cr\.et/)
  }
  assert.equal(wrong.status, 1)
  assert.match(wrong.messages, /unauthorized: the token is wrong/)
  assert.doesNotMatch(wrong.stderr, /gue\.ss\.ed/)
})

test('a server that is not there is told of, and waited for as long as --timeout', async () => {
  const p = await run(['session', `ws://127.0.0.1:${await freePort()}`, 'publish', 'c',
    '--timeout', '300ms', ...quick], 'x\n')
  assert.equal(p.status, 1)
  assert.match(p.messages, /no connection: /)
  assert.match(p.messages, /no answer in time/)
})

test('mistakes on the command line are told before anything is connected', async () => {
  for (const [args, what] of [
    [['shout', 'c'], /"shout": expected subscribe, publish or query/],
    [['publish'], /publish: expected a channel/],
    [['publish', 'a', 'b'], /"b": expected one name for publish; messages are lines of stdin/],
    [['query', 'a', 'b'], /"b": expected one name for query; --data/],
    [['subscribe', 'a', '--recover', 'e1'], /--recover: "e1": expected EPOCH:OFFSET/],
    [['query', 'a', '--presence'], /--presence: expected to be with subscribe/],
    [['subscribe', 'a', '--token-file', '/nonexistent'], /--token-file: "\/nonexistent"/]
  ]) {
    const p = await run(['session', 'ws://127.0.0.1:1', ...args])
    assert.equal(p.status, 2, p.stderr)
    assert.match(p.stderr, what)
  }
})
