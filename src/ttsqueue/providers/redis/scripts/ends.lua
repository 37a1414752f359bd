-- Where both streams end, and where they begin now that their oldest entries are cut away. A replica refuses it: who
-- listens there might never hear again.
call('DEL', NONE)

local function place(command, stream, from, to)
  local entry = call(command, stream, from, to, 'COUNT', 1)[1]
  return entry and entry[1] or '0-0'
end

local streams = {OURS .. 'changes', BULL .. 'events'}
local answer = {'ok'}
for _, stream in ipairs(streams) do answer[#answer + 1] = place('XREVRANGE', stream, '+', '-') end
for _, stream in ipairs(streams) do answer[#answer + 1] = place('XRANGE', stream, '-', '+') end
return answer
