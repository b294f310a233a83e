// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// `wspool serve` as its clients see it: npm `ws` speaking each of the dialects.

const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const http = require('node:http')
const path = require('node:path')
const tls = require('node:tls')
const {test} = require('node:test')
const {certificates, file, run, startServe, wspool} = require('./support.js')
const {DialectClient, connectAll, connected} = require('./dialects.js')

const speaking = (subprotocol) => (address, options) =>
  DialectClient.open(address, {subprotocol, ...options})
const v1 = speaking('wspool.v1.json')
const thinws = speaking('thinws')
const channels = speaking('channels')

test('v1: subscribes, publishes, acknowledges, and tells everybody in the channel', async (t) => {
  const {address} = await startServe(t)
  const [ann, bob] = [await connected(address), await connected(address)]
  for (const one of [ann, bob])
    await one.request({type: 'subscribe', id: 1, channel: 'news'})
  const ack = await ann.request({type: 'publish', id: 2, channel: 'news',
    data: {title: 'It works'}})
  assert.equal(ack.type, 'ack')
  for (const one of [ann, bob]) {
    const event = await one.next((m) => m.type === 'event')
    assert.deepEqual(event.data, {title: 'It works'})
    assert.equal(event.channel, 'news')
    assert.equal(event.from.connection, ann.greeting.connection)
  }
  assert.equal((await bob.request({type: 'unsubscribe', id: 3, channel: 'news'})).type, 'ack')
  await ann.request({type: 'publish', id: 4, channel: 'news', data: 'more'})
  await ann.next((m) => m.type === 'event')
  await bob.request({type: 'ping', id: 5}) // whatever was on its way has come before
  assert.equal(bob.waiting((m) => m.type === 'event'), 0)
})

test('v1: what is not understood is refused by name, and nothing else happens', async (t) => {
  const {address} = await startServe(t)
  const ann = await v1(address)
  const refusal = async (message) => {
    ann.send(message)
    return ann.next((m) => m.type === 'error')
  }
  assert.equal((await refusal({type: 'subscribe', id: 1, channel: 'x'})).code, 'not_connected')
  await ann.request({type: 'connect', id: 2})
  const cases = [
    ['{', 'invalid_json', undefined],
    [[1], 'invalid_message', undefined],
    [{type: 'shout', id: 3}, 'unknown_type', 'type'],
    [{type: 'subscribe', id: 4}, 'missing_field', 'channel'],
    [{type: 'subscribe', id: 5, channel: 7}, 'invalid_field', 'channel'],
    [{type: 'subscribe', id: 6, chanel: 'x', channel: 'x'}, 'unknown_field', 'chanel'],
    [{type: 'query', id: 7, name: 'nobody knows'}, 'not_found', 'name'],
  ]
  for (const [message, code, field] of cases) {
    const error = await refusal(message)
    assert.equal(error.code, code)
    assert.equal(error.field, field)
  }
  assert.equal((await ann.request({type: 'ping', id: 8})).type, 'pong')
})

test('v1: who goes on sending what is refused is closed with 1008', async (t) => {
  const {address} = await startServe(t)
  const ann = await connected(address)
  for (let i = 0; i < 200; ++i) ann.send('{')
  assert.equal((await ann.closed).code, 1008)
})

test('v1: a client that returns gets what it missed, or is told that it cannot', async (t) => {
  const {address} = await startServe(t, '--history', '10')
  const ann = await connected(address)
  let bob = await connected(address)
  const {epoch, offset} = await bob.request({type: 'subscribe', id: 1, channel: 'news'})
  bob.close()
  await bob.closed
  for (let i = 0; i < 5; ++i)
    await ann.request({type: 'publish', id: 10 + i, channel: 'news', data: i})
  bob = await connected(address)
  const again = await bob.request({type: 'subscribe', id: 1, channel: 'news',
    recover: {epoch, offset}})
  assert.equal(again.recovered, true)
  for (let i = 0; i < 5; ++i) {
    const event = await bob.next((m) => m.type === 'event')
    assert.equal(event.data, i)
    assert.equal(event.offset, offset + 1 + i)
  }
  for (let i = 0; i < 20; ++i)
    await ann.request({type: 'publish', id: 100 + i, channel: 'news', data: i})
  const late = await connected(address)
  const lost = await late.request({type: 'subscribe', id: 1, channel: 'news',
    recover: {epoch, offset}})
  assert.equal(lost.recovered, false)
})

