// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool serve` among clients that come and go, do not read, or send nonsense; and the account of
// what was published while nodes and Redis die.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const {describe, test} = require('node:test')
const {file, lastingPort, patience, startRedis, startServe, wspool} = require('./support.js')
const {DialectClient, Subscriber, connectAll, connected, range, retrying} =
  require('./dialects.js')
const {RawClient, closeFrame, frame, header, request} = require('./raw_client.js')

// AddressSanitizer keeps up to 256 MiB of what was freed, besides what it takes for all the rest.
const memoryFactor = Number(process.env.WSPOOL_TEST_MEMORY_FACTOR || 1)
// Of those that come and go; sanitizers are slow.
const visitors = Number(process.env.WSPOOL_TEST_VISITORS || (memoryFactor > 1 ? 3_000 : 10_000))
const mostGrowthKiB = 16 * 1024 * memoryFactor + (memoryFactor > 1 ? 256 * 1024 : 0)
const subscribed = async (address, channel, more = {}) => {
  const client = await connected(address)
  const answer = await client.request({type: 'subscribe', id: 's', channel, ...more})
  assert.equal(answer.type, 'subscribed')
  return client
}

// The value of one of the server's metrics.
const metric = async (address, name) => {
  const response = await fetch(`http://${address}/metrics`, {headers: {Connection: 'close'}})
  const found = new RegExp(`^wspool_server_${name}{[^}]*} (.*)$`, 'm').exec(await response.text())
  return Number(found[1])
}

