// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
'use strict'

const {parseArgs} = require('node:util')

// Parses the command line; a mistake ends the process with status 2 and the usage.
const parseCommandLine = (usage, options) => {
  try {
    const {values, positionals} = parseArgs({
      options: {...options, help: {type: 'boolean', short: 'h'}},
      allowPositionals: true
    })
    if (values.help) {
      process.stdout.write(usage)
      process.exit(0)
    }
    return {values, positionals}
  } catch (err) {
    process.stderr.write(`${err.message}\n\n${usage}`)
    process.exit(2)
  }
}

// "127.0.0.1:0", "[::1]:8080" -> {host, port}
const parseAddress = (text) => {
  const match = /^(?:\[(.+)\]|([^:]*)):(\d+)$/.exec(text)
  if (!match) throw new Error(`not an address: '${text}', expected HOST:PORT`)
  return {host: match[1] || match[2], port: Number(match[3])}
}

// Listens and tells the address as the first line on stdout.
const listen = (server, address) => {
  server.on('error', (err) => {
    process.stderr.write(`${err.message}\n`)
    process.exit(1)
  })
  server.listen(parseAddress(address), () => {
    const {address: host, port, family} = server.address()
    process.stdout.write(`listening ${family === 'IPv6' ? `[${host}]` : host}:${port}\n`)
  })
}

// A function that prints events as JSON lines.
const reporter = (quiet) => (event, fields) => {
  if (!quiet) process.stdout.write(JSON.stringify({event, ...fields}) + '\n')
}

module.exports = {listen, parseAddress, parseCommandLine, reporter}
