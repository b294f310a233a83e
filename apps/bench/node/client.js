// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// A client of `wspool bench` on Node: `ws`, or `websocket-pool` over it. Prints one line of JSON
// with what it measured, or with why it could not.
//
//   client.js node-ws|node-pool FAMILY URL CONNECTIONS SIZE_BYTES WARM_UP_MS SPAN_MS

const path = require('node:path')
const {createRequire} = require('node:module')

const [who, family, url, connections, size, warmUp, span] = process.argv.slice(2)
  .map((arg, i) => i > 2 ? Number(arg) : arg)

const finish = (result) => {
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
}
const fail = (error) => finish({error})
process.on('uncaughtException', (err) => fail(err.message))

// The packages are those of the tests' peers.
const find = createRequire(path.join(__dirname, '..', '..', '..', 'tests', 'peers', 'package.json'))
const load = (name) => {
  try {
    return find(name)
  } catch {
    fail(`npm's ${name} is not here`)
    return null
  }
}

// What a socket may hold unsent: its sender then waits for what was sent to be written.
const window = Math.max(2 * 1024 * 1024, 2 * 64 * size)
const perTurn = 64

const payload = () => {
  let text = ''
  for (let i = 0; text.length < size; i++) text += `{"id":${i * 7919},"side":"buy"},`
  return text.slice(0, size)
}

let messages = 0
let roundTrips = []

// -- the activities: each works on sockets that are open ------------------------------------------

// Sends as long as there is room; a message counts once the kernel has it.
const send = (one, buffered) => {
  const text = payload()
  let outstanding = 0
  const most = Math.max(Math.min(2048, Math.floor(window / size)), 2 * perTurn)
  let refilling = false
  const written = () => {
    messages++
    outstanding--
    if (!refilling && outstanding + perTurn <= most) {
      refilling = true
      setImmediate(fill)
    }
  }
  const fill = () => {
    refilling = false
    while (outstanding + perTurn <= most) {
      for (let i = 0; i < perTurn; i++) {
        outstanding++
        one(text, written)
      }
    }
  }
  fill()
}

const receive = (sockets) => {
  for (const x of sockets) x.on('message', () => { messages++ })
}

const echo = (socket) => {
  const text = payload()
  let began
  const next = () => {
    began = process.hrtime.bigint()
    socket.send(text)
  }
  socket.on('message', () => {
    messages++
    roundTrips.push(Number(process.hrtime.bigint() - began))
    next()
  })
  next()
}

// -- measuring ------------------------------------------------------------------------------------

const percentile = (sorted, p) => sorted[Math.max(Math.ceil(p * sorted.length), 1) - 1]

const measure = () => {
  setTimeout(() => {
    roundTrips = []
    const before = messages
    const cpu = process.cpuUsage()
    const began = process.hrtime.bigint()
    setTimeout(() => {
      const used = process.cpuUsage(cpu)
      const result = {
        messages: messages - before,
        seconds: Number(process.hrtime.bigint() - began) / 1e9,
        cpu_seconds: (used.user + used.system) / 1e6
      }
      if (roundTrips.length > 0) {
        roundTrips.sort((a, b) => a - b)
        result.p50_ns = percentile(roundTrips, 0.5)
        result.p99_ns = percentile(roundTrips, 0.99)
      }
      finish(result)
    }, span)
  }, warmUp)
}

// -- the clients ----------------------------------------------------------------------------------

const runSockets = () => {
  const WebSocket = load('ws')
  if (!WebSocket) return
  const sockets = []
  let open = 0
  const start = () => {
    let turn = 0
    if (family === 'receive') receive(sockets)
    else if (family === 'echo') echo(sockets[0])
    else send((text, done) => sockets[turn++ % sockets.length].send(text, done))
    measure()
  }
  for (let i = 0; i < connections; i++) {
    const socket = new WebSocket(url, {perMessageDeflate: false})
    socket.on('error', (err) => fail(err.message))
    socket.on('open', () => { if (++open === connections) start() })
    sockets.push(socket)
  }
}

// The pool's `send` has no callback: the sockets' own `send` is told who waits.
const runPool = () => {
  const WebSocket = load('ws')
  const createPool = load('websocket-pool')
  const scheduler = load('@derhuerst/round-robin-scheduler')
  if (!WebSocket || !createPool || !scheduler) return
  let done = null
  class Counted extends WebSocket {
    constructor(address) { super(address, {perMessageDeflate: false}) }
    send(text) { super.send(text, done) }
  }
  const pool = createPool(Counted, scheduler)
  let open = 0
  pool.on('error', (err) => fail(err.message))
  pool.on('connection-open', () => {
    if (++open !== connections) return
    send((text, written) => {
      done = written
      pool.send(text)
    })
    measure()
  })
  for (let i = 0; i < connections; i++) pool.add(url)
}

if (who === 'node-pool') runPool()
else runSockets()
