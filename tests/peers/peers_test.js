// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// The peers must misbehave as promised, or the tests that use them prove nothing.
// Run with: node --test tests/peers/peers_test.js

const assert = require('node:assert/strict')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const {once} = require('node:events')
const {spawn} = require('node:child_process')
const {createInterface} = require('node:readline')
const {after, before, test} = require('node:test')
const WebSocket = require('ws')

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'wspool-peers-'))
const recordFile = path.join(directory, 'record')
const children = []

// Starts a peer; resolves with {child, address, port} once it listens.
const start = async (script, ...args) => {
  const stdio = ['ignore', 'pipe', 'inherit']
  const child = spawn(process.execPath, [path.join(__dirname, script), ...args], {stdio})
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  const address = /^listening (.+)$/.exec(line)[1]
  return {child, address, port: Number(address.split(':').pop())}
}

let server
before(async () => { server = await start('server.js', '--deflate', '--record', recordFile) })
after(() => {
  children.forEach((child) => child.kill())
  fs.rmSync(directory, {recursive: true})
})

const connect = (target, protocols, options) =>
  new WebSocket(`ws://${server.address}${target}`, protocols, options)

const opened = async (...args) => {
  const ws = connect(...args)
  await once(ws, 'open')
  return ws
}

const reply = async (ws) => (await once(ws, 'message'))[0].toString()

const refused = async (target) => {
  const [, response] = await once(connect(target), 'unexpected-response')
  response.resume()
  return response
}

const closeCode = async (target) => {
  const ws = connect(target)
  ws.on('error', () => {})
  ws.on('open', () => ws.send('one'))
  return (await once(ws, 'close'))[0]
}

test('echoes, compressed or not', async () => {
  for (const perMessageDeflate of [true, false]) {
    const ws = await opened('/echo', [], {perMessageDeflate})
    ws.send('hello')
    assert.equal(await reply(ws), 'hello')
    assert.equal(ws.extensions.includes('permessage-deflate'), perMessageDeflate)
    ws.close()
  }
})

test('records text messages', async () => {
  const ws = await opened('/record?echo=1')
  ws.send('first')
  await reply(ws)
  ws.send('second')
  await reply(ws)
  ws.close()
  assert.equal(fs.readFileSync(recordFile, 'utf8'), 'first\nsecond\n')
})

test('refuses with status, hint and body', async () => {
  const response = await refused('/refuse/429?retry-after=2')
  assert.equal(response.statusCode, 429)
  assert.equal(response.headers['retry-after'], '2')
  assert.equal((await refused('/credentials?expect=x')).statusCode, 401)
  assert.equal((await refused('/no-such-mode')).statusCode, 404)
})

test('redirects', async () => {
  const response = await refused('/redirect/302?to=ws://example.invalid/')
  assert.equal(response.statusCode, 302)
  assert.equal(response.headers.location, 'ws://example.invalid/')
})

test('stops its mischief after the given times', async () => {
  assert.equal((await refused('/refuse/503?times=1')).statusCode, 503)
  const ws = await opened('/refuse/503?times=1')
  ws.close()
})

test('closes with any code, after any number of messages', async () => {
  assert.equal(await closeCode('/accept-then-close/1012'), 1012)
  assert.equal(await closeCode('/accept-then-close/1005'), 1005)
  assert.equal(await closeCode('/close/4321?after=1'), 4321)
  assert.equal(await closeCode('/kill?after=1'), 1006)
  assert.equal(await closeCode('/kill-mid-frame'), 1006)
})

test('breaks the protocol', async () => {
  const kinds = ['utf8', 'opcode', 'control-opcode', 'oversize', 'length', 'masked', 'rsv',
    'continuation', 'fragmented-ping', 'long-ping', 'close-code', 'close-length', 'close-utf8']
  for (const kind of kinds) {
    const ws = connect(`/bad/${kind}`)
    const [err] = await once(ws, 'error')
    assert.match(err.code, /^WS_ERR_/, kind)
  }
})

test('breaks the handshake', async () => {
  for (const kind of ['accept', 'upgrade', 'subprotocol', 'extension', 'garbage', 'close', 'half'])
    await once(connect(`/bad-handshake/${kind}`), 'error')
})

test('tells headers and subprotocol', async () => {
  let ws = await opened('/headers', [], {headers: {'X-Test': 'yes'}})
  assert.equal(JSON.parse(await reply(ws))['x-test'], 'yes')
  ws.close()
  ws = await opened('/subprotocol?choose=b', ['a', 'b'])
  assert.equal(await reply(ws), 'b')
  assert.equal(ws.protocol, 'b')
  ws.close()
})

