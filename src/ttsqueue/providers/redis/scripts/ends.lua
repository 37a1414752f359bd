-- Where both streams end.
local function last(stream)
  local entry = call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  return entry and entry[1] or '0-0'
end

return {'ok', last(OURS .. 'changes'), last(BULL .. 'events')}
