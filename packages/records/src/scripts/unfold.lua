-- ARGV: prefix, batch, staging, how many. Makes that many builds of a committed batch. Answers how
-- many are left, the tenant, then id, priority and queue of those that get a job now.
local batch, staged = ARGV[2], key('staged', ARGV[3])
local tenant = call('HGET', key('batch', batch), 'tenant')
-- The batch is gone where somebody removed keys by hand.
if not tenant then
  call('DEL', staged)
  call('SREM', P .. ':unfolding', batch .. ' ' .. ARGV[3])
  return { 0, '' }
end
local texts = call('LPOP', staged, ARGV[4]) or {}
local left = call('LLEN', staged)
if left == 0 then call('SREM', P .. ':unfolding', batch .. ' ' .. ARGV[3]) end

local line = lineOf(tenant)
local answer = { left, tenant }
local doubles = 0
for _, text in ipairs(texts) do
  local build = cjson.decode(text)
  local what, priority = writeBuild(line, batch, build, 1)
  if what == 'there' then doubles = doubles + 1 end
  if what == 'queued' then
    answer[#answer + 1] = build[1]
    answer[#answer + 1] = priority
    answer[#answer + 1] = build[2]
  end
end
countIn(batch, -doubles)
if line.waiting > 0 then call('SADD', P .. ':holding', tenant) end
return answer
