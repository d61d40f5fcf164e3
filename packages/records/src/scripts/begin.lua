-- ARGV: prefix, id, worker, at, event up to the attempt's number, most attempts.
-- Counts the attempt first: a build that ends every worker is counted by those it ended.
local build = load(ARGV[2])
if not build or TERMINAL[build.state] then return { 'terminal' } end

local record = key('build', build.id)
local attempt = call('HINCRBY', record, 'attempt', 1)
if attempt > tonumber(ARGV[6]) then return { 'poisoned', attempt } end

call('HSET', record, 'worker', ARGV[3])
call('HSETNX', record, 'startedAt', ARGV[4])
call('HDEL', record, 'waitingFor', 'waitingSince')
local batch = move(build, 'running')
local event = ARGV[5] .. attempt .. '}'
local first = call('RPUSH', key('events', build.id), event)
publish(build, first, { event }, batch)
return { 'begun', attempt, call('HGETALL', record) }
