// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// What each path of the fault server does. A mode either answers the upgrade request itself
// (`answer`), or lets the handshake happen (after `delay` ms) and takes over at `open(ws)`.
//
//   /echo                      sends every message back
//   /discard                   reads and forgets
//   /record                    appends every text message to the record file
//   /headers                   sends the request's headers as JSON, then echoes
//   /subprotocol?choose=X|none sends the subprotocol it chose (default: the first offered), echoes
//   /ping?every=MS             pings (default: every 100 ms), echoes
//   /silent                    never answers a ping, echoes
//   /flood?count=N&size=S      sends N text messages of S bytes at once, each begins with its index
//   /refuse/STATUS?retry-after=S&body=TEXT&body-size=N&header=NAME:VALUE
//   /credentials?expect=V      refuses with 401 unless the Authorization header is V, echoes
//   /redirect/STATUS?to=URL
//   /never                     never answers the upgrade request
//   /late?ms=N                 answers it after N ms, echoes
//   /stall                     accepts, then stops reading from the socket
//   /accept-then-close/CODE    closes at once; 1005: without a code, 1006: without a close frame
//   /close/CODE?after=N&reason=TEXT   closes after N messages
//   /kill?after=N&reset=1      destroys the socket after N messages, by a reset on demand
//   /kill-mid-frame?after=N    sends half a frame first
//   /bad/KIND                  breaks RFC 6455 in one way, see `badFrames`
//   /bad-handshake/KIND        breaks the handshake in one way, see `badHandshakes`
//
// With any path: `record=1` records text messages, `echo=1` sends messages back, `times=N` stops
// the mischief after N requests for the same target, which then is an echo server. `--deflate`
// negotiations take threshold=, server-window=, client-window=, server-no-context-takeover and
// client-no-context-takeover; max-payload= bounds what the server takes.

const {STATUS_CODES} = require('node:http')
const {createHash} = require('node:crypto')

const number = (context, name, otherwise) => {
  const {query} = context
  return query.has(name) ? Number(query.get(name)) : otherwise
}

// -- answers to the upgrade request other than "yes" -------------------------------------------

const respond = ({socket, report, id}, status, headers, body = '') => {
  report('refuse', {id, status})
  socket.end([
    `HTTP/1.1 ${status} ${STATUS_CODES[status] || 'Unknown'}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '', body
  ].join('\r\n'))
}

const refuse = (context, status) => () => {
  const {query} = context
  const headers = ['Content-Type: text/plain', ...query.getAll('header')]
  if (query.has('retry-after')) headers.push(`Retry-After: ${query.get('retry-after')}`)
  if (status === 401) headers.push('WWW-Authenticate: Basic realm="wspool"')
  const body = query.has('body-size')
    ? 'x'.repeat(number(context, 'body-size'))
    : query.get('body') || `refused with ${status}\n`
  respond(context, status, headers, body)
}

const redirect = (context, status) => () =>
  respond(context, status, [`Location: ${context.query.get('to')}`])

// RFC 6455 §4.2.2: the proof that the server understood the request.
const acceptKey = ({request}) => createHash('sha1')
  .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
  .digest('base64')

const switching = (context, {upgrade = 'websocket', key = acceptKey(context), more = []} = {}) =>
  context.socket.write([
    'HTTP/1.1 101 Switching Protocols',
    `Upgrade: ${upgrade}`,
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${key}`,
    ...more,
    '', ''
  ].join('\r\n'))

const badHandshakes = {
  accept: (context) => switching(context, {key: 'bm90IHRoZSByaWdodCBvbmU='}),
  upgrade: (context) => switching(context, {upgrade: 'h2c'}),
  subprotocol: (context) => switching(context, {more: ['Sec-WebSocket-Protocol: never-offered']}),
  extension: (context) => switching(context, {more: ['Sec-WebSocket-Extensions: never-offered']}),
  garbage: ({socket}) => socket.end('SSH-2.0-this is not HTTP\r\n\r\n'),
  close: ({socket}) => socket.end(),
  reset: ({socket}) => socket.resetAndDestroy(),
  half: ({socket}) => socket.end('HTTP/1.1 101 Switching Proto'),
  // Headers without an end, as fast as the peer reads them.
  endless: ({socket}) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\n')
    const more = () => {
      while (!socket.destroyed && socket.write(`X-More: ${'x'.repeat(1000)}\r\n`));
    }
    socket.on('drain', more)
    more()
  }
}

// -- what is written past `ws`, byte by byte ----------------------------------------------------

// RFC 6455 §5.2: first byte, payload length of up to 125, payload.
const frame = (first, payload = []) => Buffer.from([first, payload.length, ...payload])

const badFrames = {
  utf8: () => frame(0x81, [0xc3, 0x28]),
  opcode: () => frame(0x83),
  'control-opcode': () => frame(0x8b),
  oversize: (context) => {
    const header = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0])
    header.writeBigUInt64BE(BigInt(context.query.get('size') || 2 ** 40), 2)
    return header
  },
  length: () => Buffer.from([0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0]), // the top bit must be 0
  masked: () => Buffer.from([0x81, 0x82, 1, 2, 3, 4, 0x68 ^ 1, 0x69 ^ 2]),
  rsv: () => frame(0xf1, [0x68, 0x69]),
  continuation: () => frame(0x80, [0x68, 0x69]),
  'fragmented-ping': () => frame(0x09),
  'long-ping': () => Buffer.concat([Buffer.from([0x89, 126, 0, 200]), Buffer.alloc(200)]),
  'close-code': () => frame(0x88, [0x03, 0xed]), // 1005 must not appear on the wire
  'close-length': () => frame(0x88, [0x03]),
  'close-utf8': () => frame(0x88, [0x03, 0xe8, 0xc3, 0x28])
}

