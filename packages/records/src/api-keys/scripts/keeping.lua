-- Put before the scripts that write and remove keys, behind lasting/lasting.lua.
local function writeKey(tenant, id, fields)
  call('DEL', key('api-key', id))
  setAll(key('api-key', id), fields)
  call('ZADD', key('api-keys', tenant), 0, id)
end

-- Every process hears of it, forgets the key, and ends what is open in its name.
local function removeKey(tenant, id)
  call('DEL', key('api-key', id))
  call('ZREM', key('api-keys', tenant), id)
  call('PUBLISH', P .. ':revoked-keys', id)
end
