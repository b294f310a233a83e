// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// Clients of a `wspool serve`, on npm `ws`. They keep what they got, in order, and wait for more.

const {once} = require('node:events')
const path = require('node:path')
const {patience, source} = require('./support.js')
const WebSocket = require(path.join(source, 'tests', 'peers', 'node_modules', 'ws'))

class DialectClient {
  // Resolves when the connection is open.
  static async open(address, {subprotocol, path = '/', headers = {}} = {}) {
    const ws = new WebSocket(`ws://${address}${path}`, subprotocol ? [subprotocol] : [], {headers})
    const client = new DialectClient(ws)
    await once(ws, 'open')
    return client
  }

  constructor(ws) {
    this.ws = ws
    this.inbox = []
    this.wake = () => {}
    this.closed = new Promise((resolve) => ws.on('close', (code, reason) => {
      this.closedAt = performance.now()
      this.over = code
      this.wake()
      resolve({code, reason: reason.toString()})
    }))
    ws.on('error', () => {})
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
  async next(wanted) {
    const deadline = Date.now() + patience
    for (;;) {
      const found = this.inbox.findIndex(wanted)
      if (found >= 0) return this.inbox.splice(found, 1)[0]
      if (this.over !== undefined) throw new Error(`closed with ${this.over}`)
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`nothing of the kind came: ${JSON.stringify(this.inbox)}`)
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left)
        this.wake = () => { clearTimeout(timer); resolve() }
      })
    }
  }

  // Asks, and takes the answer: what comes with the same id.
  async request(message) {
    this.send(message)
    return this.next((m) => m.id === message.id && m.type !== 'event')
  }
}

// v1: fields, a line feed, bytes.
const fromBinary = (data) => {
  const end = data.indexOf(10)
  return {...JSON.parse(data.subarray(0, end)), bytes: Buffer.from(data.subarray(end + 1))}
}

const connectAll = (count, connect) => Promise.all(Array.from({length: count}, connect))

module.exports = {DialectClient, connectAll}