test('v1: the same publication again is not published again', async (t) => {
  const {address} = await startServe(t)
  const bob = await connected(address)
  await bob.request({type: 'subscribe', id: 1, channel: 'news'})
  for (let life = 0; life < 2; ++life) {
    const ann = await connected(address, {session: 'ann-1'})
    const ack = await ann.request({type: 'publish', id: 7, channel: 'news', data: 'once'})
    assert.equal(ack.type, 'ack')
    assert.equal(ack.duplicate, life === 0 ? undefined : true)
    ann.close()
    await ann.closed
  }
  await bob.request({type: 'publish', id: 2, channel: 'news', data: 'end'})
  assert.equal((await bob.next((m) => m.type === 'event')).data, 'once')
  assert.equal((await bob.next((m) => m.type === 'event')).data, 'end')
})

test('v1: presence tells who is there, who comes and who goes', async (t) => {
  const {address} = await startServe(t)
  const ann = await connected(address)
  await ann.request({type: 'subscribe', id: 1, channel: 'room', presence: true})
  const bob = await connected(address)
  await bob.request({type: 'subscribe', id: 1, channel: 'room'})
  const join = await ann.next((m) => m.type === 'join')
  assert.equal(join.member.connection, bob.greeting.connection)
  const who = await ann.request({type: 'presence', id: 2, channel: 'room'})
  assert.equal(who.total, 2)
  assert.deepEqual(who.members.map((m) => m.connection).sort(),
    [ann.greeting.connection, bob.greeting.connection].sort())
  bob.terminate()
  const leave = await ann.next((m) => m.type === 'leave')
  assert.equal(leave.member.connection, bob.greeting.connection)
})

test('v1: queries are answered, commands acknowledged', async (t) => {
  const {address} = await startServe(t)
  const ann = await connected(address)
  const echo = await ann.request({type: 'query', id: 1, name: 'echo', data: {a: [1, 'ü']}})
  assert.deepEqual(echo, {type: 'response', id: 1, data: {a: [1, 'ü']}})
  const time = await ann.request({type: 'query', id: 2, name: 'time'})
  assert.ok(Math.abs(time.data - Date.now()) < 60_000)
  assert.equal((await ann.request({type: 'command', id: 3, name: 'ignore'})).type, 'ack')
  assert.equal((await ann.request({type: 'command', id: 4, name: 'nobody'})).code, 'not_found')
})

test('v1: bytes travel, and members of a text dialect get them as Base64', async (t) => {
  const {address} = await startServe(t)
  const [ann, bob] = [await connected(address), await channels(address)]
  await ann.request({type: 'subscribe', id: 1, channel: 'pictures'})
  bob.send({action: 'subscribe', channel: 'pictures'})
  await bob.next((m) => m.channel === 'system')
  const bytes = Buffer.from([0, 10, 255, 1])
  ann.sendBinary({type: 'publish', id: 2, channel: 'pictures'}, bytes)
  const event = await ann.next((m) => m.type === 'event')
  assert.deepEqual(event.bytes, bytes)
  assert.equal((await bob.next((m) => m.channel === 'pictures')).data, bytes.toString('base64'))
})

