// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// The server that one writes with npm's `ws`: a loop over all clients for each message.

const path = require('node:path')
const {createRequire} = require('node:module')

// The package is that of the tests' peers.
const find = createRequire(path.join(__dirname, '..', '..', '..', 'tests', 'peers', 'package.json'))
const {WebSocketServer, WebSocket} = find('ws')

const server = new WebSocketServer({host: '127.0.0.1', port: 0, backlog: 4096,
  perMessageDeflate: true}) // with those that ask for it
server.on('listening', () => console.log(`127.0.0.1:${server.address().port}`))
server.on('connection', (ws) => {
  ws.on('error', () => {})
  ws.on('message', (data, binary) => {
    for (const client of server.clients)
      if (client.readyState === WebSocket.OPEN) client.send(data, {binary})
  })
})
