// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// The modes for test suites over sockets: `wspool echo` as the server and `wspool connect --echo`
// as the client that a suite such as Autobahn drives. The peer here writes frames byte by byte, so
// that it can be wrong; what each case expects is RFC 6455. All cases that no socket is needed for
// are in tests/conformance/protocol.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const net = require('node:net')
const {once} = require('node:events')
const {test} = require('node:test')
const {WebSocket, WebSocketServer} = require('../peers/node_modules/ws')
const {patience, startEcho, wspool} = require('./support')

const FIN = 0x80
const RSV1 = 0x40
const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10

const frame = (first, payload, masked) => {
  const data = Buffer.from(payload)
  const extended = data.length > 0xffff ? 8 : data.length > 125 ? 2 : 0
  const head = Buffer.alloc(2 + extended)
  head[0] = first
  head[1] = (masked ? 0x80 : 0) | (extended === 0 ? data.length : extended === 2 ? 126 : 127)
  if (extended === 2) head.writeUInt16BE(data.length, 2)
  if (extended === 8) head.writeBigUInt64BE(BigInt(data.length), 2)
  if (!masked) return Buffer.concat([head, data])
  return Buffer.concat([head, Buffer.alloc(4), data]) // a mask of zeros changes nothing
}

const closePayload = (code, reason = '') =>
  Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])

// A socket on which frames are written and read.
class RawPeer {
  constructor(socket, masks, early = Buffer.alloc(0)) {
    this.socket = socket
    this.masks = masks
    this.pieces = [early]
    this.available = early.length
    this.ended = false
    this.waiting = () => {}
    socket.on('data', (data) => {
      this.pieces.push(data)
      this.available += data.length
      this.waiting()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.waiting()
    })
  }

  send(...frames) {
    const wire = frames.map(([first, payload]) => frame(first, payload, this.masks))
    return this.sendBytes(Buffer.concat(wire))
  }

  sendBytes(bytes) {
    this.socket.write(bytes)
    return this
  }

  // Whether `bytes` more are there; false at the end of the stream.
  async has(bytes) {
    const timer = setTimeout(() => this.socket.destroy(new Error('late')), patience)
    while (this.available < bytes && !this.ended)
      await new Promise((resolve) => { this.waiting = resolve })
    clearTimeout(timer)
    return this.available >= bytes
  }

  take(bytes) {
    const input = Buffer.concat(this.pieces)
    this.pieces = [input.subarray(bytes)]
    this.available -= bytes
    return input.subarray(0, bytes)
  }

  // {first, payload}; undefined at the end of the stream.
  async frame() {
    if (!await this.has(2)) return undefined
    const [first, second] = this.take(2)
    assert.equal((second & 0x80) !== 0, !this.masks, 'a client masks, a server does not')
    let length = second & 0x7f
    if (length === 126 && await this.has(2)) length = this.take(2).readUInt16BE()
    else if (length === 127 && await this.has(8)) length = Number(this.take(8).readBigUInt64BE())
    const mask = (second & 0x80) !== 0 && await this.has(4) ? Buffer.from(this.take(4)) : undefined
    assert.ok(await this.has(length), 'a frame is whole')
    const payload = Buffer.from(this.take(length))
    if (mask) for (let i = 0; i < payload.length; ++i) payload[i] ^= mask[i & 3]
    return {first, payload}
  }

  async expect(first, payload) {
    const seen = await this.frame()
    assert.ok(seen, 'a frame before the end')
    assert.equal(seen.first, first)
    assert.ok(seen.payload.equals(Buffer.from(payload)), `payload of ${seen.payload.length} bytes`)
  }

  // A close frame with that code, and then the end.
  async expectClose(code) {
    const seen = await this.frame()
    assert.ok(seen, 'a close frame before the end')
    assert.equal(seen.first, FIN | CLOSE)
    assert.equal(seen.payload.length < 2 ? 1005 : seen.payload.readUInt16BE(), code)
    if (this.masks) assert.equal(await this.frame(), undefined) // the server ends the stream first
    this.socket.destroy()
  }
}

const headOf = async (socket) => {
  let input = Buffer.alloc(0)
  for (;;) {
    const [data] = await once(socket, 'data')
    input = Buffer.concat([input, data])
    const end = input.indexOf('\r\n\r\n')
    if (end < 0) continue
    return {head: input.subarray(0, end).toString('latin1'), rest: input.subarray(end + 4)}
  }
}

