// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// Clients of a `wspool serve`, on npm `ws`. They keep what they got, in order, and wait for more.

const assert = require('node:assert/strict')
const {once} = require('node:events')
const path = require('node:path')
const {patience, source} = require('./support.js')
const WebSocket = require(path.join(source, 'tests', 'peers', 'node_modules', 'ws'))

class DialectClient {
  // Resolves when the connection is open.
  static async open(address, {subprotocol, path = '/', headers = {}, ...more} = {}) {
    const ws = new WebSocket(`ws://${address}${path}`, subprotocol ? [subprotocol] : [],
      {headers, ...more})
    const client = new DialectClient(ws)
    await Promise.race([once(ws, 'open'), client.closed])
    if (client.over !== undefined) throw new Error(`refused: ${client.refusal}`)
    return client
  }

  constructor(ws) {
    this.ws = ws
    this.inbox = []
    this.sleepers = []
    this.closed = new Promise((resolve) => ws.on('close', (code, reason) => {
      this.closedAt = performance.now()
      this.over = code
      this.wake()
      resolve({code, reason: reason.toString()})
    }))
    ws.on('error', (error) => { this.refusal = error.message })
    ws.on('message', (data, isBinary) => {
      this.inbox.push(isBinary ? fromBinary(data) : JSON.parse(data))
      this.wake()
    })
  }

  send(message) { this.ws.send(typeof message === 'string' ? message : JSON.stringify(message)) }
  sendBinary(fields, bytes) {
    this.ws.send(Buffer.concat([Buffer.from(JSON.stringify(fields) + '\n'), bytes]))
  }
  close() { this.ws.close() }
  terminate() { this.ws.terminate() }

  // How many messages of a kind came that nobody has taken yet.
  waiting(wanted) { return this.inbox.filter(wanted).length }

  // Takes the first message of a kind; others stay.
  async next(wanted, limit = patience) {
    const deadline = Date.now() + limit
    for (;;) {
      const found = this.inbox.findIndex(wanted)
      if (found >= 0) return this.inbox.splice(found, 1)[0]
      if (this.over !== undefined) throw new Error(`closed with ${this.over}`)
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`nothing of the kind came: ${JSON.stringify(this.inbox)}`)
      await this.news(left)
    }
  }

  // Something came, or the connection ended, or the time is over. Several may wait.
  news(limit) {
    return new Promise((resolve) => {
      const timer = limit < Infinity ? setTimeout(resolve, limit) : undefined
      this.sleepers.push(() => { clearTimeout(timer); resolve() })
    })
  }
  wake() { this.sleepers.splice(0).forEach((one) => one()) }

  // Asks, and takes the answer: what comes with the same id.
  async request(message) {
    this.send(message)
    return this.next((m) => m.id === message.id && m.type !== 'event')
  }
}

// Asks again and again, until something says yes; a failed attempt is no answer.
const retrying = async (what, attempt) => {
  const deadline = Date.now() + patience
  for (;;) {
    let failure
    try {
      if (await attempt()) return
    } catch (error) {
      failure = error
    }
    if (Date.now() > deadline) throw new Error(`still waiting until ${what}: ${failure}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

// A member of one channel that does what PROTOCOL.md asks of clients: when its connection ends it
// comes back, to the next of its addresses, and says where it was; what it publishes it publishes
// until it is acknowledged. When it is told of a gap it asks for what is missing. `breaks` are the
// places in `data` where it knows that some may be missing all the same.
class Subscriber {
  static async start(t, addresses, channel) {
    const result = new Subscriber([].concat(addresses), channel)
    t.after(() => result.stop())
    await result.connect()
    return result
  }

  constructor(addresses, channel) {
    Object.assign(this, {addresses, channel, data: [], breaks: [], heals: 0, connections: 0,
      attempts: 0, ids: 0, refusals: 0, session: `s-${Math.random()}`})
  }

  get gaps() { return this.breaks.length }
  gap() { this.breaks.push(this.data.length) }

  async connect() {
    await retrying('somebody serves', async () => {
      const address = this.addresses[this.attempts++ % this.addresses.length]
      const client = await DialectClient.open(address, {subprotocol: 'wspool.v1.json'})
      await client.request({type: 'connect', id: 'c', session: this.session})
      const answer = await client.request({type: 'subscribe', id: 's', channel: this.channel,
        ...(this.place && {recover: this.place})})
      if (answer.type !== 'subscribed' || this.stopped) {
        this.refusals++
        client.terminate()
        return false
      }
      if (answer.recovered === false) this.gap()
      this.place = answer.recovered ? this.place : {epoch: answer.epoch, offset: answer.offset}
      this.client = client
      return true
    })
    this.connections++
    this.listening = this.listen(this.client)
  }

  async listen(client) {
    try {
      for (;;) {
        const said = await client.next((m) => ['event', 'gap'].includes(m.type), Infinity)
        if (said.type === 'event') this.take(said)
        else await this.heal(client)
      }
    } catch {
      client.terminate()
      if (!this.stopped) await this.connect()
    }
  }

  // It was told that some may be missing. A channel with a history may have them all the same.
  async heal(client) {
    const id = `heal ${++this.heals}`
    if (this.place?.epoch === undefined) return this.gap()
    client.send({type: 'subscribe', id, channel: this.channel, recover: this.place})
    for (;;) { // events before the answer come again after it
      const said = await client.next((m) => ['event', 'gap'].includes(m.type) || m.id === id)
      if (said.type === 'event' || said.type === 'gap') continue
      if (said.type !== 'subscribed') throw new Error(`not now: ${said.code}`)
      if (said.recovered) return
      this.place = {epoch: said.epoch, offset: said.offset}
      return this.gap()
    }
  }

  take({data, epoch, offset}) {
    if (this.place?.epoch === epoch) {
      if (offset <= this.place.offset) return // to be ignored
      if (offset > this.place.offset + 1) this.gap()
    }
    this.data.push(data)
    this.place = {epoch, offset}
  }

  async publish(channel, data) {
    const id = ++this.ids
    await retrying('it is acknowledged', async () => {
      const answer = await this.client.request({type: 'publish', id, channel, data})
      if (answer.type !== 'ack') this.refusals++
      return answer.type === 'ack'
    })
  }

  // Waits until so many messages have come.
  async has(count) { await retrying(`there are ${count}`, async () => this.data.length >= count) }

  stop() {
    this.stopped = true
    this.client?.terminate()
  }
}

// v1: fields, a line feed, bytes.
const fromBinary = (data) => {
  const end = data.indexOf(10)
  return {...JSON.parse(data.subarray(0, end)), bytes: Buffer.from(data.subarray(end + 1))}
}

// A client of v1 whose `connect` was accepted, with the `greeting` it got.
const connected = async (address, more = {}, options = {}) => {
  const client = await DialectClient.open(address, {subprotocol: 'wspool.v1.json', ...options})
  client.greeting = await client.request({type: 'connect', id: 'hello', ...more})
  assert.equal(client.greeting.type, 'connected')
  return client
}

const range = (count) => Array.from({length: count}, (_, i) => i)

const connectAll = (count, connect) => Promise.all(Array.from({length: count}, connect))

module.exports = {DialectClient, Subscriber, connectAll, connected, range, retrying}
