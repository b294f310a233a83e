// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// Two `wspool serve` over a Redis: one system, whichever node a client is connected to, and
// although nodes, proxies and Redis die.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const {test} = require('node:test')
const {Program, file, freePort, lastingPort, source, startRedis, startServe} =
  require('./support.js')
const {DialectClient, Subscriber, connected, range, retrying} = require('./dialects.js')

// {redis, url, nodes}
const startCluster = async (t, ...args) => {
  const port = await lastingPort()
  const redis = await startRedis(t, port)
  const url = `redis://127.0.0.1:${port}`
  const nodes = []
  for (let i = 0; i < 2; ++i)
    nodes.push(await startServe(t, '--redis', url, '--history', '10000', ...args))
  await Promise.all(nodes.map((node) => reachesRedis(node.address)))
  return {redis, port, url, nodes}
}

// A node connects to Redis in its own time: waits until something can be published there.
const reachesRedis = (address) => retrying('the node has its Redis', async () => {
  const client = await connected(address)
  const answer = await client.request({type: 'publish', id: 1, channel: 'probe', data: 0})
  client.close()
  return answer.type === 'ack'
})

// A sample from config/ with other ports, as {program, address}.
const startProxy = async (t, sample, command, args, nodes) => {
  const port = await freePort()
  const text = fs.readFileSync(path.join(source, 'config', sample), 'utf8')
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replace(/^( *server (?:a )?)127.0.0.1:9000/m, `$1${nodes[0].address}`)
    .replace(/^( *server (?:b )?)127.0.0.1:9001/m, `$1${nodes[1].address}`)
  const config = file(`${port}-${sample}`, text)
  const program = new Program(command, args(config))
  t.after(() => program.signal('SIGTERM'))
  const address = `127.0.0.1:${port}`
  await retrying(`${command} serves`, async () => {
    if (program.status !== undefined) throw new Error(program.stderr)
    const client = await connected(address)
    client.close()
    return true
  })
  return {program, address}
}

const startHaproxy = (t, nodes) =>
  startProxy(t, 'haproxy.cfg', 'haproxy', (config) => ['-db', '-f', config], nodes)

const startNginx = (t, nodes) => {
  const directory = fs.mkdtempSync(file('nginx-'))
  const here = `daemon off; pid ${directory}/pid; error_log stderr;`
  return startProxy(t, 'nginx.conf', 'nginx',
    (config) => ['-p', directory, '-c', config, '-g', here], nodes)
}

test('a publication reaches the members on all nodes once and in order', async (t) => {
  const {nodes} = await startCluster(t)
  const members = [await connected(nodes[0].address), await connected(nodes[1].address)]
  for (const one of members) await one.request({type: 'subscribe', id: 1, channel: 'news'})
  const publisher = await connected(nodes[0].address)
  for (const i of range(300)) publisher.send({type: 'publish', channel: 'news', data: i})
  for (const one of members)
    for (const i of range(300))
      assert.equal((await one.next((m) => m.type === 'event')).data, i)
})

test('ThinWS clients of one room meet, and find their rooms again on the other node', async (t) => {
  const {nodes} = await startCluster(t, '--dialect', 'thinws')
  const open = async (node, connectionID) => {
    const client = await DialectClient.open(node.address)
    client.send({messageID: 1, type: 'connect', connectionID})
    await client.next((m) => m.type === 'ack')
    return client
  }
  let ann = await open(nodes[0], 'ann')
  const bob = await open(nodes[1], 'bob')
  for (const one of [ann, bob]) {
    one.send({messageID: 2, type: 'subscribe', roomID: 'lobby'})
    await one.next((m) => m.type === 'ack')
  }
  bob.send({messageID: 3, type: 'message', roomID: 'lobby', message: 'hi'})
  assert.equal((await ann.next((m) => m.type === 'message')).message, 'hi')
  ann.close()
  await ann.closed
  ann = await open(nodes[1], 'ann')
  bob.send({messageID: 4, type: 'message', roomID: 'lobby', message: 'welcome back'})
  assert.equal((await ann.next((m) => m.type === 'message')).message, 'welcome back')
})

