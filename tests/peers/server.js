// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

const fs = require('node:fs')
const http = require('node:http')
const https = require('node:https')
const {WebSocketServer} = require('ws')
const modes = require('./modes')
const {listen, parseCommandLine, reporter} = require('./support')

const usage = `Usage: node server.js [OPTION]... [MODE]

A WebSocket server with the manners its clients ask for by path, e.g. /echo, /close/1012?after=3.
MODE is the path that "/" stands for (default /echo). modes.js describes each.

  --listen HOST:PORT  default 127.0.0.1:0, any free port
  --record FILE       where text messages to /record are appended, a line each
  --deflate           accept permessage-deflate
  --tls --cert F --key F
                      serve wss with this certificate
  --client-ca F       demand a client certificate from this CA
  --quiet             print no events
SIGHUP closes all connections with 1012; SIGTERM ends the process without a word to any.
`

const {values: options, positionals} = parseCommandLine(usage, {
  listen: {type: 'string', default: '127.0.0.1:0'},
  record: {type: 'string'},
  deflate: {type: 'boolean', default: false},
  tls: {type: 'boolean', default: false},
  cert: {type: 'string'},
  key: {type: 'string'},
  'client-ca': {type: 'string'},
  quiet: {type: 'boolean', default: false}
})
const defaultMode = positionals[0] || '/echo'
const report = reporter(options.quiet)

const createServer = () => {
  if (!options.tls) return http.createServer()
  return https.createServer({
    cert: fs.readFileSync(options.cert),
    key: fs.readFileSync(options.key),
    ...(options['client-ca'] && {
      ca: fs.readFileSync(options['client-ca']),
      requestCert: true,
      rejectUnauthorized: true
    })
  })
}

// One write per message: what was recorded survives a SIGKILL right after.
const recordFile = options.record ? fs.openSync(options.record, 'a') : null
const record = (text) => {
  if (recordFile !== null) fs.writeSync(recordFile, text + '\n')
}

const open = new Set()
const hits = new Map() // request target -> how often it was asked for
let lastId = 0

// The request as modes.js sees it.
const describe = (request, socket, head) => {
  const url = new URL(request.url, 'http://localhost')
  const hit = (hits.get(request.url) || 0) + 1
  hits.set(request.url, hit)
  let path = url.pathname === '/' ? defaultMode : url.pathname
  // "?times=2": misbehave for the first two requests, then be an echo server.
  if (url.searchParams.has('times') && hit > Number(url.searchParams.get('times'))) path = '/echo'
  return {id: ++lastId, request, socket, head, path, query: url.searchParams, record, report}
}

// Goes on with the handshake as `ws` does it, with the options the mode wants.
const accept = (context, mode) => {
  const {query} = context
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    autoPong: mode.autoPong !== false,
    maxPayload: Number(query.get('max-payload') || 1024 ** 3),
    perMessageDeflate: options.deflate && {
      threshold: Number(query.get('threshold') || 0),
      serverNoContextTakeover: query.has('server-no-context-takeover'),
      clientNoContextTakeover: query.has('client-no-context-takeover'),
      ...(query.has('server-window') && {serverMaxWindowBits: Number(query.get('server-window'))}),
      ...(query.has('client-window') && {clientMaxWindowBits: Number(query.get('client-window'))})
    },
    handleProtocols: (offered) => mode.subprotocol ? mode.subprotocol(offered) : [...offered][0]
  })
  server.handleUpgrade(context.request, context.socket, context.head, (ws) => {
    const {id, path} = context
    open.add(ws)
    report('open', {id, path, protocol: ws.protocol, extensions: ws.extensions})
    ws.on('error', (err) => report('error', {id, message: err.message}))
    ws.on('close', (code, reason) => {
      open.delete(ws)
      report('close', {id, code, reason: reason.toString()})
    })
    mode.open(ws)
  })
}

const server = createServer()
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {}) // a peer that resets is no news here
  const context = describe(request, socket, head)
  const mode = modes.choose(context)
  report('request', {id: context.id, path: context.path})
  if (mode.answer) mode.answer()
  else if (mode.delay) setTimeout(accept, mode.delay, context, mode)
  else accept(context, mode)
})
server.on('request', (request, response) => {
  response.writeHead(426, {'Content-Type': 'text/plain'})
  response.end('this server speaks WebSocket\n')
})
server.on('tlsClientError', (err) => report('tls-error', {message: err.message}))

process.on('SIGHUP', () => open.forEach((ws) => ws.close(1012, 'service restart')))
process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))
listen(server, options.listen)
