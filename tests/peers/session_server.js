// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

const {WebSocketServer} = require('ws')
const {listen, parseCommandLine, reporter} = require('./support')

const usage = `Usage: node session_server.js [OPTION]...

A small server of wspool.v1.json: channels with an endless history, publications known by session
and id, the query "echo". It knows nothing of presence.

  --listen HOST:PORT  default 127.0.0.1:0, any free port
  --token TOKEN       what \`connect\` must show
  --cut-after N       close each connection with 1001 after so many publications on it
  --quiet             print no events
`

const {values: options} = parseCommandLine(usage, {
  listen: {type: 'string', default: '127.0.0.1:0'},
  token: {type: 'string'},
  'cut-after': {type: 'string', default: '0'},
  quiet: {type: 'boolean', default: false}
})
const cutAfter = Number(options['cut-after'])
const report = reporter(options.quiet)

const epoch = 'e1'
const channels = new Map() // name -> {log: [data], members: Set of connections}
const published = new Map() // session and id -> offset

const channelOf = (name) => {
  if (!channels.has(name)) channels.set(name, {log: [], members: new Set()})
  return channels.get(name)
}

class Connection {
  constructor(socket) {
    this.socket = socket
    this.publications = 0
    socket.on('message', (data) => this.hear(JSON.parse(data)))
    socket.on('close', () => channels.forEach(({members}) => members.delete(this)))
  }

  say(message) { this.socket.send(JSON.stringify(message)) }

  refuse({id}, code, message) { this.say({type: 'error', id, code, message}) }

  hear(message) {
    report('heard', {type: message.type})
    const handler = this['on_' + message.type]
    if (handler) handler.call(this, message)
    else this.refuse(message, 'unknown_type', `type is unknown: ${message.type}`)
  }

  on_connect(message) {
    if (options.token !== undefined && message.token !== options.token) {
      this.refuse(message, 'unauthorized', 'the token is wrong')
      return this.socket.close(4401)
    }
    this.session = message.session
    this.say({type: 'connected', id: message.id, connection: 'c1', session: this.session,
      max_message_bytes: 65536, deduplication_ms: 120000})
  }

  event(name, log, index) {
    this.say({type: 'event', channel: name, epoch, offset: index + 1, data: log[index]})
  }

  on_subscribe({id, channel, recover}) {
    if (channel === 'forbidden') return this.refuse({id}, 'forbidden', 'not for you')
    const {log, members} = channelOf(channel)
    members.add(this)
    const answer = {type: 'subscribed', id, channel, epoch, offset: log.length}
    if (recover) answer.recovered = recover.epoch === epoch
    this.say(answer)
    if (answer.recovered)
      for (let i = recover.offset; i < log.length; ++i) this.event(channel, log, i)
  }

  on_unsubscribe({id, channel}) {
    channelOf(channel).members.delete(this)
    this.say({type: 'ack', id})
  }

  // What is cut off has been published, and its publisher does not know.
  on_publish({id, channel, data}) {
    const {log, members} = channelOf(channel)
    const key = JSON.stringify([this.session, id])
    const duplicate = published.has(key)
    if (!duplicate) {
      log.push(data)
      published.set(key, log.length)
      members.forEach((member) => member.event(channel, log, log.length - 1))
    }
    if (cutAfter > 0 && ++this.publications === cutAfter) return this.socket.close(1001)
    const answer = {type: 'ack', id, epoch, offset: published.get(key)}
    this.say(duplicate ? {...answer, duplicate} : answer)
  }

  on_query({id, name, data}) {
    if (name === 'echo') this.say({type: 'response', id, data})
    else this.refuse({id}, 'not_found', `no such query: ${name}`)
  }

  on_disconnect({id}) {
    this.say({type: 'ack', id})
    this.socket.close(1000)
  }
}

const server = require('node:http').createServer()
new WebSocketServer({server, handleProtocols: (offered) =>
  offered.has('wspool.v1.json') ? 'wspool.v1.json' : false})
  .on('connection', (socket) => new Connection(socket))
listen(server, options.listen)
