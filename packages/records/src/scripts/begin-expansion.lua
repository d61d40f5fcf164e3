-- ARGV: prefix, id, worker, at, most attempts, newest schema. As begin.lua; answers also up to where
-- the pushes of its ref were worked off.
local expansion = loadExpansion(ARGV[2])
if not expansion or TERMINAL[expansion.state] then return { 'terminal' } end
local record = key('expansion', expansion.id)
local schema = tonumber(string.match(call('HGET', record, 'view'), '"schema":(%d+)') or '1')
if schema > tonumber(ARGV[6]) then return { 'newer' } end

local attempt = expansion.attempt + 1
call('HSET', record, 'attempt', attempt)
if call('HINCRBY', record, 'begun', 1) > tonumber(ARGV[5]) then return { 'poisoned', attempt } end
call('HSETNX', record, 'startedAt', ARGV[4])
call('HSET', record, 'state', 'running', 'worker', ARGV[3])
call('HDEL', record, 'waitingFor')
return { 'begun', attempt, call('HGETALL', record), reachedOf(expansion) }