test('never answers, or late', async () => {
  const never = connect('/never', [], {handshakeTimeout: 100})
  assert.match((await once(never, 'error'))[0].message, /timed out/)
  const start = Date.now()
  const late = await opened('/late?ms=200')
  assert.ok(Date.now() - start >= 190)
  late.close()
})

test('floods', async () => {
  const ws = connect('/flood?count=100&size=50')
  let count = 0
  const done = new Promise((resolve) => ws.on('message', (data) => {
    assert.equal(data.length, 50)
    assert.ok(data.toString().startsWith(`${count} `))
    if (++count === 100) resolve()
  }))
  await done
  ws.close()
})

test('pings, and is silent when pinged', async () => {
  const pinging = await opened('/ping?every=10')
  await once(pinging, 'ping')
  pinging.close()
  const ws = await opened('/silent')
  ws.on('pong', () => assert.fail('answered'))
  ws.ping()
  ws.send('after the ping')
  assert.equal(await reply(ws), 'after the ping')
  ws.close()
})

test('stops reading', async () => {
  const ws = await opened('/stall')
  const size = 64 * 1024 * 1024
  ws.send(Buffer.alloc(size), {compress: false})
  ws.ping()
  ws.on('pong', () => assert.fail('it reads'))
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.ok(ws.bufferedAmount > size / 2)
  ws.terminate()
})

test('serves TLS, and asks for a client certificate', async () => {
  const make = spawn(path.join(__dirname, '../support/make-certificates'), [directory])
  assert.equal((await once(make, 'exit'))[0], 0)
  const file = (name) => path.join(directory, name)
  const {port} = await start('server.js', '--tls', '--cert', file('server.pem'),
    '--key', file('server.key'), '--client-ca', file('ca.pem'))
  const ca = fs.readFileSync(file('ca.pem'))
  await once(new WebSocket(`wss://127.0.0.1:${port}`, {ca}), 'error')
  const cert = fs.readFileSync(file('client.pem'))
  const key = fs.readFileSync(file('client.key'))
  const ws = new WebSocket(`wss://127.0.0.1:${port}`, {ca, cert, key})
  await once(ws, 'open')
  ws.close()
})

// Sends bytes to the proxy and resolves with what has come back when it ends in `until`.
const talk = (port, parts, until) => new Promise((resolve, reject) => {
  let answer = Buffer.alloc(0)
  const socket = net.connect(port, '127.0.0.1', () => socket.write(parts.shift()))
  socket.on('data', (chunk) => {
    answer = Buffer.concat([answer, chunk])
    if (answer.includes(until)) {
      socket.destroy()
      resolve(answer)
    } else if (parts.length > 0) {
      socket.write(parts.shift())
    }
  })
  socket.on('error', reject)
  socket.on('end', () => reject(new Error(`ended after ${answer.toString('hex')}`)))
})

const upgrade = 'GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

test('proxies by HTTP CONNECT', async () => {
  const {port} = await start('proxy.js', '--auth', 'u:p', '--map', 'hidden=127.0.0.1')
  const request = (auth) => `CONNECT hidden:${server.port} HTTP/1.1\r\nHost: hidden\r\n` +
    `Proxy-Authorization: Basic ${Buffer.from(auth).toString('base64')}\r\n\r\n`
  assert.match((await talk(port, [request('u:wrong')], '\r\n\r\n')).toString(), / 407 /)
  const answer = await talk(port, [request('u:p'), upgrade], 'Sec-WebSocket-Accept')
  assert.match(answer.toString(), /^HTTP\/1.1 200 [^]* 101 /)
})

test('proxies by SOCKS5', async () => {
  const {port} = await start('proxy.js', '--auth', 'u:p', '--map', 'hidden=127.0.0.1')
  const hello = Buffer.from([5, 1, 2])
  const login = Buffer.from('\x01\x01u\x01p', 'latin1')
  const target = Buffer.from([5, 1, 0, 3, 6, ...Buffer.from('hidden'),
    server.port >> 8, server.port & 255])
  const answer = await talk(port, [hello, login, target, upgrade], 'Sec-WebSocket-Accept')
  assert.deepEqual([...answer.subarray(0, 14)], [5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  await assert.rejects(talk(port, [Buffer.from([5, 1, 0])], 'x'))
})

test('a proxy refuses on demand', async () => {
  const {port} = await start('proxy.js', '--refuse', '--split')
  const request = `CONNECT x:${server.port} HTTP/1.1\r\nHost: x\r\n\r\n`
  assert.match((await talk(port, [request], '\r\n\r\n')).toString(), / 403 /)
})
