-- What BullMQ's stream tells last about jobs of which it keeps no record: where they went, and with which result or
-- reason. A worker may have ended them so. Of those whose names others use by now, it is what came before.
local AT_ONCE, MOST = 100, 100
local GOES = {added = 1, waiting = 1, delayed = 1, active = 1, completed = 1, failed = 1, removed = 1}

local function last_words(bulls, is_used_again)
  local said, unheard = {}, 0
  local gone = {}
  for _, bull in ipairs(bulls) do
    local is_gone = is_used_again[bull] or call('EXISTS', BULL .. bull) == 0
    if is_gone and not gone[bull] then gone[bull], unheard = true, unheard + 1 end
  end
  local before = '+'
  for _ = 1, MOST do
    local entries = call('XREVRANGE', BULL .. 'events', before, '-', 'COUNT', AT_ONCE)
    for _, entry in ipairs(entries) do
      local fields = {}
      for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
      local bull = fields.jobId
      if bull and is_used_again[bull] then
        is_used_again[bull] = fields.event ~= 'added' or nil
      elseif bull and gone[bull] and not said[bull] and GOES[fields.event] then
        said[bull] = {fields.event, fields.returnvalue or fields.failedReason}
        unheard = unheard - 1
      end
    end
    if unheard == 0 or #entries < AT_ONCE then break end
    before = '(' .. entries[#entries][1]
  end
  return said
end
