-- Put before the scripts that write and remove hooks, behind lasting/lasting.lua.
local function writeHook(tenant, id, fields)
  call('DEL', key('hook', id))
  setAll(key('hook', id), fields)
  call('ZADD', key('hooks', tenant), 0, id)
end

local function removeHook(tenant, id)
  call('DEL', key('hook', id), key('hook-deliveries', id), key('hook-delivery', id))
  call('ZREM', key('hooks', tenant), id)
end
