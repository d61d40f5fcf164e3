-- ARGV: prefix, hook, what tells the delivery from others or '', seconds for which it is known, id,
-- its JSON, how many are kept, ref or '' where nothing is to be built, number of the push or '' for
-- the next one, expansionArguments. A delivery that was seen before changes nothing.
local hook, id, json = ARGV[2], ARGV[5], ARGV[6]
if call('EXISTS', key('hook', hook)) == 0 then return { 'gone' } end
if ARGV[3] ~= '' then
  local seen = key('hook-seen', hook .. ':' .. ARGV[3])
  local before = call('GET', seen)
  if before then return { 'seen', before } end
  call('SET', seen, id, 'EX', ARGV[4])
end
if ARGV[8] ~= '' then
  local number = ARGV[9] ~= '' and ARGV[9] or nextPush(hook, ARGV[8])
  acceptExpansion(10, number)
  json = string.sub(json, 1, -2) .. ',"number":' .. number .. '}'
end
local list, all = key('hook-deliveries', hook), key('hook-delivery', hook)
call('HSET', all, id, json)
call('LPUSH', list, id)
while call('LLEN', list) > tonumber(ARGV[7]) do call('HDEL', all, call('RPOP', list)) end
return { 'taken' }