test('ThinWS: a client is acknowledged, heard, and in its rooms again later', async (t) => {
  const {address} = await startServe(t)
  const open = async () => {
    const client = await thinws(address)
    client.send({messageID: 1, type: 'connect', connectionID: 'c-1'})
    assert.deepEqual(await client.next(() => true), {type: 'ack', messageID: 1})
    return client
  }
  let ann = await open()
  ann.send({messageID: 'two', type: 'subscribe', roomID: 'lobby'})
  assert.deepEqual(await ann.next(() => true), {type: 'ack', messageID: 'two'})
  ann.send({messageID: 3, type: 'message', message: {text: 'hi'}, roomID: 'lobby', payload: [1]})
  const got = [await ann.next(() => true), await ann.next(() => true)]
  assert.deepEqual(got.find((m) => m.type === 'ack'), {type: 'ack', messageID: 3})
  assert.deepEqual(got.find((m) => m.type === 'message'),
    {type: 'message', message: {text: 'hi'}, roomID: 'lobby', payload: [1]})
  ann.close()
  await ann.closed
  ann = await open()
  ann.send({messageID: 2, type: 'message', message: 'again', roomID: 'lobby'})
  assert.equal((await ann.next((m) => m.type === 'message')).message, 'again')
  ann.send({messageID: 9, type: 'subscribe'})
  const error = await ann.next((m) => m.type === 'error')
  assert.equal(error.messageID, 9)
  assert.match(error.message, /roomID/)
  ann.send({messageID: 10, type: 'disconnect'})
  assert.ok(await ann.next((m) => m.type === 'ack' && m.messageID === 10))
})

test('channels: confirmations, publications and errors come as the article has them', async (t) => {
  const {address} = await startServe(t)
  const [ann, bob] = [await channels(address), await channels(address)]
  for (const one of [ann, bob]) {
    one.send({action: 'subscribe', channel: 'news'})
    assert.deepEqual(await one.next(() => true),
      {channel: 'system', data: {type: 'subscription_confirm', channel: 'news'}})
  }
  ann.send({action: 'publish', channel: 'news', data: {n: 1}})
  for (const one of [ann, bob])
    assert.deepEqual(await one.next(() => true), {channel: 'news', data: {n: 1}})
  ann.send({action: 'publish', data: 1})
  const error = await ann.next(() => true)
  assert.equal(error.channel, 'system')
  assert.equal(error.data.type, 'error')
  assert.equal(error.data.field, 'channel')
})

test('clients of all dialects meet in one channel', async (t) => {
  const {address} = await startServe(t, '--dialect', 'thinws')
  const plain = await DialectClient.open(address) // offers nothing: speaks ThinWS
  plain.send({messageID: 1, type: 'subscribe', roomID: 'all'})
  await plain.next((m) => m.type === 'ack')
  const one = await connected(address)
  await one.request({type: 'subscribe', id: 1, channel: 'all'})
  const other = await channels(address)
  other.send({action: 'subscribe', channel: 'all'})
  await other.next((m) => m.channel === 'system')
  other.send({action: 'publish', channel: 'all', data: 'for everybody'})
  assert.equal((await plain.next((m) => m.type === 'message')).message, 'for everybody')
  assert.equal((await one.next((m) => m.type === 'event')).data, 'for everybody')
  assert.equal((await other.next((m) => m.channel === 'all')).data, 'for everybody')
})

test('namespaces do not hear each other', async (t) => {
  const {address} = await startServe(t, '--namespace-from', 'path:/ws/')
  const inside = async (space) => {
    const client = await v1(address, {path: `/ws/${space}`})
    await client.request({type: 'connect', id: 1})
    await client.request({type: 'subscribe', id: 2, channel: 'news'})
    return client
  }
  const [ann, bob] = [await inside('a'), await inside('b')]
  await ann.request({type: 'publish', id: 3, channel: 'news', data: 'for a'})
  await ann.next((m) => m.type === 'event')
  await bob.request({type: 'publish', id: 3, channel: 'news', data: 'for b'})
  assert.equal((await bob.next((m) => m.type === 'event')).data, 'for b')
})

test('one publisher, many receivers: each gets all messages, in order', async (t) => {
  const {address} = await startServe(t)
  const crowd = await connectAll(50, async () => {
    const client = await connected(address)
    await client.request({type: 'subscribe', id: 1, channel: 'news'})
    return client
  })
  const ann = await connected(address)
  for (let i = 0; i < 500; ++i) ann.send({type: 'publish', channel: 'news', data: i})
  for (const one of crowd)
    for (let i = 0; i < 500; ++i)
      assert.equal((await one.next((m) => m.type === 'event')).data, i)
})

