-- ARGV: prefix, id, attempt, state, at, result, failure or '', delay in ms, '1' when it need not be
-- running (the sweep ends it, or it is cancelled; then attempt '' is any), what its batch says of the
-- repository or '', '1' when the next push of its ref begins where it ended, where its commit is told
-- of what became no build or '', then function and standing of each, as tellUnbuilt takes them. Answers
-- 'ok', the tenant and what is to be told.
local expansion = loadExpansion(ARGV[2])
local attempt, state = tonumber(ARGV[3]), ARGV[4]
if not expansion or TERMINAL[expansion.state] then return { 'refused' } end
if attempt and expansion.attempt ~= attempt then return { 'refused' } end
if ARGV[9] ~= '1' and expansion.state ~= 'running' then return { 'refused' } end
if TERMINAL[state] then
  endExpansion(expansion, state, ARGV[5], ARGV[6], ARGV[7], ARGV[10])
  if ARGV[11] == '1' then reach(expansion) end
  for place = 13, #ARGV, 2 do
    local isWell = ARGV[place] == '' and state == 'succeeded'
    tellUnbuilt(expansion, ARGV[12], ARGV[place], ARGV[place + 1], isWell)
  end
  if state == 'cancelled' then call('PUBLISH', P .. ':cancels', expansion.id) end
else
  local record = key('expansion', expansion.id)
  call('HSET', record, 'state', state)
  call('HDEL', record, 'begun')
  call('ZADD', P .. ':unfinished', now() + tonumber(ARGV[8]) + GRACE, expansion.id)
end
return { 'ok', expansion.tenant, notices }
