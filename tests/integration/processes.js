// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

// Starts the executable under test and its peers, and stops exactly those. Every wait has an end.

const {spawn} = require('node:child_process')
const {once} = require('node:events')
const path = require('node:path')
const readline = require('node:readline')

const executable = process.env.WSPOOL_EXECUTABLE
const peersFolder = path.join(__dirname, '..', 'peers')
const patience = 1000 * Number(process.env.WSPOOL_TEST_PATIENCE || 30)

const within = (promise, what, limit = patience) => {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${limit} ms`)), limit)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const stop = async (child, signal = 'SIGKILL') => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await within(gone, 'end of a process')
}

// The first line of a child's stdout; what follows is drained.
const firstLine = async (child) => {
  const lines = readline.createInterface({input: child.stdout})
  const [line] = await within(once(lines, 'line'), 'first line')
  child.stdout.resume()
  return line
}

// A server or proxy of tests/peers on a free port, or on the given one.
const startPeer = async (t, script, args = [], port = 0) => {
  const child = spawn(process.execPath,
    [script, '--listen', `127.0.0.1:${port}`, '--quiet', ...args],
    {cwd: peersFolder, stdio: ['ignore', 'pipe', 'inherit']})
  t.after(() => stop(child))
  const line = await firstLine(child)
  const address = line.replace('listening ', '')
  return {child, address, port: Number(address.split(':').pop()), stop: () => stop(child)}
}

// `wspool SUBCOMMAND` as a server: its address is its only line.
const startServer = async (t, args, env = {}) => {
  const child = spawn(executable, args,
    {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...env}})
  t.after(() => stop(child))
  return {child, address: await firstLine(child)}
}

// A running `wspool connect`: `input` goes to its stdin at once, unless it is null.
const startConnect = (t, args, input = '') => {
  const child = spawn(executable, ['connect', ...args])
  t.after(() => stop(child))
  let stdout = ''
  let stderr = ''
  const waiting = []
  const look = () => {
    for (const w of [...waiting])
      if (stderr.includes(w.text)) {
        waiting.splice(waiting.indexOf(w), 1)
        w.resolve()
      }
  }
  child.stdout.on('data', (data) => { stdout += data })
  child.stderr.on('data', (data) => { stderr += data; look() })
  child.stdin.on('error', () => {}) // it may end before it has read everything
  if (input !== null) child.stdin.end(input)
  const ended = within(once(child, 'close'), 'end of wspool connect', 3 * patience)
    .then(([status, signal]) => {
      const lines = stderr.trimEnd().split('\n')
      const last = lines[lines.length - 1]
      const account = last.startsWith('{') ? JSON.parse(last) : null
      return {status, signal, stdout, stderr, account, lines: stdout.split('\n').slice(0, -1)}
    })
  const told = (text) =>
    within(new Promise((resolve) => { waiting.push({text, resolve}); look() }), `'${text}'`)
  return {child, ended, told}
}

const connect = (t, args, input) => startConnect(t, args, input).ended

const balances = (account) =>
  account !== null && account.accepted === account.sent + account.failed + account.pending

module.exports = {balances, connect, executable, startConnect, startPeer, startServer, stop, within}
