-- ARGV: prefix, id of the key, id of the request, requests in a minute, requests at once, ms that a
-- request counts for unless it is renewed. Answers nothing where it is let in, else why not, and
-- after how many seconds to come again.
local at = now()
local minute = math.floor(at / 60000)
local counted = key('requests', ARGV[2] .. ':' .. minute)
local count = call('INCR', counted)
if count == 1 then call('PEXPIRE', counted, 60000) end
if count > tonumber(ARGV[4]) then
  return { 'rate', math.ceil(((minute + 1) * 60000 - at) / 1000) }
end
local open = key('open-requests', ARGV[2])
call('ZREMRANGEBYSCORE', open, '-inf', at)
if call('ZCARD', open) >= tonumber(ARGV[5]) then return { 'open', 1 } end
call('ZADD', open, at + ARGV[6], ARGV[3])
call('PEXPIRE', open, ARGV[6])
return {}
