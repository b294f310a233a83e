// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// The command line, the environment and configuration files: what is taken, and what is refused
// before anything is connected.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const {once} = require('node:events')
const {before, test} = require('node:test')
const {file, run, source, startEcho, wspool} = require('./support')

let echo
before(async () => { echo = await startEcho() })

const refused = async (args, pattern, options) => {
  const p = await run(args, '', options)
  assert.equal(p.status, 2, p.stderr)
  assert.equal(p.stdout, '')
  assert.match(p.stderr, pattern)
}

// How many connections `connect` opens with these settings.
const opened = async (args, options) => {
  const p = wspool(['connect', '--events', ...args], {...options, input: 'x\n'})
  await p.until(() => p.events.some((e) => e.event === 'ready'), 'all that are wanted')
  p.signal('SIGTERM')
  await p.end()
  assert.equal(p.status, 0, p.stderr)
  return p.events.filter((e) => e.event === 'open').length
}

test('help teaches by examples, on stdout', async () => {
  for (const name of ['connect', 'serve', 'session', 'echo', 'node', 'config', 'demo']) {
    const p = await run([name, '--help'])
    assert.equal(p.status, 0)
    assert.match(p.stdout, new RegExp(`Examples:[^]*wspool ${name}`))
    assert.equal(p.stderr, '')
    for (const line of p.stdout.split('\n')) assert.ok(line.length <= 100, line)
  }
})

test('the version', async () => {
  assert.match((await run(['--version'])).stdout, /^wspool \d+\.\d+\.\d+\n$/)
})

test('wrong options are quoted', async () => {
  const url = 'ws://127.0.0.1:1'
  await refused([], /subcommand is required/i)
  await refused(['conect', url], /"conect": expected connect, .*, demo or bench$/m)
  await refused(['config', 'prnt'], /"prnt": expected print or check$/m)
  await refused(['conect', url], /"conect"/)
  await refused(['connect'], /no URL given/)
  await refused(['connect', '--colour', url], /--colour/)
  await refused(['connect', '-n', 'many', url], /--connections: "many": expected a number/)
  await refused(['connect', '-n', '0', url], /--connections: "0"/)
  await refused(['connect', 'htp://host'], /"htp:\/\/host"/)
  await refused(['connect', '--heartbeat', '30', url], /--heartbeat: "30": expected a duration/)
  await refused(['connect', '--queue-bytes', '1XB', url], /--queue-bytes: "1XB"/)
  await refused(['connect', '--schedule', 'fair', url], /--schedule: "fair": .*round-robin/)
  await refused(['connect', '--delivery', 'exactly-once', url], /"exactly-once"/)
  await refused(['connect', '--overflow', 'panic', url], /"panic"/)
  await refused(['connect', '-H', 'no colon', url], /--header: "no colon"/)
  await refused(['connect', '-H', 'Upgrade: h2c', url], /Upgrade/)
  await refused(['connect', '--ca', '/no/such/file', url], /\/no\/such\/file/)
  await refused(['connect', '--auth', 'a:b', '--bearer', 'c', url], /bearer/)
  await refused(['connect', '--key-field', '/a~b', url], /--key-field: "\/a~b"/)
  await refused(['connect', '--via', 'nowhere', '--'], /--via: "nowhere": expected HOST:PORT/)
  await refused(['connect', '--via', '127.0.0.1:1', url], /expected no URL/)
  await refused(['connect', '--via', '127.0.0.1:1', '-n', '3'], /--connections: expected not/)
  await refused(['connect', '--cert', __filename, url], /cli_usage_test\.js/)
  await refused(['config', 'foo'], /"foo"/)
  await refused(['connect', '--metrics', 'here', url], /--metrics: "here"/)
  await refused(['echo', '--listen', '127.0.0.1'], /--listen: "127\.0\.0\.1"/)
  await refused(['echo', '--cert', '/no/such/file'], /--cert: "\/no\/such\/file"/)
  await refused(['node', '--listen', 'x:y', url], /"x:y"/)
})