// What the descriptors of a process are, such as socket:[17]; one may have gone in the meantime.
const descriptors = ({pid}) => fs.readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
  try {
    return [fs.readlinkSync(`/proc/${pid}/fd/${name}`)]
  } catch {
    return []
  }
})
const socketsOf = (program) => descriptors(program).filter((x) => x.startsWith('socket:')).length
const threads = ({pid}) => fs.readdirSync(`/proc/${pid}/task`).length
const residentKiB = ({pid}) =>
  Number(/^VmRSS:\s*(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

// Ends a server, and says what it tells.
const accountOf = async (program) => {
  program.signal('SIGTERM')
  await program.end()
  assert.equal(program.status, 0, program.stderr)
  return program.account
}

// A client that behaves, beside others that do not: it publishes, hears of it, and asks, again and
// again, and everything has to be right. `end` tells how long the slowest round took.
const startHonest = async (address, channel) => {
  const client = await subscribed(address, channel)
  let rounds = 0
  let slowest = 0
  let over = false
  const live = async () => {
    for (; !over || rounds < 20; ++rounds) {
      const start = performance.now()
      const ack = await client.request({type: 'publish', id: rounds, channel, data: rounds})
      assert.equal(ack.type, 'ack')
      assert.equal((await client.next((m) => m.type === 'event')).data, rounds)
      const query = {type: 'query', id: `q${rounds}`, name: 'echo', data: [rounds]}
      assert.deepEqual((await client.request(query)).data, [rounds])
      slowest = Math.max(slowest, performance.now() - start)
    }
  }
  const done = live()
  done.catch(() => {}) // it is told by `end`
  return {
    end: async () => {
      over = true
      await done
      client.close()
      await client.closed
      return {slowest}
    }
  }
}

const assertServed = ({slowest}) => assert.ok(slowest < patience, `a round took ${slowest} ms`)

// -- coming and going ----------------------------------------------------------------------------

// Ways to come and to go.
const visits = [
  async (address) => { // in order
    const client = await subscribed(address, 'lobby')
    client.close()
    assert.equal((await client.closed).code, 1000)
  },
  async (address) => { // gone in the middle of the upgrade
    const client = await RawClient.reach(address)
    await client.write(request(address).slice(0, 60))
    await client.reset()
  },
  async (address) => { // gone in the middle of a frame, after it has subscribed
    const client = await RawClient.open(address)
    await client.write(frame(0x81, '{"type":"connect","id":1}'))
    await client.write(frame(0x81, '{"type":"subscribe","id":2,"channel":"lobby"}'))
    await client.write(frame(0x81, '{"type":"publish","channel":"lobby","data":7}').subarray(0, 20))
    await client.reset()
  },
  async (address) => { // gone at once after the upgrade was asked for
    const client = await RawClient.reach(address)
    await client.write(request(address))
    await client.reset()
  },
  async (address) => { // says that it ends, in the middle of a frame
    const client = await RawClient.open(address)
    await client.write(frame(0x82, 'x'.repeat(1000)).subarray(0, 500))
    client.end()
    assert.notEqual(await client.ended, 'late')
  },
]

const visit = (address, count, atOnce) => connectAll(atOnce, async (_, worker) => {
  for (let i = worker; i < count; i += atOnce)
    await visits[(i + Math.floor(i / atOnce)) % visits.length](address)
})

test(`${visitors} connections come and go, and nothing of them is left`, async (t) => {
  const {address, program} = await startServe(t)
  const sockets = socketsOf(program)
  await visit(address, 400, 200) // makes what a process makes only once
  await retrying('the first are gone', async () => await metric(address, 'clients') === 0)
  await retrying('their sockets are, too', async () => socketsOf(program) === sockets)
  const taken = () => ({descriptors: descriptors(program).length, threads: threads(program)})
  const before = taken()
  const memory = residentKiB(program)
  const honest = await startHonest(address, 'mine')
  await visit(address, visitors, 200)
  assertServed(await honest.end())
  await retrying('nobody is there', async () => await metric(address, 'clients') === 0)
  await retrying('no socket is left but the one that asks', async () =>
    await metric(address, 'sockets') === 1 && await metric(address, 'rooms') === 0)
  await retrying('descriptors and threads are as before', async () => {
    assert.deepEqual(taken(), before)
    return true
  })
  const growth = residentKiB(program) - memory
  assert.ok(growth < mostGrowthKiB, `${growth} KiB more`)
  const late = await subscribed(address, 'lobby')
  late.send({type: 'publish', channel: 'lobby', data: 1})
  assert.equal((await late.next((m) => m.type === 'event')).data, 1)
  late.close()
  await late.closed
  const account = await accountOf(program)
  assert.ok(account.arrived >= (400 + visitors) * 3 / 5, `${account.arrived} arrived`)
  assert.equal(account.drain.left, 0)
})

// -- not reading ---------------------------------------------------------------------------------

const floodPad = 'x'.repeat(32_000)

// Publishes until it is enough, no faster than those who read do read: they are not the slow ones.
// They get everything, in order. Returns how many.
const flood = async (publisher, readers, isEnough) => {
  const window = 8
  const limit = 5000 // 160 MB a member: far more than the system's buffers take
  let sent = 0
  let read = 0
  while (!isEnough() || read < sent) {
    assert.ok(sent < limit, 'it was never enough')
    while (!isEnough() && sent < read + window)
      publisher.send({type: 'publish', channel: 'flood', data: {i: sent++, pad: floodPad}})
    for (const one of readers)
      assert.equal((await one.next((m) => m.type === 'event')).data.i, read)
    ++read
  }
  return sent
}

// A server with two that read, and what to flood them with beside others that do not.
class Flood {
  static async start(t, policy, ...args) {
    const result = new Flood()
    Object.assign(result, await startServe(t, '--slow-consumer', policy, '--presence', ...args))
    result.t = t
    result.readers = await connectAll(2, () =>
      subscribed(result.address, 'flood', {presence: true}))
    result.publisher = await connected(result.address)
    return result
  }

  // One more that does not read.
  async stalled() {
    const client = await subscribed(this.address, 'flood')
    client.ws._socket.pause()
    this.t.after(() => client.terminate())
    return client
  }

  dropped() { return metric(this.address, 'messages_dropped_total') }

  // Until the server has dropped so many, and its memory watched. Returns how many it took.
  async run(drops) {
    const goal = await this.dropped() + drops
    const memory = residentKiB(this.program)
    let most = memory
    let isEnough = false
    const watch = retrying(`${drops} were dropped`, async () => {
      most = Math.max(most, residentKiB(this.program))
      isEnough = await this.dropped() >= goal
      return isEnough
    })
    const count = await flood(this.publisher, this.readers, () => isEnough)
    await watch
    assert.ok(most - memory < mostGrowthKiB, `${most - memory} KiB more`)
    return count
  }

  async leaver() {
    return (await this.readers[0].next((m) => m.type === 'leave')).member.connection
  }
}

// What it has got of the flood, in order.
const floodOf = (client) => client.inbox.filter((m) => m.type === 'event').map((m) => m.data.i)

describe('clients that stop reading', {concurrency: true}, () => {
  for (const [policy, code] of [['close-try-again', 1013], ['close-policy', 1008]])
    test(`${policy}: are closed with ${code}, and others get everything`, async (t) => {
      // It reads again before it is cut off, however long the flood takes.
      const patient = file('patient.ini', '[serve-limits]\nclose-timeout = 1h\n')
      const it = await Flood.start(t, policy, '--config', patient)
      const client = await it.stalled()
      const count = await it.run(1)
      client.ws._socket.resume() // in time to see why
      assert.deepEqual(await client.closed, {code, reason: 'too slow'})
      const seen = floodOf(client)
      assert.ok(seen.length < count, 'it was too slow')
      assert.deepEqual(seen, range(seen.length), 'in order, up to the end')
      assert.equal(await it.leaver(), client.greeting.connection)
      const account = await accountOf(it.program)
      assert.ok(account.dropped >= 1)
      assert.equal(account.published, count)
    })

  test('close-try-again: who never reads again is cut off', async (t) => {
    const it = await Flood.start(t, 'close-try-again')
    const client = await it.stalled()
    await it.run(100)
    assert.equal(await it.leaver(), client.greeting.connection)
    await retrying('it is gone', async () => await metric(it.address, 'clients') === 3)
    assert.equal(client.over, undefined, 'which it cannot know')
  })

  for (const policy of ['drop-oldest', 'drop-newest'])
    test(`${policy}: get some, in order, and see by offsets what is missing`, async (t) => {
      const it = await Flood.start(t, policy, '--history', '1000')
      const [later, never] = [await it.stalled(), await it.stalled()]
      const count = await it.run(200)
      later.ws._socket.resume()
      assert.equal((await later.request({type: 'ping', id: 'p'})).type, 'pong')
      const seen = floodOf(later)
      await later.next((m) => m.type === 'gap' && m.channel === undefined)
      assert.ok(seen.length > 0 && seen.length < count, `${seen.length} came`)
      assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), 'once, in order')
      const offsets = later.inbox.filter((m) => m.type === 'event').map((m) => m.offset)
      assert.deepEqual(offsets, seen.map((i) => i + 1))
      assert.equal(seen.at(-1) === count - 1, policy === 'drop-oldest')
      assert.equal(it.readers[0].waiting((m) => m.type === 'leave'), 0, 'nobody was closed')
      never.terminate()
      assert.equal(await it.leaver(), never.greeting.connection)
      const {dropped} = await accountOf(it.program)
      assert.ok(dropped >= count - seen.length, `${dropped} dropped`)
    })
})