// `ws` keeps the socket private; the faults need what lies under the protocol.
const socketOf = (ws) => ws._socket

const kill = (context, ws) => {
  if (context.query.has('reset') && socketOf(ws).resetAndDestroy) socketOf(ws).resetAndDestroy()
  else ws.terminate()
}

const killMidFrame = (context, ws) => {
  const half = Buffer.concat([Buffer.from([0x81, 126, 1, 0]), Buffer.alloc(128, 'x')])
  socketOf(ws).write(half, () => kill(context, ws))
}

const close = (context, ws, code) => {
  const reason = context.query.get('reason') || ''
  if (code === 1005) return ws.close()
  if (code === 1006) return kill(context, ws)
  try {
    ws.close(code, reason)
  } catch {
    // A code that `ws` would not send. Its own close timer ends the connection all the same.
    const payload = [code >> 8, code & 0xff, ...Buffer.from(reason)]
    socketOf(ws).write(frame(0x88, payload))
  }
}

// -- what happens to messages -------------------------------------------------------------------

const highWater = 8 * 1024 * 1024

// Sends a message back, and stops reading while the peer does not read.
const echo = (ws, data, isBinary) => {
  ws.send(data, {binary: isBinary}, () => {
    if (ws.isPaused && ws.bufferedAmount < highWater / 2) ws.resume()
  })
  if (ws.bufferedAmount > highWater) ws.pause()
}

// Handles messages as path and query ask for, and calls `then` once after `after` of them.
const serve = (context, ws, {echoes = false, records = false, after = Infinity, then}) => {
  const echoing = echoes || context.query.has('echo')
  const recording = records || context.query.has('record')
  let count = 0
  if (after <= 0) return then()
  ws.on('message', (data, isBinary) => {
    if (count >= after) return
    if (recording && !isBinary) context.record(data.toString())
    if (echoing) echo(ws, data, isBinary)
    if (++count === after) then()
  })
}

const flood = (context, ws) => {
  const size = number(context, 'size', 64)
  const count = number(context, 'count', 1000)
  for (let i = 0; i < count; i++) ws.send(`${i} `.padEnd(size, 'x'))
  serve(context, ws, {})
}

const ping = (context, ws) => {
  const timer = setInterval(() => ws.ping(), number(context, 'every', 100))
  ws.on('close', () => clearInterval(timer))
  ws.on('pong', () => context.report('pong', {id: context.id}))
  serve(context, ws, {echoes: true})
}

// -- the table ----------------------------------------------------------------------------------

const table = {
  echo: (c) => ({open: (ws) => serve(c, ws, {echoes: true})}),
  discard: (c) => ({open: (ws) => serve(c, ws, {})}),
  record: (c) => ({open: (ws) => serve(c, ws, {records: true})}),
  headers: (c) => ({
    open: (ws) => {
      ws.send(JSON.stringify(c.request.headers))
      serve(c, ws, {echoes: true})
    }
  }),
  subprotocol: (c) => ({
    subprotocol: (offered) => {
      const wanted = c.query.get('choose')
      return wanted === 'none' ? false : wanted || [...offered][0]
    },
    open: (ws) => {
      ws.send(ws.protocol)
      serve(c, ws, {echoes: true})
    }
  }),
  ping: (c) => ({open: (ws) => ping(c, ws)}),
  silent: (c) => ({autoPong: false, open: (ws) => serve(c, ws, {echoes: true})}),
  flood: (c) => ({open: (ws) => flood(c, ws)}),
  refuse: (c, status) => ({answer: refuse(c, Number(status))}),
  credentials: (c) => {
    if (c.request.headers.authorization !== c.query.get('expect')) return {answer: refuse(c, 401)}
    return table.echo(c)
  },
  redirect: (c, status) => ({answer: redirect(c, Number(status))}),
  never: () => ({answer: () => {}}),
  late: (c) => ({delay: number(c, 'ms', 1000), ...table.echo(c)}),
  stall: () => ({open: (ws) => ws.pause()}),
  'accept-then-close': (c, code) => ({open: (ws) => close(c, ws, Number(code))}),
  close: (c, code) => ({
    open: (ws) => serve(c, ws, {
      after: number(c, 'after', 1),
      then: () => close(c, ws, Number(code))
    })
  }),
  kill: (c) => ({
    open: (ws) => serve(c, ws, {after: number(c, 'after', 1), then: () => kill(c, ws)})
  }),
  'kill-mid-frame': (c) => ({
    open: (ws) => serve(c, ws, {after: number(c, 'after', 0), then: () => killMidFrame(c, ws)})
  }),
  bad: (c, kind) => badFrames[kind] && {
    open: (ws) => {
      socketOf(ws).write(badFrames[kind](c))
      serve(c, ws, {})
    }
  },
  'bad-handshake': (c, kind) => badHandshakes[kind] && {answer: () => badHandshakes[kind](c)}
}

// The mode for a request; an unknown path is refused with 404.
const choose = (context) => {
  const [name, argument] = context.path.slice(1).split('/')
  const mode = Object.hasOwn(table, name) && table[name](context, argument)
  return mode || {answer: refuse(context, 404)}
}

module.exports = {choose}
