-- ARGV: prefix, tenant, at, window or '', idempotency key or '', its answer, its seconds to live,
-- batch or '', batch labels, more fields of the batch as JSON or '', count, then the builds as
-- write-build.lua takes them. Last, the dependency packages of all: NAME@REVISION, with spaces
-- between.
-- Answers id and priority of those that get a job now.
local tenant = ARGV[2]
local batch = ARGV[8] ~= '' and ARGV[8] or nil
local count = tonumber(ARGV[11])

if ARGV[5] ~= '' then
  local earlier = call('GET', ARGV[5])
  if earlier then return { 'replayed', earlier } end
end
-- Before anything is written: from here on none of them can be deleted.
local gone = goneOf(tenant, ARGV[#ARGV])
if gone then return { 'gone', gone } end
if call('EXISTS', P .. ':condemned') == 1 then
  local place = 12
  for _ = 1, count do
    if call('SISMEMBER', P .. ':condemned', ARGV[place + 7]) == 1 then return { 'condemned' } end
    place = place + 13 + tonumber(ARGV[place + 12])
  end
end
if ARGV[5] ~= '' then call('SET', ARGV[5], ARGV[6], 'EX', ARGV[7]) end
if ARGV[4] ~= '' then call('SET', P .. ':window-size', ARGV[4]) end
if batch then openBatch(tenant, batch, ARGV[3], ARGV[9], ARGV[10]) end

local line = lineOf(tenant)
local answer = { 'accepted' }
local place, made = 12, 0
for _ = 1, count do
  local what, priority = writeBuild(line, batch, ARGV, place)
  if what ~= 'there' then made = made + 1 end
  if what == 'queued' then
    answer[#answer + 1] = ARGV[place]
    answer[#answer + 1] = priority
  end
  place = place + 13 + tonumber(ARGV[place + 12])
end
if batch then countIn(batch, made) end
if line.waiting > 0 then call('SADD', P .. ':holding', tenant) end
return answer
