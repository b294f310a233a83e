// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// All Lua in one place. Redis runs a script as one step; what it writes is replicated as the
// commands that it called, so that TIME is no obstacle.

#include "backplane/redis_scripts.hpp"

namespace wspool {

namespace {

// A channel's history. KEYS: 1 meta (hash: epoch, run, offset, bytes), 2 bodies (list), 3 sizes
// (list of "milliseconds bytes", in step with bodies). `limits`: messages, bytes, age in ms, and
// how long the epoch is kept without any use, in ms.
const char* const history_functions = R"lua(
local function number(n) return string.format('%.0f', n) end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
-- `run` is empty, or the process that the epoch must have begun in: another one may have lost the
-- latest offsets, and would give them to other messages.
local function epoch_of(fresh, run, limits)
  local known = redis.call('HMGET', KEYS[1], 'epoch', 'run')
  local epoch = known[1]
  if not epoch or (run ~= '' and known[2] ~= run) then
    epoch = fresh
    redis.call('DEL', KEYS[2], KEYS[3])
    redis.call('HSET', KEYS[1], 'epoch', epoch, 'run', run, 'offset', '0', 'bytes', '0')
  end
  redis.call('PEXPIRE', KEYS[1], limits[4])
  return epoch
end
local function trim(at, limits)
  local count = redis.call('LLEN', KEYS[3])
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
  local gone = 0
  while gone < count do
    local since, size = string.match(redis.call('LINDEX', KEYS[3], gone), '(%d+) (%d+)')
    if count - gone <= limits[1] and bytes <= limits[2] and at - since < limits[3] then break end
    bytes = bytes - size
    gone = gone + 1
  end
  if gone > 0 then
    redis.call('LTRIM', KEYS[2], gone, -1)
    redis.call('LTRIM', KEYS[3], gone, -1)
    redis.call('HSET', KEYS[1], 'bytes', number(bytes))
  end
end
local function limits_from(i)
  local result = {}
  for j = 1, 4 do result[j] = tonumber(ARGV[i + j - 1]) end
  return result
end
)lua";

// KEYS: and 4 the publication's key. ARGV: 1 body, 2 pub/sub channel, 3 "node stamp", 4 a fresh
// epoch, 5 how long the key is remembered in ms, or empty, 6 run, 7-10 limits.
// Answer: 1 if it is a duplicate, its place ("epoch offset", or empty).
const char* const publish_body = R"lua(
local keyed = ARGV[5] ~= ''
if keyed then
  local before = redis.call('GET', KEYS[4])
  if before then return {1, before} end
end
local limits = limits_from(7)
local place = ''
if limits[1] > 0 then
  local epoch = epoch_of(ARGV[4], ARGV[6], limits)
  local at = now()
  local offset = redis.call('HINCRBY', KEYS[1], 'offset', 1)
  local entry = number(at) .. ' ' .. #ARGV[1]
  local count = redis.call('RPUSH', KEYS[2], ARGV[1])
  if redis.call('RPUSH', KEYS[3], entry) ~= count then
    -- Redis evicted one of them: what is left is worth nothing.
    redis.call('DEL', KEYS[2], KEYS[3])
    redis.call('RPUSH', KEYS[2], ARGV[1])
    redis.call('RPUSH', KEYS[3], entry)
    count = 1
  end
  if count == 1 then
    redis.call('HSET', KEYS[1], 'bytes', #ARGV[1])
  else
    redis.call('HINCRBY', KEYS[1], 'bytes', #ARGV[1])
  end
  trim(at, limits)
  redis.call('PEXPIRE', KEYS[2], limits[3])
  redis.call('PEXPIRE', KEYS[3], limits[3])
  place = epoch .. ' ' .. number(offset)
end
if keyed then redis.call('SET', KEYS[4], place, 'PX', ARGV[5]) end
local told = place
if told == '' then told = '- 0' end
redis.call('PUBLISH', ARGV[2], 'm' .. told .. ' ' .. ARGV[3] .. '\n' .. ARGV[1])
return {0, place}
)lua";

// ARGV: 1 epoch and 2 offset of what was seen last, 3 a fresh epoch, 4 run, 5-8 limits.
// Answer: epoch, offset of the latest, 1 if recovered, what came after.
const char* const history_body = R"lua(
local limits = limits_from(5)
local epoch = epoch_of(ARGV[3], ARGV[4], limits)
trim(now(), limits)
local latest = redis.call('HGET', KEYS[1], 'offset')
local last, seen = tonumber(latest), tonumber(ARGV[2])
local kept = redis.call('LLEN', KEYS[2])
if ARGV[1] ~= epoch or seen > last or last - seen > kept
    or kept ~= redis.call('LLEN', KEYS[3]) then
  return {epoch, latest, 0, {}}
end
if seen == last then return {epoch, latest, 1, {}} end
return {epoch, latest, 1, redis.call('LRANGE', KEYS[2], seen - last, -1)}
)lua";

// KEYS: people (hash: person to node). ARGV: 1 pub/sub channel, 2 node, 3 person.
const char* const enter_body = R"lua(
local fresh = redis.call('HSET', KEYS[1], ARGV[3], ARGV[2])
if fresh == 1 then redis.call('PUBLISH', ARGV[1], '+' .. ARGV[3]) end
return fresh
)lua";

