// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// What the integration tests share: starting `wspool` and the peers, and waiting for what
// they say. Everything waits for a condition, and nothing without an end.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const {once} = require('node:events')
const {spawn} = require('node:child_process')
const {after} = require('node:test')

const executable = process.env.WSPOOL_EXECUTABLE
const certificates = process.env.WSPOOL_CERTIFICATES
const examples = path.join(path.dirname(executable), 'examples')
const source = path.join(__dirname, '..', '..')
const patience = 1000 * Number(process.env.WSPOOL_TEST_PATIENCE || 30)

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'wspool-cli-'))
const running = new Set()
after(() => {
  running.forEach((child) => child.kill('SIGKILL'))
  fs.rmSync(directory, {recursive: true, force: true})
})

// A program under test. Its output is gathered; conditions on it can be waited for.
class Program {
  constructor(command, args, {env = {}, input, stdio = ['pipe', 'pipe', 'pipe']} = {}) {
    this.stdout = ''
    this.stderr = ''
    this.status = undefined // exit status, or the name of the signal
    this.child = spawn(command, args, {env: {...process.env, ...env}, stdio})
    running.add(this.child)
    this.child.stdin?.on('error', () => {}) // it may end before it has read all
    for (const name of ['stdout', 'stderr'])
      this.child[name]?.setEncoding('latin1').on('data', (data) => { this[name] += data })
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      running.delete(this.child)
      this.status = signal || code
      return this
    })
    if (input !== undefined) this.child.stdin.end(input)
  }

  get pid() { return this.child.pid }
  // stderr without its last line
  get messages() { return this.stderr.trimEnd().split('\n').slice(0, -1).join('\n') }
  // the last line of stderr
  get account() { return JSON.parse(this.stderr.trimEnd().split('\n').pop()) }
  // of stdout
  get lines() { return linesOf(this.stdout) }
  // the JSON lines of --events
  get events() {
    return this.stderr.split('\n').filter((line) => line.startsWith('{"event"')).map(JSON.parse)
  }

  write(text) { this.child.stdin.write(text) }
  endInput() { this.child.stdin.end() }
  signal(name) { this.child.kill(name) }

  // Waits until a function of the program says yes; it may be asynchronous.
  async until(condition, what) {
    const deadline = Date.now() + patience
    for (;;) {
      const result = await condition(this)
      if (result) return result
      assert.ok(this.status === undefined,
        `ended with ${this.status} before ${what}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`)
      assert.ok(Date.now() < deadline,
        `still waiting for ${what}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async firstLine() {
    const line = await this.until((p) => /^([^\n]*)\n/.exec(p.stdout), 'a line on stdout')
    return line[1]
  }

  // Waits for the end.
  async end(limit = patience) {
    const late = new Promise((resolve, reject) => {
      const complain = () => reject(new Error(`did not end\nstderr: ${this.stderr}`))
      this.ended.then(() => clearTimeout(timer))
      const timer = setTimeout(complain, limit)
    })
    return Promise.race([this.ended, late])
  }
}

const wspool = (args, options) => new Program(executable, args, options)

// Runs `wspool` to its end with an input.
const run = (args, input = '', options = {}) => wspool(args, {...options, input}).end()

// A server that tells its URL; resolves with {program, address, url}.
const listening = async (program) => {
  const url = await program.firstLine()
  return {program, address: url.replace(/^wss?:\/\//, ''), url}
}

// Runs `wspool connect` with an input until so many bytes came back, and ends it: how long they
// take is the machine's affair.
const converse = async (args, input, bytes = Buffer.byteLength(input)) => {
  const p = wspool(['connect', ...args, '--linger', 'unlimited'], {input})
  await p.until(() => p.stdout.length >= bytes, `${bytes} bytes`)
  p.signal('SIGTERM')
  return p.end()
}

// `wspool echo`; resolves with {program, address, url}.
const startEcho = async (...args) => {
  return listening(wspool(['echo', '--listen', '127.0.0.1:0', ...args]))
}

// A script of tests/peers; resolves with {program, address, url, port}.
const startScript = async (name, args) => {
  const script = path.join(source, 'tests', 'peers', name)
  const program = new Program(process.execPath, [script, '--quiet', ...args])
  const address = (await program.firstLine()).replace('listening ', '')
  return {program, address, url: `ws://${address}`, port: Number(address.split(':').pop())}
}

const startPeer = (...args) => startScript('server.js', args)
const startProxy = (...args) => startScript('proxy.js', args)

// `wspool node`; resolves with {program, address}.
const startNode = async (...args) => {
  const program = wspool(['node', '--listen', '127.0.0.1:0', ...args])
  return {program, address: await program.firstLine()}
}

// `wspool serve`, ended with the test; resolves with {program, address, url}.
const startServe = async (t, ...args) => {
  const program = wspool(['serve', '--listen', '127.0.0.1:0', ...args])
  t.after(() => program.signal('SIGKILL'))
  return listening(program)
}

// A port at which nobody listens.
const freePort = async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address()
  server.close()
  await once(server, 'close')
  return port
}

// A port for a server that goes and comes back. It is none of those that the system hands out by
// itself: while nobody listens, a client that tries again and again would meet itself there.
const lastingPort = async () => {
  for (;;) {
    const port = 12000 + Math.floor(20000 * Math.random())
    const server = net.createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(() => true, () => false)
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

// A Redis that keeps nothing when it ends; ended with the test.
const startRedis = async (t, port, ...more) => {
  const directory = fs.mkdtempSync(file('redis-'))
  const program = new Program('redis-server', ['--port', String(port), '--bind', '127.0.0.1',
    '--save', '', '--appendonly', 'no', '--dir', directory, ...more])
  t.after(() => program.signal('SIGKILL'))
  await program.until((p) => p.stdout.includes('Ready to accept connections'), 'Redis')
  return program
}

const file = (name, content) => {
  const result = path.join(directory, name)
  if (content !== undefined) fs.writeFileSync(result, content)
  return result
}

const linesOf = (text) => text === '' ? [] : text.trimEnd().split('\n')

const numbers = (count) => Array.from({length: count}, (_, i) => `${i}\n`).join('')

// accepted = sent + failed + pending
const assertBalances = (account) =>
  assert.equal(account.accepted, account.sent + account.failed + account.pending)

module.exports = {
  Program, assertBalances, certificates, converse, examples, executable, file, freePort,
  lastingPort,
  linesOf, numbers, patience, run, source, startEcho, startNode, startPeer, startProxy, startRedis,
  startScript, startServe, wspool
}
