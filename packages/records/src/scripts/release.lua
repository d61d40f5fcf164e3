-- ARGV: prefix, size of every tenant's window. Hands held builds on where there is room: a window
-- may have grown, and a tenant's builds may have ended while a script of ours was not asked.
call('SET', P .. ':window-size', ARGV[2])
local answer = {}
for _, tenant in ipairs(call('SMEMBERS', P .. ':holding')) do
  local released = {}
  release(tenant, released)
  if #released > 0 then
    answer[#answer + 1] = tenant
    answer[#answer + 1] = released
  end
end
return answer