test('behind HAProxy, clients of a killed node land on the other and miss nothing', async (t) => {
  const {nodes} = await startCluster(t)
  const {address} = await startHaproxy(t, nodes)
  const members = await Promise.all(range(8).map(() => Subscriber.start(t, address, 'news')))
  const publisher = await Subscriber.start(t, address, 'other')
  for (const i of range(200)) {
    if (i === 60) nodes[0].program.signal('SIGKILL')
    await publisher.publish('news', i)
  }
  for (const one of members) {
    await one.has(200)
    assert.deepEqual(one.data, range(200))
    assert.equal(one.gaps, 0)
  }
  assert.ok(members.some((one) => one.connections > 1), 'somebody had to move')
})

test('behind nginx, too', async (t) => {
  const {nodes} = await startCluster(t)
  const {address} = await startNginx(t, nodes)
  const members = await Promise.all(range(4).map(() => Subscriber.start(t, address, 'news')))
  const publisher = await Subscriber.start(t, address, 'other')
  for (const i of range(60)) {
    if (i === 20) nodes[1].program.signal('SIGKILL')
    await publisher.publish('news', i)
  }
  for (const one of members) {
    await one.has(60)
    assert.deepEqual(one.data, range(60))
  }
})

test('while Redis is gone publications are refused; then members know of the gap', async (t) => {
  const {nodes, redis, port} = await startCluster(t)
  const bob = await connected(nodes[1].address)
  await bob.request({type: 'subscribe', id: 1, channel: 'news'})
  const ann = await connected(nodes[0].address)
  await ann.request({type: 'publish', id: 1, channel: 'news', data: 'before'})
  await bob.next((m) => m.type === 'event')
  redis.signal('SIGKILL')
  await redis.end()
  await retrying('a publication is refused', async () => {
    const answer = await ann.request({type: 'publish', id: `gone ${Math.random()}`,
      channel: 'news', data: 'lost'})
    return answer.code === 'unavailable'
  })
  await startRedis(t, port)
  await bob.next((m) => m.type === 'gap')
  await retrying('a publication is accepted again', async () => {
    const answer = await ann.request({type: 'publish', id: `back ${Math.random()}`,
      channel: 'news', data: 'after'})
    return answer.type === 'ack'
  })
  assert.equal((await bob.next((m) => m.type === 'event')).data, 'after')
})

// What /readyz says.
const readinessOf = async (address) => {
  const response = await fetch(`http://${address}/readyz`, {headers: {Connection: 'close'}})
  return {status: response.status, text: await response.text()}
}

test('a Redis that refuses the password is told of, and the server is not ready', async (t) => {
  const port = await lastingPort()
  const redis = await startRedis(t, port, '--requirepass', 'the-right-one')
  const {address, program} = await startServe(t, '--config', file('refused.ini',
    `[serve-redis]\nurl = "redis://:a-wrong-one@127.0.0.1:${port}"\n`), '-vv')
  await program.until((p) => /Redis refused the password/.test(p.stderr), 'the refusal')
  await retrying('it says why', async () => {
    const {status, text} = await readinessOf(address)
    return status === 503 && /^no Redis since the start: .*Redis refused the password/.test(text)
  })
  const without = await startServe(t, '--redis', `redis://127.0.0.1:${port}`)
  await without.program.until((p) => /Redis wants a password/.test(p.stderr), 'the refusal')
  assert.doesNotMatch(program.stderr, /wrong-one/)
  assert.doesNotMatch(program.stderr, /no address accepted/)
  redis.signal('SIGKILL')
  await redis.end()
  await startRedis(t, port, '--requirepass', 'a-wrong-one') // now it is the right one
  await retrying('it is ready', async () => (await readinessOf(address)).status === 200)
  await reachesRedis(address)
})

test('a server that loses its Redis stays ready, and says so', async (t) => {
  const {nodes, redis, port} = await startCluster(t)
  const {address} = nodes[0]
  assert.deepEqual(await readinessOf(address), {status: 200, text: 'ready\n'})
  redis.signal('SIGKILL')
  await retrying('it says so', async () => {
    const {status, text} = await readinessOf(address)
    assert.equal(status, 200)
    return text.startsWith('ready, but without Redis: ')
  })
  await startRedis(t, port)
  await retrying('all is well again', async () => (await readinessOf(address)).text === 'ready\n')
})