test('nothing is connected when something is wrong', async () => {
  const server = net.createServer(() => assert.fail('a connection')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await refused(['connect', `ws://127.0.0.1:${server.address().port}`, 'ws://'], /"ws:\/\/"/)
  server.close()
})

test('flags win over the environment, which wins over the file', async () => {
  const config = file('three.ini', '[pool]\nconnections = 3\n')
  const env = {WSPOOL_POOL_CONNECTIONS: '2'}
  const args = ['--config', config, '--linger', 'unlimited', echo.url]
  assert.equal(await opened(args), 3)
  assert.equal(await opened(args, {env}), 2)
  assert.equal(await opened([...args, '-n', '1'], {env}), 1)
})

test('a file may say everything, the URLs included', async () => {
  const config = file('all.ini', `[pool]\nurls = ["${echo.url}/a", "${echo.url}/b"]\n` +
    'connections = 1\n\n[stream]\nlinger = unlimited\n\n' +
    '[connect]\nheaders = ["A: 1, 2", "B: #3"]\n')
  assert.equal(await opened(['--config', config]), 2)
})

test('an unknown key or a bad value names key, file, line and what was expected', async () => {
  const refuse = (content, pattern) =>
    refused(['config', 'check', file('bad.ini', content)], pattern)
  await refuse('[queue]\n\nbytez = 3\n', /bad\.ini:3: queue\.bytez: unknown key/)
  await refuse('# c\n[queue]\nbytes = 3x\n', /bad\.ini:3: queue\.bytes: "3x": expected .*64MiB/)
  await refuse('[heartbeat]\ninterval = 30\n', /bad\.ini:2: heartbeat\.interval: "30": .*unit/)
  await refuse('[queue]\nbytes = 3 # three\n', /bad\.ini:2: queue\.bytes: .*expected one/)
  await refuse('[queue]\nbytes = 3\nbytes = 4\n', /bad\.ini:3: queue\.bytes: .*line 2/)
  await refuse('connections\n', /bad\.ini:1: "connections"/)
  await refuse('[queue]\nbytes =\n', /bad\.ini:2: queue\.bytes: expected a value/)
  await refuse('[queue]\nhigh-water = 0.1\n', /bad\.ini: .*low_water/)
  await refuse('[pool]\nurls = ["ws://x"\n', /bad\.ini:2: .*behind the list/)
  await refuse('\n[metrics]\nlisten = "x"\n', /bad\.ini:3: metrics\.listen: "x": .*HOST:PORT/)
  await refuse('[connect]\nheaders = ["Host: x"]\n', /bad\.ini:2: connect\.headers: "Host: x"/)
  await refused(['config', 'check', '/no/such.ini'], /\/no\/such\.ini: cannot be read/)
  const config = file('worse.ini', '[pool]\nconnection = 1\n')
  await refused(['connect', '--config', config, 'ws://127.0.0.1:1'],
    /worse\.ini:2: pool\.connection:/)
})

test('what would keep a server from starting is found in its file', async () => {
  const secret = file('short', 'too short')
  const noPair = file('no-pair.txt', 'ann wonderful-1\nbob\n')
  for (const [content, pattern] of [
    ['[serve-redis]\nurl = http://localhost\n', /bad\.ini:2: serve-redis\.url: expected redis:/],
    ['[serve-redis]\nurl = rediss://a\nca = /no/such\n', /bad\.ini:3: serve-redis\.ca: .*such/],
    ['[serve-redis]\nurl = redis://a\nprefix = "a b"\n', /bad\.ini:3: serve-redis\.prefix: "a b"/],
    ['[serve-tokens]\nauth = tokens\nfile = /no/such\n',
      /bad\.ini:3: serve-tokens\.file: "\/no\/such": cannot be read/],
    [`[serve-tokens]\nauth = tokens\nfile = ${noPair}\n`,
      /bad\.ini:3: serve-tokens\.file: .*no-pair\.txt" line 2: expected an identity and a token/],
    [`[serve-tokens]\nauth = jwt\n\njwt-key = ${secret}\n`,
      /bad\.ini:4: serve-tokens\.jwt-key: .*short": a secret needs at least 32 bytes/],
    ['[serve]\ncert = /no/such.pem\n', /bad\.ini:2: serve\.cert: "\/no\/such\.pem"/],
    ['[serve]\nfiles = ["/=/no/such"]\n', /bad\.ini:2: serve\.files: "\/no\/such"/],
    ['[serve-tokens]\nauth = tokens\n', /bad\.ini:2: serve-tokens\.auth: .*expected --token-file/],
    ['[serve-redis]\nnode-timeout = 1ms\n', /bad\.ini:2: serve-redis\.node-timeout: "1ms"/],
  ]) {
    const config = file('bad.ini', content)
    await refused(['config', 'check', config], pattern)
    // The same is what keeps the server from starting.
    await refused(['serve', '--listen', '127.0.0.1:0', '--config', config], /^wspool: [^\n]+\n$/)
  }
})

test('a wrong variable is named', async () => {
  const url = 'ws://127.0.0.1:1'
  await refused(['connect', url], /WSPOOL_QUEUE_BYTES: "much"/, {env: {WSPOOL_QUEUE_BYTES: 'much'}})
  await refused(['connect', url], /WSPOOL_QUEUE_SIZE: unknown/, {env: {WSPOOL_QUEUE_SIZE: '1'}})
})

test('the printed configuration of a server is valid, and the sample in config/', async () => {
  const {stdout} = await run(['config', 'print', 'serve'])
  const sample = fs.readFileSync(path.join(source, 'config', 'serve.ini'), 'latin1')
  assert.equal(stdout, sample, 'renew it: wspool config print serve > config/serve.ini')
  const p = await run(['config', 'check', file('printed-serve.ini', stdout)])
  assert.equal(p.status, 0, p.stderr)
})

test('the printed configuration is a valid file, and the sample in config/', async () => {
  const {stdout} = await run(['config', 'print'])
  const sample = fs.readFileSync(path.join(source, 'config', 'wspool.ini'), 'latin1')
  assert.equal(stdout, sample, 'renew it: wspool config print > config/wspool.ini')
  const p = await run(['config', 'check', file('printed.ini', stdout)])
  assert.equal(p.status, 0, p.stderr)
  // With the keys that have no default switched on, it still is.
  const whole = stdout.replace(/^#([a-z-]+ = )/gm, '$1')
    .replace(/^(bearer|ca|cert|key) = .*$/gm, '')
  assert.equal((await run(['config', 'check', file('whole.ini', whole)])).status, 0)
})
