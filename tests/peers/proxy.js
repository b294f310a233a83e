// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

const net = require('node:net')
const {listen, parseCommandLine, reporter} = require('./support')

const usage = `Usage: node proxy.js [OPTION]...

An HTTP CONNECT and SOCKS5 proxy on one port; the first byte of a connection tells which.

  --listen HOST:PORT  default 127.0.0.1:0, any free port
  --auth USER:PASS    demand these credentials
  --refuse            refuse to connect anywhere (403; SOCKS5: not allowed)
  --never             accept connections and never answer
  --split             answer one byte at a time
  --map NAME=HOST     connect to HOST for NAME, which nobody else needs to know; repeatable
  --quiet             print no events
`

const {values: options} = parseCommandLine(usage, {
  listen: {type: 'string', default: '127.0.0.1:0'},
  auth: {type: 'string'},
  refuse: {type: 'boolean', default: false},
  never: {type: 'boolean', default: false},
  split: {type: 'boolean', default: false},
  map: {type: 'string', multiple: true, default: []},
  quiet: {type: 'boolean', default: false}
})
const report = reporter(options.quiet)
const names = new Map(options.map.map((entry) => entry.split('=')))

// Takes a socket's bytes in portions of a length that only the bytes themselves tell.
class Reader {
  constructor (socket) {
    this.socket = socket
    this.bytes = Buffer.alloc(0)
    this.retry = () => {}
    this.listener = (chunk) => {
      this.bytes = Buffer.concat([this.bytes, chunk])
      this.retry()
    }
    socket.on('data', this.listener)
  }

  // Resolves with the first `length(bytes)` bytes, once that is not negative ("cannot tell yet")
  // and they are there.
  read (length) {
    return new Promise((resolve, reject) => {
      this.socket.once('close', () => reject(new Error('closed')))
      this.retry = () => {
        const wanted = length(this.bytes)
        if (wanted < 0 || this.bytes.length < wanted) return
        this.retry = () => {}
        const portion = this.bytes.subarray(0, wanted)
        this.bytes = this.bytes.subarray(wanted)
        resolve(portion)
      }
      this.retry()
    })
  }

  // From here on the socket's bytes go to the target, and the target's to the socket.
  join (target) {
    const {socket} = this
    socket.off('data', this.listener)
    target.write(this.bytes)
    socket.pipe(target)
    target.pipe(socket)
    socket.on('close', () => target.destroy())
    target.on('close', () => socket.destroy())
  }
}

const write = async (socket, data) => {
  const bytes = Buffer.from(data)
  if (!options.split) return socket.write(bytes)
  socket.setNoDelay(true)
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

// Connects to the target; resolves with null when that fails.
const dial = (kind, host, port) => new Promise((resolve) => {
  const target = net.connect({host: names.get(host) || host, port})
  target.once('connect', () => {
    report('connect', {kind, target: `${host}:${port}`})
    resolve(target)
  })
  target.on('error', (err) => {
    report('error', {kind, target: `${host}:${port}`, message: err.message})
    resolve(null)
  })
})

// -- HTTP CONNECT (RFC 9110 §9.3.6) -------------------------------------------------------------

const answer = async (client, status, headers = []) => {
  report('refuse', {kind: 'http', status})
  await write(client, [`HTTP/1.1 ${status} Refused`, ...headers, 'Content-Length: 0', '', '']
    .join('\r\n'))
  client.end()
}

const serveHttp = async (client, reader) => {
  const head = (await reader.read((data) => {
    const end = data.indexOf('\r\n\r\n')
    return end < 0 ? -1 : end + 4
  })).toString('latin1')
  const request = /^CONNECT (?:\[([^\]]+)\]|([^: ]+)):(\d+) HTTP\/1\.[01]\r\n/.exec(head)
  if (!request) return answer(client, 405)
  const given = /\r\nproxy-authorization: *basic +([^\s]+)/i.exec(head)
  const credentials = given && Buffer.from(given[1], 'base64').toString()
  if (options.auth && credentials !== options.auth)
    return answer(client, 407, ['Proxy-Authenticate: Basic realm="wspool"'])
  if (options.refuse) return answer(client, 403)
  const target = await dial('http', request[1] || request[2], Number(request[3]))
  if (!target) return answer(client, 502)
  await write(client, 'HTTP/1.1 200 Connection established\r\n\r\n')
  reader.join(target)
}

// -- SOCKS5 (RFC 1928, RFC 1929) ----------------------------------------------------------------

const socksReply = {succeeded: 0, notAllowed: 2, hostUnreachable: 4, unknownCommand: 7}

const replySocks = (client, code) => {
  if (code !== socksReply.succeeded) report('refuse', {kind: 'socks5', status: code})
  return write(client, [5, code, 0, 1, 0, 0, 0, 0, 0, 0])
}

// True when the client may go on.
const authenticateSocks = async (client, reader) => {
  const greeting = await reader.read((data) => data.length < 2 ? -1 : 2 + data[1])
  const method = options.auth ? 2 : 0
  if (!greeting.subarray(2).includes(method)) {
    report('refuse', {kind: 'socks5', status: 'no acceptable method'})
    await write(client, [5, 0xff])
    return false
  }
  await write(client, [5, method])
  if (method === 0) return true
  const request = await reader.read((data) => {
    if (data.length < 2 || data.length < 3 + data[1]) return -1
    return 3 + data[1] + data[2 + data[1]]
  })
  const user = request.subarray(2, 2 + request[1]).toString()
  const password = request.subarray(3 + request[1]).toString()
  const right = `${user}:${password}` === options.auth
  if (!right) report('refuse', {kind: 'socks5', status: 'wrong credentials'})
  await write(client, [1, right ? 0 : 1])
  return right
}

const addressLength = (data) => {
  if (data.length < 5) return -1
  if (data[3] === 1) return 10
  return data[3] === 4 ? 22 : 7 + data[4]
}

const parseTarget = (request) => {
  const port = request.readUInt16BE(request.length - 2)
  const address = request.subarray(4, -2)
  if (request[3] === 1) return {host: address.join('.'), port}
  if (request[3] === 3) return {host: address.subarray(1).toString(), port}
  const groups = []
  for (let i = 0; i < 16; i += 2) groups.push(address.readUInt16BE(i).toString(16))
  return {host: groups.join(':'), port}
}

// Resolves with the target's socket, or null when it was refused.
const connectSocks = async (client, reader) => {
  const refuse = async (code) => {
    await replySocks(client, code)
    return null
  }
  const request = await reader.read(addressLength)
  if (request[1] !== 1) return refuse(socksReply.unknownCommand)
  if (options.refuse) return refuse(socksReply.notAllowed)
  const {host, port} = parseTarget(request)
  const target = await dial('socks5', host, port)
  if (!target) return refuse(socksReply.hostUnreachable)
  await replySocks(client, socksReply.succeeded)
  return target
}

const serveSocks = async (client, reader) => {
  if (!await authenticateSocks(client, reader)) return client.end()
  const target = await connectSocks(client, reader)
  if (!target) return client.end()
  reader.join(target)
}

// -- both ---------------------------------------------------------------------------------------

const server = net.createServer((client) => {
  client.on('error', () => {}) // a peer that resets is no news here
  if (options.never) return client.resume()
  const reader = new Reader(client)
  const serve = async () => {
    await reader.read((data) => data.length > 0 ? 0 : -1)
    await (reader.bytes[0] === 5 ? serveSocks : serveHttp)(client, reader)
  }
  serve().catch(() => client.destroy())
})
process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))
listen(server, options.listen)