test('clients of several I/O threads: each gets all messages, those of one publisher in order',
  async (t) => {
    const {address, program} = await startServe(t, '--io-threads', '3')
    const {pid} = program.child
    const names = fs.readdirSync(`/proc/${pid}/task`)
      .map((task) => fs.readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim())
    assert.equal(names.filter((name) => name.startsWith('wspool-io-')).length, 3)
    const crowd = await connectAll(30, async () => {
      const client = await connected(address)
      await client.request({type: 'subscribe', id: 1, channel: 'news'})
      return client
    })
    for (let i = 0; i < 200; ++i)
      for (const [author, one] of crowd.slice(0, 6).entries())
        one.send({type: 'publish', channel: 'news', data: [author, i]})
    for (const one of crowd) {
      const next = Array(6).fill(0)
      for (let i = 0; i < 1_200; ++i) {
        const [author, number] = (await one.next((m) => m.type === 'event')).data
        assert.equal(number, next[author]++)
      }
    }
  })

test('clients that compress, each in its way, get what all get and what is theirs', async (t) => {
  const {address} = await startServe(t, '--compress')
  const offers = [true, {serverNoContextTakeover: true}, {serverMaxWindowBits: 10},
    {serverMaxWindowBits: 10, serverNoContextTakeover: true}, true, false]
  const crowd = await Promise.all(offers.map(async (perMessageDeflate) => {
    const client = await connected(address, {}, {perMessageDeflate})
    assert.equal(client.ws.extensions, perMessageDeflate ? 'permessage-deflate' : '')
    await client.request({type: 'subscribe', id: 's', channel: 'news'})
    return client
  }))
  const ann = await connected(address)
  // Larger than windows of 1 KiB, all alike, and well above what is worth compressing.
  const story = (about) => `a story about ${about}, which begins like this: `.repeat(100)
  for (let round = 0; round < 20; ++round) {
    await ann.request({type: 'publish', id: round, channel: 'news', data: story(round)})
    const data = story(round % 3)
    const own = crowd.filter((_, i) => i % 2 === round % 2 || round % 5 === 0)
    const answers = await Promise.all(
      own.map((one) => one.request({type: 'query', id: `q${round}`, name: 'echo', data})))
    for (const answer of answers) assert.equal(answer.data, data)
  }
  for (const one of crowd)
    for (let round = 0; round < 20; ++round)
      assert.equal((await one.next((m) => m.type === 'event')).data, story(round))
})

test('SIGTERM warns clients, closes them evenly spread, and tells the account', async (t) => {
  const {address, program} = await startServe(t, '--drain-rate', '4')
  const crowd = await connectAll(20, () => connected(address))
  program.signal('SIGTERM')
  const times = await Promise.all(crowd.map(async (one) => {
    const {reconnect_window_ms} = await one.next((m) => m.type === 'drain')
    assert.ok(reconnect_window_ms > 0)
    assert.equal((await one.closed).code, 1012)
    return one.closedAt
  }))
  // One each 250 ms, no bursts. On a busy machine those that were due while nobody ran are closed,
  // or heard of, together: but not most of them.
  times.sort((a, b) => a - b)
  const gaps = times.slice(1).map((x, i) => x - times[i]).sort((a, b) => a - b)
  assert.ok(gaps[Math.floor(gaps.length / 2)] > 100, `${gaps}`)
  await program.end()
  assert.equal(program.status, 0)
  assert.ok(program.account.drain.ms >= 4500, `all within ${program.account.drain.ms} ms`)
  assert.deepEqual([program.account.drain.closed, program.account.drain.cut_off], [20, 0])
})

test('plain HTTP is answered on the same port', async (t) => {
  const {address} = await startServe(t)
  const get = (path) => new Promise((resolve, reject) => {
    http.get(`http://${address}${path}`, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (data) => { body += data })
      response.on('end', () => resolve({status: response.statusCode, body}))
    }).on('error', reject)
  })
  assert.equal((await get('/healthz')).status, 200)
  assert.equal((await get('/readyz')).status, 200)
  const metrics = await get('/metrics')
  assert.equal(metrics.status, 200)
  assert.match(metrics.body, /^wspool_server_clients\{server="[^"]+"\} 0$/m)
  assert.match(metrics.body, /^wspool_broker_clients\{dialect="v1",broker="broker"\} 0$/m)
  assert.match(metrics.body, /^wspool_backplane_up\{kind="memory",broker="broker"\} 1$/m)
  assert.equal((await get('/chat')).status, 426) // where only WebSocket is spoken
})

