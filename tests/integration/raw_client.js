// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// A WebSocket client that writes bytes itself, so that it can be wrong, or be gone at any moment.

const net = require('node:net')
const {once} = require('node:events')
const {patience} = require('./support.js')

const request = (address) => [
  'GET / HTTP/1.1', `Host: ${address}`, 'Connection: Upgrade', 'Upgrade: websocket',
  'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: wspool.v1.json', '', ''].join('\r\n')

const header = (first, length, flag) => {
  if (length < 126) return Buffer.from([first, flag | length])
  const head = Buffer.alloc(length < 65536 ? 4 : 10)
  head[0] = first
  head[1] = flag | (length < 65536 ? 126 : 127)
  if (length < 65536) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

// The first byte as it is: FIN, reserved bits, opcode. The mask is one of zeros.
const frame = (first, payload = '', {masked = true} = {}) => {
  const data = Buffer.from(payload)
  return Buffer.concat([header(first, data.length, masked ? 0x80 : 0),
    Buffer.alloc(masked ? 4 : 0), data])
}

const closeFrame = (code, reason = '') =>
  frame(0x88, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]))

// The code of the close frame in what a server sent, if there is one; one without a code is 1005.
const closeCodeIn = (bytes) => {
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1] & 0x7f
    const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
    if (start > bytes.length) return undefined
    const length = short === 127 ? Number(bytes.readBigUInt64BE(at + 2))
      : short === 126 ? bytes.readUInt16BE(at + 2) : short
    if ((bytes[at] & 0x0f) === 8) return length < 2 ? 1005 : bytes.readUInt16BE(start)
    at = start + length
  }
  return undefined
}

class RawClient {
  // A TCP connection, nothing more.
  static async reach(address) {
    const [host, port] = address.split(':')
    const client = new RawClient(net.connect({host, port: Number(port), noDelay: true}))
    await once(client.socket, 'connect')
    return client
  }

  // After the upgrade.
  static async open(address) {
    const client = await RawClient.reach(address)
    client.socket.write(request(address))
    while (client.received.indexOf('\r\n\r\n') < 0) {
      if (client.socket.destroyed) throw new Error('ended during the upgrade')
      await Promise.race([once(client.socket, 'data'), client.ended])
    }
    const end = client.received.indexOf('\r\n\r\n') + 4
    const head = client.received.subarray(0, end).toString('latin1')
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`refused: ${head}`)
    client.received = client.received.subarray(end)
    return client
  }

  constructor(socket) {
    this.socket = socket
    this.received = Buffer.alloc(0)
    socket.on('data', (data) => { this.received = Buffer.concat([this.received, data]) })
    socket.on('error', () => {})
    const timer = setTimeout(() => {
      this.late = true
      socket.destroy(new Error('late'))
    }, patience)
    // To the close code: undefined if there was none, 'late' if the server did not end it in time.
    this.ended = new Promise((resolve) => socket.on('close', () => {
      clearTimeout(timer)
      resolve(this.late ? 'late' : closeCodeIn(this.received))
    }))
  }

  // Resolves when the system has the bytes.
  write(bytes) { return new Promise((resolve) => this.socket.write(bytes, resolve)) }
  end() { this.socket.end() }

  // Gone, with RST.
  reset() {
    this.socket.resetAndDestroy()
    return this.ended
  }
}

module.exports = {RawClient, closeFrame, frame, header, request}