const suite = ['--compress', '--max-message', '64MiB']

// We are a client of `wspool echo`.
const asClient = async () => {
  const {port} = await (asClient.server ??= startEcho(...suite).then(({address}) =>
    ({port: Number(address.split(':').pop())})))
  const socket = net.connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n' +
    `Connection: Upgrade\r\nSec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}\r\n` +
    'Sec-WebSocket-Version: 13\r\n\r\n')
  const {head, rest} = await headOf(socket)
  assert.match(head, /^HTTP\/1\.1 101 /)
  return new RawPeer(socket, true, rest)
}

// We are the server of one run of `wspool connect --echo`.
const asServer = async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `ws://127.0.0.1:${server.address().port}`
  const program = wspool(['connect', url, '-n', '1', '--reconnect-attempts', '0', '--echo',
    ...suite])
  const [socket] = await once(server, 'connection')
  server.close()
  const {head, rest} = await headOf(socket)
  const key = /^Sec-WebSocket-Key: *(.*)$/im.exec(head)[1].trim()
  const accept = crypto.createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n' +
    `Connection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  const peer = new RawPeer(socket, false, rest)
  peer.program = program
  return peer
}

// Both roles; a client ends with its connection.
const inBothRoles = (name, check) => {
  test(`as a server: ${name}`, async () => check(await asClient()))
  test(`as a client: ${name}`, async () => {
    const peer = await asServer()
    await check(peer)
    peer.socket.destroy()
    await peer.program.end()
    assert.ok([0, 1].includes(peer.program.status), `ended with ${peer.program.status}`)
  })
}

inBothRoles('every length comes back (groups 1 and 9)', async (peer) => {
  for (const size of [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 20 << 20]) {
    const payload = Buffer.alloc(size, 'x')
    peer.send([FIN | (size % 2 === 0 ? TEXT : BINARY), payload])
    await peer.expect(FIN | (size % 2 === 0 ? TEXT : BINARY), payload)
  }
  peer.send([FIN | CLOSE, closePayload(1000)])
  await peer.expectClose(1000)
})

inBothRoles('pings between fragments are answered first (groups 2 and 5)', async (peer) => {
  peer.send([TEXT, 'frag'], [FIN | PING, 'one'], [CONTINUATION, ''], [FIN | PING, ''],
    [FIN | PONG, 'unasked'], [FIN | CONTINUATION, 'ments'])
  await peer.expect(FIN | PONG, 'one')
  await peer.expect(FIN | PONG, '')
  await peer.expect(FIN | TEXT, 'fragments')
  peer.send([FIN | CLOSE, ''])
  await peer.expectClose(1000)
})

inBothRoles('65,537 fragments make one message (group 10)', async (peer) => {
  const count = 65537
  const frames = [frame(TEXT, 'a', peer.masks)]
  for (let i = 2; i < count; ++i) frames.push(frame(CONTINUATION, 'b', peer.masks))
  frames.push(frame(FIN | CONTINUATION, 'c', peer.masks))
  peer.sendBytes(Buffer.concat(frames))
  await peer.expect(FIN | TEXT, `a${'b'.repeat(count - 2)}c`)
  peer.send([FIN | CLOSE, closePayload(4999, 'enough')])
  await peer.expectClose(4999)
})

inBothRoles('64 MiB are within the limit, one byte more is not (group 9)', async (peer) => {
  const most = 64 << 20
  const piece = Buffer.alloc(1 << 20, 'x')
  for (let at = 0; at < most; at += piece.length)
    peer.send([(at === 0 ? BINARY : CONTINUATION) | (at + piece.length === most ? FIN : 0), piece])
  const {first, payload} = await peer.frame()
  assert.deepEqual([first, payload.length], [FIN | BINARY, most])
  peer.sendBytes(frame(FIN | BINARY, Buffer.alloc(0), peer.masks).subarray(0, 1))
  const head = Buffer.alloc(peer.masks ? 13 : 9)
  head[0] = (peer.masks ? 0x80 : 0) | 127
  head.writeBigUInt64BE(BigInt(most + 1), 1)
  peer.sendBytes(head) // by its header alone
  await peer.expectClose(1009)
})

inBothRoles('text fails at its first wrong byte, within a frame (group 6.4)', async (peer) => {
  const good = Buffer.from('κόσμε')
  const whole = frame(FIN | TEXT, Buffer.concat([good, Buffer.alloc(5000, 'x')]), peer.masks)
  const head = whole.length - good.length - 5000
  peer.sendBytes(whole.subarray(0, head + good.length))
  peer.sendBytes(Buffer.from([0xf4, 0x90])) // the rest never comes
  await peer.expectClose(1007)
})

for (const [name, code, frames] of [
  ['a reserved bit', 1002, [[FIN | RSV1 | TEXT, 'x']]],
  ['a reserved opcode', 1002, [[FIN | 3, 'x']]],
  ['a fragmented ping', 1002, [[PING, 'x']]],
  ['a continuation of nothing', 1002, [[FIN | CONTINUATION, 'x']]],
  ['a message within a message', 1002, [[TEXT, 'x'], [FIN | TEXT, 'y']]],
  ['a long ping', 1002, [[FIN | PING, 'x'.repeat(126)]]],
  ['a close code that may not be sent', 1002, [[FIN | CLOSE, closePayload(1005)]]],
  ['a close code above all', 1002, [[FIN | CLOSE, closePayload(5000)]]],
  ['text that ends within a character', 1007, [[FIN | TEXT, Buffer.from([0xe2, 0x82])]]]
])
  inBothRoles(`${name} is told with ${code} (groups 3 to 7)`, async (peer) => {
    peer.send([FIN | TEXT, 'before'])
    await peer.expect(FIN | TEXT, 'before')
    peer.send(...frames)
    await peer.expectClose(code)
  })

inBothRoles('what follows a close frame is ignored (group 7.1)', async (peer) => {
  peer.send([TEXT, 'unfinished'], [FIN | CLOSE, closePayload(1001)], [FIN | PING, 'late'],
    [FIN | RSV1 | 7, 'late'])
  await peer.expectClose(1001)
})

// A pool's echo is another actor: by the time it has written, the close has been answered.
test('as a server: a message that came with the close comes back (7.1.1)', async () => {
  const peer = await asClient()
  peer.send([FIN | TEXT, 'Hello'], [FIN | CLOSE, closePayload(1000)])
  await peer.expect(FIN | TEXT, 'Hello')
  await peer.expectClose(1000)
})

// -- compression (groups 12 and 13), with a peer that can -----------------------------------------

const kinds = {
  text: (size) => 'to be or not to be, that is the question. '.repeat(size / 42 + 1).slice(0, size),
  bytes: (size) => crypto.randomBytes(size)
}
const sizes = [0, 1, 16, 255, 256, 1024, 8192, 32768, 131072, 2 << 20]

const echoes = async (socket) => {
  for (const size of sizes)
    for (const make of Object.values(kinds))
      for (let i = 0; i < 3; ++i) {
        const payload = make(size)
        socket.send(payload)
        const [data, binary] = await once(socket, 'message')
        assert.ok(data.equals(Buffer.from(payload)), `${size} bytes`)
        assert.equal(binary, typeof payload !== 'string')
      }
  socket.close(1000)
  const [code] = await once(socket, 'close')
  assert.equal(code, 1000)
}

for (const [name, options] of [
  ['all defaults', {}],
  ['no windows kept', {clientNoContextTakeover: true, serverNoContextTakeover: true}],
  ['windows of 512 bytes', {clientMaxWindowBits: 9, serverMaxWindowBits: 9}]
]) {
  const perMessageDeflate = {threshold: 0, ...options}

  test(`as a server: compressed messages come back with ${name}`, async () => {
    const {url, program} = await startEcho(...suite)
    const socket = new WebSocket(url, {perMessageDeflate, maxPayload: 64 << 20})
    await once(socket, 'open')
    assert.match(socket.extensions, /permessage-deflate/)
    await echoes(socket)
    program.signal('SIGTERM')
    await program.end()
  })

  test(`as a client: compressed messages come back with ${name}`, async () => {
    const server = new WebSocketServer({host: '127.0.0.1', port: 0, perMessageDeflate,
      maxPayload: 64 << 20})
    await once(server, 'listening')
    const program = wspool(['connect', `ws://127.0.0.1:${server.address().port}`, '-n', '1',
      '--reconnect-attempts', '0', '--echo', ...suite])
    const [socket] = await once(server, 'connection')
    assert.match(socket.extensions, /permessage-deflate/)
    await echoes(socket)
    server.close()
    await program.end()
    assert.equal(program.stdout, '')
  })
}
