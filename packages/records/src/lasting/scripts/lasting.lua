-- Put before the scripts that change what lasts, or bring it back, after the prelude. A thing is
-- kind, tenant and name, with spaces between; each change gives it a higher version.

-- Milliseconds for which changes of a thing are gathered: an editor saves again and again.
local GATHERED = 2000

-- Says in the script that changes a thing that it is to be written to the store.
local function touch(kind, tenant, name)
  local thing = kind .. ' ' .. tenant .. ' ' .. name
  call('HINCRBY', P .. ':lasting-versions', thing, 1)
  call('ZADD', P .. ':lasting-due', 'NX', now() + GATHERED, thing)
end

-- What is named no more stays a day: until it is written, the thing in the store still names it.
local function letGo(object)
  call('ZADD', P .. ':claims', now(), object)
end

-- Whether the store's version takes the place of what Redis has. Not of what was changed in here
-- since all was read from the store: whoever writes that gives it a version above the store's.
local function overtakes(kind, tenant, name, version)
  local thing = kind .. ' ' .. tenant .. ' ' .. name
  local versions, due = P .. ':lasting-versions', P .. ':lasting-due'
  if tonumber(call('HGET', versions, thing) or '0') >= tonumber(version) then return false end
  if call('EXISTS', P .. ':lasting-known') == 1 and call('ZSCORE', due, thing) then return false end
  call('HSET', versions, thing, version)
  call('ZREM', due, thing)
  return true
end

-- One call takes no more arguments than a script's stack has room for.
local function setAll(hash, fields)
  local some = {}
  for field, value in pairs(fields) do
    some[#some + 1] = field
    some[#some + 1] = value
    if #some == 1000 then
      call('HSET', hash, unpack(some))
      some = {}
    end
  end
  if #some > 0 then call('HSET', hash, unpack(some)) end
end
