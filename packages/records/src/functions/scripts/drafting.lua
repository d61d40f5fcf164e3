-- Put before the scripts that change drafts, behind lasting/lasting.lua.

-- Entries of a draft, or an archive that is not opened, as JSON, that it holds no more.
local function letGoAll(tenant, texts)
  for _, text in ipairs(texts) do
    local sha256 = text and string.match(text, '"sha256":"([^"]+)"')
    local upload = text and string.match(text, '"upload":"([^"]+)"')
    if sha256 then letGo('drafts/' .. tenant .. '/' .. sha256) end
    if upload then letGo('uploads/' .. tenant .. '/' .. upload .. '.zip') end
  end
end
