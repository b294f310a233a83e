// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool serve` and a browser: Chromium without a window shows a page that the server itself
// serves, tests/peers/page. What the page's own WebSocket does is ordered, and what it sees is
// reported, by channels of a server that is not the one in question.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const {test} = require('node:test')
const {Program, file, source, startServe} = require('./support.js')
const {DialectClient} = require('./dialects.js')

const page = path.join(source, 'tests', 'peers', 'page')

const connected = async (address) => {
  const client = await DialectClient.open(address, {subprotocol: 'wspool.v1.json'})
  assert.equal((await client.request({type: 'connect', id: 'hello'})).type, 'connected')
  return client
}

const subscribed = async (address, channel) => {
  const client = await connected(address)
  assert.equal((await client.request({type: 'subscribe', id: 's', channel})).type, 'subscribed')
  return client
}

const startChromium = (t, url) => {
  const profile = fs.mkdtempSync(file('chromium-'))
  const program = new Program('chromium', ['--headless', '--no-sandbox', '--disable-gpu',
    '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--no-first-run', '--no-proxy-server', `--user-data-dir=${profile}`, url],
  {env: {HOME: profile}, stdio: ['ignore', 'pipe', 'pipe']})
  program.child.on('error', (error) => { program.stderr += error.message })
  t.after(async () => {
    program.signal('SIGTERM')
    await program.end() // all its processes: they have its output open
  })
  return program
}

// The page in a browser, and how a test talks with it.
class Page {
  static async open(t) {
    const home = await startServe(t, '--files', `/=${page}`)
    const result = new Page()
    result.home = home.address
    result.reports = await subscribed(home.address, 'reports')
    result.chromium = startChromium(t, `http://${home.address}/index.html`)
    let ready
    result.sees('ready').then((report) => { ready = report }, () => {})
    await result.chromium.until(() => ready, 'the page')
    assert.match(ready.agent, /Chrome/)
    return result
  }

  order(data) { this.reports.send({type: 'publish', channel: 'orders', data}) }

  // Takes the first report of a kind, of one of the page's sockets.
  async sees(what, as, wanted = () => true) {
    const {data} = await this.reports.next((m) => m.type === 'event' && m.data.what === what &&
      m.data.as === as && wanted(m.data))
    return data
  }
  answer(as, id) { return this.sees('text', as, (report) => report.message.id === id) }

  // The page's socket of this name is connected to a server, and has said `connect`.
  async connect(as, address) {
    this.order({as, open: `ws://${address}/`})
    assert.equal((await this.sees('open', as)).protocol, 'wspool.v1.json')
    const {message} = await this.request(as, {type: 'connect', id: 'hello'})
    assert.equal(message.type, 'connected')
  }

  async request(as, message) {
    this.order({as, text: JSON.stringify(message)})
    return this.answer(as, message.id)
  }
}

test('a page publishes and hears text and bytes', async (t) => {
  const view = await Page.open(t)
  const {address} = await startServe(t)
  const ann = await subscribed(address, 'news')
  await view.connect('bob', address)
  const answer = await view.request('bob', {type: 'subscribe', id: 1, channel: 'news'})
  assert.equal(answer.message.type, 'subscribed')

  const text = {title: 'Grüße 🙂', n: [1, 2.5, null]}
  const told = await ann.request({type: 'publish', id: 1, channel: 'news', data: text})
  assert.equal(told.type, 'ack')
  await ann.next((m) => m.type === 'event')
  assert.deepEqual((await view.sees('text', 'bob')).message.data, text)

  const bytes = [...Array(256).keys()].reverse()
  ann.sendBinary({type: 'publish', id: 2, channel: 'news'}, Buffer.from(bytes))
  assert.deepEqual([...(await ann.next((m) => m.type === 'event')).bytes], bytes)
  const heard = await view.sees('binary', 'bob')
  assert.equal(heard.message.channel, 'news')
  assert.deepEqual(heard.bytes, bytes)

  const ack = await view.request('bob', {type: 'publish', id: 2, channel: 'news', data: text})
  assert.equal(ack.message.type, 'ack')
  assert.deepEqual((await ann.next((m) => m.type === 'event')).data, text)
  assert.deepEqual((await view.sees('text', 'bob')).message.data, text)

  view.order({as: 'bob', fields: {type: 'publish', id: 3, channel: 'news'}, bytes})
  assert.equal((await view.answer('bob', 3)).message.type, 'ack')
  assert.deepEqual([...(await ann.next((m) => m.type === 'event')).bytes], bytes)
  assert.deepEqual((await view.sees('binary', 'bob')).bytes, bytes)
})

test('a page connects only where its origin is allowed', async (t) => {
  const view = await Page.open(t)
  const open = await startServe(t, '--allow-origin', `http://${view.home}`)
  const shut = await startServe(t, '--allow-origin', 'http://elsewhere.example')
  await view.connect('welcome', open.address)
  view.order({as: 'refused', open: `ws://${shut.address}/`})
  await view.sees('error', 'refused')
  assert.equal((await view.sees('close', 'refused')).code, 1006)
  assert.equal(view.reports.waiting((m) => m.data?.what === 'open'), 0)
  shut.program.signal('SIGTERM')
  await shut.program.end()
  assert.equal(shut.program.account.arrived, 0)
})

test('a page is warned, and closed with 1012 and a reason, when the server ends', async (t) => {
  const view = await Page.open(t)
  const {address, program} = await startServe(t)
  await view.connect('bob', address)
  program.signal('SIGTERM')
  const {message} = await view.sees('text', 'bob')
  assert.equal(message.type, 'drain')
  assert.ok(message.reconnect_window_ms > 0)
  const close = await view.sees('close', 'bob')
  assert.equal(close.code, 1012)
  assert.notEqual(close.reason, '')
  assert.equal(close.wasClean, true)
  await program.end()
  assert.equal(program.status, 0)
  assert.deepEqual([program.account.drain.closed, program.account.drain.cut_off], [1, 0])
})