test('tokens of a list let clients in, as whom they belong to', async (t) => {
  const list = file('tokens.txt', '# identity token\nann secret-of-ann\nbob secret-of-bob\n')
  const {address, program} = await startServe(t, '--auth', 'tokens', '--token-file', list, '-vv',
    '--events')
  await assert.rejects(v1(address), /401/)
  await assert.rejects(v1(address, {headers: {Authorization: 'Bearer secret-of-eve'}}), /401/)
  for (const [options, who] of [
    [{headers: {Authorization: 'Bearer secret-of-ann'}}, 'ann'],
    [{path: '/?access_token=secret-of-bob'}, 'bob']]) {
    const client = await v1(address, options)
    const greeting = await client.request({type: 'connect', id: 1})
    assert.equal(greeting.identity, who)
  }
  program.signal('SIGTERM')
  await program.end()
  assert.doesNotMatch(program.stderr + program.stdout, /secret-of/)
})

test('JSON Web Tokens let clients in until they expire', async (t) => {
  const secret = 'a secret of at least thirty-two bytes'
  const {address} = await startServe(t, '--auth', 'jwt', '--jwt-key', file('secret', secret),
    '--jwt-audience', 'chat')
  const token = (claims, key = secret) => {
    const part = (x) => Buffer.from(JSON.stringify(x)).toString('base64url')
    const text = `${part({alg: 'HS256', typ: 'JWT'})}.${part(claims)}`
    return `${text}.${crypto.createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const enter = (text) => v1(address, {headers: {Authorization: `Bearer ${text}`}})
  const now = Math.floor(Date.now() / 1000)
  const good = {sub: 'ann', aud: 'chat', exp: now + 600}
  const client = await enter(token(good))
  assert.equal((await client.request({type: 'connect', id: 1})).identity, 'ann')
  for (const bad of [token({...good, exp: now - 600}), token({...good, aud: 'mail'}),
    token({sub: 'ann', aud: 'chat'}), token(good, 'another secret of thirty-two bytes'),
    token(good).slice(0, -4), 'x.y.z'])
    await assert.rejects(enter(bad), /401/)
})

test('a session whose token is refused ends, and says so', async (t) => {
  const list = file('ended.txt', 'ann secret-of-ann\n')
  const {url} = await startServe(t, '--auth', 'tokens', '--token-file', list, '--auth-late')
  const program = await run(['session', url, 'subscribe', 'news', '--token-file',
    file('wrong.txt', 'wrong')])
  assert.equal(program.status, 1, program.stderr)
  assert.match(program.stderr, /unauthorized|4401|token/)
})

test('a token may come in connect, and must', async (t) => {
  const list = file('late.txt', 'ann secret-of-ann\n')
  const {address} = await startServe(t, '--auth', 'tokens', '--token-file', list, '--auth-late')
  const client = await v1(address)
  assert.equal((await client.request({type: 'connect', id: 1, token: 'secret-of-ann'})).identity,
    'ann')
  for (const more of [{}, {token: 'wrong'}]) {
    const stranger = await v1(address)
    assert.equal((await stranger.request({type: 'connect', id: 1, ...more})).code, 'unauthorized')
    assert.equal((await stranger.closed).code, 4401)
  }
})

test('where a token may come late, one of the upgrade is enough, and may be renewed', async (t) => {
  const list = file('either.txt', 'ann secret-of-ann\nbob secret-of-bob\n')
  const {address} = await startServe(t, '--auth', 'tokens', '--token-file', list, '--auth-late')
  const client = await v1(address, {headers: {Authorization: 'Bearer secret-of-ann'}})
  assert.equal((await client.request({type: 'connect', id: 1})).identity, 'ann')
  assert.equal((await client.request({type: 'connect', id: 2, token: 'secret-of-ann'})).type,
    'connected')
  assert.equal((await client.request({type: 'connect', id: 3, token: 'secret-of-bob'})).code,
    'unauthorized')
  assert.equal((await client.closed).code, 4401)
  await assert.rejects(v1(address, {headers: {Authorization: 'Bearer secret-of-eve'}}), /401/)
})

test('wspool session subscribes, publishes and asks', async (t) => {
  const {url} = await startServe(t)
  const listener = wspool(['session', url, 'subscribe', 'news', '--events'])
  t.after(() => listener.signal('SIGKILL'))
  await listener.until((p) => /subscribed/.test(p.stderr), 'the subscription')
  const publisher = await run(['session', url, 'publish', 'news'], 'one\ntwo\n')
  assert.equal(publisher.status, 0, publisher.stderr)
  await listener.until((p) => p.lines.length === 2, 'both messages')
  assert.deepEqual(listener.lines.map((line) => line.replaceAll('"', '')), ['one', 'two'])
  const query = await run(['session', url, 'query', 'echo'], '{"a":1}')
  assert.equal(query.status, 0, query.stderr)
  assert.deepEqual(JSON.parse(query.stdout), {a: 1})
  assert.equal((await run(['session', url, 'query', 'nobody knows'], '1')).status, 1)
  listener.signal('SIGINT')
  await listener.end()
})

test('SIGHUP reads certificates again, and a broken one changes nothing', async (t) => {
  const use = (name) => {
    for (const kind of ['pem', 'key'])
      fs.copyFileSync(path.join(certificates, `${name}.${kind}`), file(`served.${kind}`))
  }
  use('server')
  const {program, address, url} = await startServe(t, '--tls-cert', file('served.pem'),
    '--tls-key', file('served.key'))
  assert.equal(url, `wss://${address}`)
  const shown = () => new Promise((resolve, reject) => {
    const [host, port] = address.split(':')
    const socket = tls.connect({host, port, rejectUnauthorized: false}, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.end()
    }).on('error', reject)
  })
  const first = await shown()
  fs.writeFileSync(file('served.pem'), 'no certificate')
  program.signal('SIGHUP')
  await program.until((p) => /stay as they were/.test(p.stderr), 'the refusal')
  assert.equal(await shown(), first)
  use('stranger')
  program.signal('SIGHUP')
  await program.until((p) => /were read again/.test(p.stderr), 'the reload')
  assert.notEqual(await shown(), first)
})

