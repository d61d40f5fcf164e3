-- Put before the scripts that give dependency packages their revisions, or take them, after the
-- prelude. `json` ends where tenant and revision are to come; `same` is what equal ones are known by.
local function enlistRevision(tenant, name, revision, same, json)
  call('HSET', key('dependency', tenant .. ':' .. name),
    revision, json .. '"tenant":"' .. tenant .. '","revision":' .. revision .. '}',
    'same:' .. same, revision, 'of:' .. revision, same)
  call('ZADD', key('revisions', tenant .. ':' .. name), revision, revision)
  call('ZADD', key('dependencies', tenant), '0', name)
end

-- Equal bytes may have got another revision since.
local function dropRevision(hash, all, revision)
  local same = call('HGET', hash, 'of:' .. revision)
  if call('HGET', hash, 'same:' .. same) == revision then call('HDEL', hash, 'same:' .. same) end
  call('HDEL', hash, revision, 'of:' .. revision)
  call('ZREM', all, revision)
end

-- It is there as long as it has a revision.
local function listDependency(tenant, name)
  if call('EXISTS', key('revisions', tenant .. ':' .. name)) == 1 then
    call('ZADD', key('dependencies', tenant), '0', name)
  else
    call('ZREM', key('dependencies', tenant), name)
  end
end