const char* const exit_body = R"lua(
if redis.call('HGET', KEYS[1], ARGV[3]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[3])
redis.call('PUBLISH', ARGV[1], '-' .. ARGV[3])
return 1
)lua";

// KEYS: people. ARGV: 1 how many are wanted. Answer: how many there are, and of these (perhaps a
// few more, or fewer) fields with their values.
const char* const people_body = R"lua(
local total, limit = redis.call('HLEN', KEYS[1]), tonumber(ARGV[1])
if limit == 0 then return {total, {}} end
if total <= limit then return {total, redis.call('HGETALL', KEYS[1])} end
return {total, redis.call('HSCAN', KEYS[1], 0, 'COUNT', limit)[2]}
)lua";

// KEYS: people. ARGV: 1 pub/sub channel, 2 a node that is dead: those who were present by it left.
const char* const sweep_body = R"lua(
local all, count = redis.call('HGETALL', KEYS[1]), 0
for i = 1, #all, 2 do
  if all[i + 1] == ARGV[2] then
    redis.call('HDEL', KEYS[1], all[i])
    redis.call('PUBLISH', ARGV[1], '-' .. all[i])
    count = count + 1
  end
end
return count
)lua";

// KEYS: nodes (sorted set by when each was heard of). ARGV: 1 this node, 2 after how many ms one is
// dead. Answer: 1 if this one was not there, 2 if it was dead; some that are dead.
const char* const beat_body = R"lua(
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local before, state = redis.call('ZSCORE', KEYS[1], ARGV[1]), 0
if not before then state = 1 elseif now - before >= tonumber(ARGV[2]) then state = 2 end
redis.call('ZADD', KEYS[1], now, ARGV[1])
return {state, redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2], 'LIMIT', 0, 10)}
)lua";

// KEYS: a client's channels (set). ARGV: 1 for how many ms they are remembered.
const char* const recall_body = R"lua(
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('SMEMBERS', KEYS[1])
)lua";

// ARGV: and 2 the channel, 3 of how many at most. Answer: 1 if it is remembered.
const char* const remember_body = R"lua(
local known = redis.call('SISMEMBER', KEYS[1], ARGV[2]) == 1
if not known and redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
)lua";

// KEYS: a claim ("c" and who has it, or "s" and what came of it). ARGV: 1 who claims it, 2 for how
// many ms. Answer: 1 if it has it, 2 if it is settled; what came of it.
const char* const claim_body = R"lua(
local before = redis.call('GET', KEYS[1])
if before and before ~= 'c' .. ARGV[1] then
  if string.sub(before, 1, 1) == 's' then return {2, string.sub(before, 2)} end
  return {0, ''}
end
redis.call('SET', KEYS[1], 'c' .. ARGV[1], 'PX', ARGV[2])
return {1, ''}
)lua";

// ARGV: and 3 what came of it; empty: nothing.
const char* const settle_body = R"lua(
local before = redis.call('GET', KEYS[1])
if before and before ~= 'c' .. ARGV[1] then return 0 end
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], 's' .. ARGV[3], 'PX', ARGV[2])
end
return 1
)lua";

} // namespace

const std::string& text_of(redis_script which) {
  static const auto texts = [] {
    std::array<std::string, redis_script_count> result;
    auto is = [&](redis_script what, const char* before, const char* body) {
      result[static_cast<std::size_t>(what)].append(before).append(body);
    };
    is(redis_script::publish, history_functions, publish_body);
    is(redis_script::history, history_functions, history_body);
    is(redis_script::enter, "", enter_body);
    is(redis_script::exit, "", exit_body);
    is(redis_script::people, "", people_body);
    is(redis_script::sweep, "", sweep_body);
    is(redis_script::beat, "", beat_body);
    is(redis_script::recall, "", recall_body);
    is(redis_script::remember, "", remember_body);
    is(redis_script::claim, "", claim_body);
    is(redis_script::settle, "", settle_body);
    return result;
  }();
  return texts.at(static_cast<std::size_t>(which));
}

} // namespace wspool