test('mistakes are named, and nothing is started', async () => {
  const cases = [
    [['--listen', 'nowhere'], /--listen: "nowhere": expected HOST:PORT/],
    [['--listen', 'wss://127.0.0.1:0'], /expected --tls-cert/],
    [['--auth', 'tokens'], /expected --token-file/],
    [['--auth', 'tokens', '--token-file', file('none.txt')], /none\.txt/],
    [['--auth', 'jwt', '--jwt-key', file('none.pem')], /none\.pem/],
    [['--token-file', file('none.txt')], /expected --auth tokens/],
    [['--jwt-key', file('none.pem')], /expected --auth jwt/],
    [['--tls-client-ca', file('none.pem')], /expected --tls-cert/],
    [['--tls-name', `a=${file('none.pem')}`], /expected --tls-cert/],
    [['--auth', 'jwt', '--jwt-key', 'k', '--auth-late', '--identity-from', 'query:user'],
      /--identity-from: "query:user": expected no --auth-late/],
    [['--max-message', '1KiB'], /--max-message: expected at least 2KiB/],
    [['--dialect', 'klingon'], /expected one of v1, thinws, channels, none/],
    [['--namespace-from', 'cookie:x'], /expected path:PREFIX/],
    [['--redis', 'http://127.0.0.1'], /redis/],
  ]
  for (const [args, message] of cases) {
    const program = await run(['serve', ...args])
    assert.equal(program.status, 2, `${args}: ${program.stderr}`)
    assert.match(program.stderr, message)
    assert.equal(program.stdout, '')
  }
})