// -- nonsense ------------------------------------------------------------------------------------

const frameFaults = [
  ['a reserved bit', frame(0xc1, 'x'), 1002],
  ['an unknown opcode', frame(0x83, 'x'), 1002],
  ['an unknown control opcode', frame(0x8b, 'x'), 1002],
  ['no mask', frame(0x81, '{}', {masked: false}), 1002],
  ['a ping in pieces', frame(0x09, 'x'), 1002],
  ['a large ping', frame(0x89, 'x'.repeat(126)), 1002],
  ['a continuation of nothing', frame(0x80, 'x'), 1002],
  ['a message within a message', Buffer.concat([frame(0x01, 'a'), frame(0x81, 'b')]), 1002],
  ['a close frame of one byte', frame(0x88, 'x'), 1002],
  ['a close code that is not sent', closeFrame(1005), 1002],
  ['a close code below all', closeFrame(999), 1002],
  ['a close reason that is no text', closeFrame(1000, Buffer.from([0xff])), 1002],
  ['no text', frame(0x81, Buffer.from([0x7b, 0xff, 0x7d])), 1007],
  ['half of a letter at the end', frame(0x81, Buffer.from([0xc3])), 1007],
  // Its first bit must not be set; that it is too large is as true.
  ['a length above 2^63', Buffer.from([0x82, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ['too large a frame, of which the head is enough',
    Buffer.concat([header(0x82, 2 * 1024 * 1024, 0x80), Buffer.alloc(4)]), 1009],
  ['too large a message of small frames',
    Buffer.concat([frame(0x02, 'x'.repeat(600_000)), frame(0x80, 'x'.repeat(600_000))]), 1009],
]

// The same numbers in every run (mulberry32).
const randomNumbers = (seed) => (below) => {
  seed = (seed + 0x6d2b79f5) | 0
  let x = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
  return ((x ^ (x >>> 14)) >>> 0) % below
}

test('a flood of malformed frames: each ends with its code, others are served', async (t) => {
  const {address, program} = await startServe(t)
  const honest = await startHonest(address, 'mine')
  for (const [what, bytes, code] of frameFaults)
    await connectAll(20, async () => {
      const client = await RawClient.open(address)
      client.write(bytes)
      assert.equal(await client.ended, code, what)
    })
  const random = randomNumbers(4)
  const codes = await connectAll(400, async () => {
    const bytes = Buffer.from(range(1 + random(2000)).map(() => random(256)))
    const client = await RawClient.open(address)
    client.write(bytes)
    client.end()
    return client.ended
  })
  // No code: the bytes ended in the middle of a frame.
  const allowed = [1002, 1005, 1007, 1009, undefined]
  assert.deepEqual(codes.filter((code) => !allowed.includes(code)), [])
  assert.ok(codes.filter((code) => code === 1002).length > 200, `${codes}`)
  assertServed(await honest.end())
  await retrying('nobody is there', async () => await metric(address, 'clients') === 0)
  const account = await accountOf(program)
  assert.equal(account.arrived, 20 * frameFaults.length + 400 + 1)
})

const goodMessages = [
  {type: 'ping', id: 3},
  {type: 'subscribe', id: 4, channel: 'news', recover: {epoch: 'x', offset: 4}},
  {type: 'publish', id: 5, channel: 'news', data: {a: [1, 2, {b: null}]}, meta: {lang: 'en'}},
  {type: 'query', id: 6, name: 'echo', data: 'x', deadline_ms: 100, key: 'k'},
  {type: 'command', name: 'ignore', id: 7},
  {type: 'presence', id: 8, channel: 'news'},
].map((message) => JSON.stringify(message))

// A good message with one to four of its characters replaced, taken away or doubled.
const spoilt = (random) => {
  let text = goodMessages[random(goodMessages.length)]
  for (let i = random(4); i >= 0; --i) {
    const at = random(text.length)
    const middle = ['', text[at] + text[at], String.fromCharCode(32 + random(95))][random(3)]
    text = text.slice(0, at) + middle + text.slice(at + 1)
  }
  return text
}

test('a flood of malformed messages: who goes on is closed, others are served', async (t) => {
  const {address, program} = await startServe(t)
  const honest = await startHonest(address, 'mine')
  const random = randomNumbers(7)
  await connectAll(60, async (_, i) => {
    const client = await connected(address)
    const words = range(400).map(() => i % 2 === 0 ? spoilt(random)
      : String.fromCharCode(...range(1 + random(60)).map(() => random(0xd800))))
    for (const [k, text] of words.entries()) {
      client.send(text)
      if (k % 20 === 0) await new Promise(setImmediate) // the others of this process, too
    }
    assert.deepEqual((await client.closed).code, 1008)
    const refused = client.inbox.filter((m) => m.type === 'error')
    assert.ok(refused.length > 0 && refused.every((m) => m.code && m.message))
  })
  assertServed(await honest.end())
  const account = await accountOf(program)
  assert.ok(account.rejected >= 60 * 20, `${account.rejected} rejected`)
})

// -- the account ---------------------------------------------------------------------------------

// A node at an address of its own, to which it returns.
class Node {
  static async start(t, url) {
    const node = new Node()
    node.address = `127.0.0.1:${await lastingPort()}`
    node.args = ['serve', '--listen', node.address, '--redis', url, '--history', '1000000',
      '--history-bytes', '256MiB']
    t.after(() => node.program.signal('SIGKILL'))
    await node.run()
    return node
  }
  async run() {
    this.program = wspool(this.args)
    await this.program.firstLine()
  }
  async kill() {
    this.program.signal('SIGKILL')
    await this.program.end()
  }
}

// Publishes numbers, each until it is acknowledged, until it is told to stop.
const publishOn = (publisher, from) => {
  const state = {next: 0, over: false}
  const work = async () => {
    for (; !state.over; ++state.next) await publisher.publish('news', [from, state.next])
  }
  state.done = work()
  state.done.catch(() => {})
  state.publisher = publisher
  return state
}

// Everybody has gone on by this much.
const progress = async (loads, count) => {
  const goals = loads.map((load) => load.next + count)
  await retrying('everybody can publish', async () =>
    loads.every((load, i) => load.next >= goals[i]))
}

// Nobody's publications are accepted any more.
const refused = async (loads) => {
  const refusals = loads.map((load) => load.publisher.refusals)
  await retrying('publications are refused', async () =>
    loads.every((load, i) => load.publisher.refusals > refusals[i]))
}

// Every member hears of what is being published.
const hearing = async (members, loads) => {
  const goals = loads.map((load) => load.next)
  const hears = (one, from) => one.data.some(([of, n]) => of === from && n >= goals[from])
  await retrying('everybody hears everybody', async () =>
    members.every((one) => goals.every((_, from) => hears(one, from))))
}

// Of each publisher: all, once and in order, but where the member knows of a gap. There messages
// may be missing; or the last one comes again, which was not acknowledged before Redis lost
// everything, that it was published once included.
const assertAccount = (member, loads) => {
  const next = loads.map(() => 0)
  const isAfterGap = loads.map(() => false)
  let breaks = 0
  member.data.forEach(([from, n], i) => {
    for (; breaks < member.breaks.length && member.breaks[breaks] <= i; ++breaks)
      isAfterGap.fill(true)
    const isRight = isAfterGap[from] ? n >= next[from] - 1 : n === next[from]
    assert.ok(isRight, `at ${i} came ${n} of ${from}, not ${next[from]}; ${member.breaks}`)
    isAfterGap[from] = false
    next[from] = n + 1
  })
  const isToldOfTheEnd = breaks < member.breaks.length
  if (!isToldOfTheEnd) assert.deepEqual(next, loads.map((load) => load.next))
}

test('the account: while nodes and Redis die nothing is lost or doubled unsaid', async (t) => {
  const port = await lastingPort()
  let redis = await startRedis(t, port)
  const nodes = await connectAll(2, () => Node.start(t, `redis://127.0.0.1:${port}`))
  const addresses = nodes.map((node) => node.address)
  const start = (channel) => (_, i) =>
    Subscriber.start(t, i % 2 === 0 ? addresses : [...addresses].reverse(), channel)
  const members = await connectAll(6, start('news'))
  const loads = (await connectAll(3, start('other'))).map(publishOn)

  for (const node of [nodes[0], nodes[1], nodes[0]]) {
    await progress(loads, 200)
    await node.kill()
    await progress(loads, 200) // by the other one
    await node.run()
  }
  await hearing(members, loads)
  assert.deepEqual(members.map((one) => one.gaps), members.map(() => 0), 'Redis knew everything')
  assert.ok(members.some((one) => one.connections > 1), 'somebody had to move')

  redis.signal('SIGSTOP')
  await refused(loads)
  redis.signal('SIGCONT')
  await progress(loads, 200)
  await hearing(members, loads)
  assert.ok(members.every((one) => one.heals > 0), 'links were given up: all were told')
  assert.deepEqual(members.map((one) => one.gaps), members.map(() => 0), 'histories healed it')

  for (const node of [undefined, nodes[1]]) {
    redis.signal('SIGKILL')
    await Promise.all([redis.end(), node?.kill()])
    await refused(loads)
    redis = await startRedis(t, port)
    await progress(loads, 200)
    await node?.run()
    await progress(loads, 200)
    await hearing(members, loads)
  }

  for (const load of loads) load.over = true
  for (const load of loads) await load.done
  const isLast = ([from, n]) => from === 0 && n === loads[0].next
  await loads[0].publisher.publish('news', [0, loads[0].next])
  for (const one of members)
    await retrying('the last has come', async () => one.data.some(isLast))
  ++loads[0].next
  for (const one of members) {
    assert.ok(one.gaps >= 2, 'Redis had forgotten everything, twice')
    assertAccount(one, loads)
  }
})
